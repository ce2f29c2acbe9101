#!/usr/bin/env bash
# Make a disk image of a bundle for macOS, signed and notarised where there are keys.
#
# usage: packaging/macos/image.sh BUNDLE TARGET
#
# CODESIGN_IDENTITY is a "Developer ID Application" of the keychain: PyInstaller has signed what is in
# the bundle with it, and it signs the image. NOTARY_PROFILE is what `xcrun notarytool
# store-credentials` has kept.
set -euo pipefail
bundle=$1 target=$2
version=$(/usr/libexec/PlistBuddy -c "Print CFBundleShortVersionString" "$bundle/Contents/Info.plist")
image=$target/autosky-desktop-$version-macos-$(uname -m).dmg
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT

codesign --verify --deep --strict "$bundle"
cp -R "$bundle" "$staged"
ln -s /Applications "$staged/Applications"
hdiutil create -quiet -volname "Autosky Desktop" -srcfolder "$staged" -format ULFO -ov "$image"
if [ -n "${CODESIGN_IDENTITY:-}" ]; then
    codesign --sign "$CODESIGN_IDENTITY" --timestamp "$image"
fi
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
