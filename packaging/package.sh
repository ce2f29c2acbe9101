#!/usr/bin/env bash
# Make everything that is handed out, in dist/: the frozen folder, a Debian package, an archive for
# other systems of Linux, wheel and sdist, and the sums of all of them.
#
# What is frozen is walked for anything dead, and proved to work on its own: started with an empty
# environment, an empty home and no screen, it reaches the demo's servers and quits; and it gives ssh
# the password it asks for. `make prove` tries the packages.
#
# usage: packaging/package.sh FOLDER     a virtual environment made with the lock `package`
set -euo pipefail
cd "$(dirname "$0")/.."
packaging/system.sh package
python=$1/bin/python
frozen=dist/autosky-desktop

rm -rf dist
"$1/bin/pyinstaller" --log-level ERROR --noconfirm --distpath dist --workpath build/freeze \
    packaging/autosky_desktop.spec
"$python" packaging/frozen.py "$frozen"

home=$(mktemp --directory)
trap 'rm -rf "$home"' EXIT
started=$(date +%s%N)
env -i HOME="$home" QT_QPA_PLATFORM=offscreen "$frozen/autosky-desktop" --smoke
echo "Frozen, from its start to its end: $((($(date +%s%N) - started) / 1000000)) ms"
"$python" packaging/prove_askpass.py "$frozen/autosky"
echo "Frozen, it gives ssh the password it asks for"

"$python" packaging/linux/deb.py "$frozen" dist
"$python" packaging/linux/archive.py "$frozen" dist
"$python" -m hatchling build --directory dist --target wheel --target sdist >/dev/null 2>&1
(cd dist && sha256sum -- *.deb *.tar.* *.whl >SHA256SUMS)
ls -l --human-readable dist
