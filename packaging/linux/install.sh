#!/usr/bin/env bash
# Put Autosky Desktop into this person's menus, and have autosky:// links open it. No root needed.
#
# usage: packaging/linux/install.sh PROGRAM     dist/autosky-desktop/autosky-desktop, for example
#        packaging/linux/install.sh --remove
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$share/applications/autosky-desktop.desktop
icon=$share/icons/hicolor/128x128/apps/autosky-desktop.png

refresh() {
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$share/applications"
    fi
}

case ${1:-} in
--remove)
    rm -f "$entry" "$icon"
    refresh
    ;;
"" | -*)
    sed -n 's/^# usage/usage/p; s/^#        //p' "$0" >&2
    exit 2
    ;;
*)
    program=$(realpath -e "$1")
    # inside quotes, a desktop entry wants these escaped, and its backslashes once more
    quoted=$(printf '%s' "$program" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
    mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
    EXEC="Exec=\"$quoted\" %u" awk '/^Exec=/ { print ENVIRON["EXEC"]; next } 1' \
        "$here/autosky-desktop.desktop" >"$entry"
    cp "$here/../../resources/icons/autosky-desktop.png" "$icon"
    refresh
    ;;
esac
