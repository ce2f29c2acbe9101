#!/usr/bin/env bash
# Make a virtual environment that holds exactly what a lock pins, and this project in it.
#
# usage: packaging/setup.sh LOCK FOLDER      LOCK: run, dev or package; FOLDER: .venv
#
# Touches FOLDER/ready-LOCK when done, so that make skips it until a lock changes.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1 folder=$2

stop() {
    echo "$*" >&2
    exit 1
}

check_interpreter() {
    command -v python3 >/dev/null || stop "Autosky Desktop needs Python 3.11, 3.12 or 3.13: install python3."
    python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
        stop "Autosky Desktop needs Python 3.11, 3.12 or 3.13, and python3 here is" \
            "$(python3 -c 'import platform; print(platform.python_version())')."
}

make_environment() {
    [ -x "$folder/bin/python" ] && [ -x "$folder/bin/pip" ] && return
    python3 -c 'import ensurepip' 2>/dev/null || packaging/system.sh venv
    echo "Making $folder with $(python3 --version)"
    python3 -m venv --clear "$folder"
}

install_locked() {
    echo "Installing what packaging/requirements/$lock.txt pins"
    local pip=("$folder/bin/python" -m pip --disable-pip-version-check install -qq)
    "${pip[@]}" --no-deps --require-hashes --requirement "packaging/requirements/$lock.txt"
    # Its build backend is pinned in the same lock: nothing else is fetched.
    "${pip[@]}" --no-deps --no-build-isolation --editable .
    "$folder/bin/python" -m compileall -q autosky_desktop
}

# There is no wheel of it: it is built here, against the libvirt of this computer. Where that cannot
# be installed, all but libvirt works, and its tests say so.
build_libvirt() {
    [ "$(uname)" = Linux ] || return 0
    PYTHON=$folder/bin/python packaging/system.sh libvirt || {
        command -v apt-get >/dev/null && exit 1
        return 0
    }
    "$folder/bin/python" -m pip --disable-pip-version-check install -qq --no-deps \
        --no-build-isolation --require-hashes --requirement packaging/requirements/libvirt.txt
}

check_interpreter
make_environment
install_locked
[ "$lock" != dev ] || build_libvirt
packaging/system.sh qt "$folder"
touch "$folder/ready-$lock"
