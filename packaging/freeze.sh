#!/usr/bin/env bash
# Freeze the application into dist/autosky-desktop and prove that it works on its own: started with
# an empty environment, an empty home and no screen, it reaches the demo's servers and quits; and it
# gives ssh the password it asks for.
#
# usage: packaging/freeze.sh FOLDER     a virtual environment made with the lock `package`
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/system.sh package

"$1/bin/pyinstaller" --log-level ERROR --noconfirm --distpath dist --workpath build/freeze \
    packaging/autosky_desktop.spec
echo "dist/autosky-desktop: $(du --summarize --human-readable dist/autosky-desktop | cut -f1)"

home=$(mktemp --directory)
trap 'rm -rf "$home"' EXIT
started=$(date +%s%N)
env -i HOME="$home" QT_QPA_PLATFORM=offscreen dist/autosky-desktop/autosky-desktop --smoke
echo "Frozen, from its start to its end: $((($(date +%s%N) - started) / 1000000)) ms"
"$1/bin/python" packaging/prove_askpass.py dist/autosky-desktop/autosky
echo "Frozen, it gives ssh the password it asks for"
