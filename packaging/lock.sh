#!/usr/bin/env bash
# Pin what pyproject.toml asks for, with hashes, in packaging/requirements/ (`make lock`).
#
# The locks name no index host and no folder of this machine: each computer installs from its own.
# uv's and pip's settings here are left out of it for the same reason.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || command -v .venv/bin/uv) || {
    echo "make lock needs uv (pip install uv)." >&2
    exit 1
}

pin() {
    local lock=packaging/requirements/$1.txt
    shift
    env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS -u PIP_CONSTRAINT \
        -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
        "$uv" pip compile pyproject.toml --quiet --no-config --upgrade \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command "make lock" \
        --output-file "$lock" "$@"
    echo "$lock: $(grep -c '==' "$lock") packages"
}

# The widest first: the others take their versions from it, so that one folder can hold them all.
pin dev --group build --group package --group dev
pin libvirt --group build --extra libvirt --constraint packaging/requirements/dev.txt
pin run --group build --constraint packaging/requirements/dev.txt
pin package --group build --group package --constraint packaging/requirements/dev.txt
