#!/usr/bin/env bash
# Install Autosky Desktop from this folder for the person who runs this, or take it away again. No
# root needed. What was installed before is replaced; data and settings are left alone.
#
# usage: ./install.sh              program, menu entry, icons, manuals; autosky:// links open it
#        ./install.sh --remove     all of that goes; ~/.local/lib/autosky-desktop/install.sh does it too
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
id=io.autosky.desktop
share=${XDG_DATA_HOME:-$HOME/.local/share}
lib=$HOME/.local/lib/autosky-desktop
bin=$HOME/.local/bin
entry=$share/applications/$id.desktop
autostart=${XDG_CONFIG_HOME:-$HOME/.config}/autostart/autosky-desktop.desktop

refresh() {
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$share/applications"
    fi
}

# The names of programs, and below `share` of files, that belong to an installed folder.
programs() { find "$1/program" -maxdepth 1 -type f -printf '%f\n'; }
files() { (cd "$1/share" && find . -type f); }

remove() {
    [ -d "$lib" ] || return 0
    local name
    for name in $(programs "$lib"); do
        [ "$(readlink "$bin/$name")" != "$lib/program/$name" ] || rm "$bin/$name"
    done
    for name in $(files "$lib"); do rm -f "$share/$name"; done
    rm -rf "$lib"
}

place() {
    local new=$lib.new name quoted
    rm -rf "$new"
    mkdir -p "$new" "$bin"
    cp -R "$here/program" "$here/share" "$here/install.sh" "$new"
    remove
    mv "$new" "$lib"
    for name in $(programs "$lib"); do ln -sf "$lib/program/$name" "$bin/$name"; done
    for name in $(files "$lib"); do
        mkdir -p "$(dirname "$share/$name")"
        cp "$lib/share/$name" "$share/$name"
    done
    # inside quotes, a desktop entry wants these escaped, and its backslashes once more
    quoted=$(printf '%s' "$lib/program/autosky-desktop" |
        sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
    # xdg-open, where there is no desktop, knows no quotes: none where none are needed
    case $lib in *[!A-Za-z0-9/._-]*) quoted=\"$quoted\" ;; esac
    EXEC="Exec=$quoted %u" awk '
        /^Exec=/ { print ENVIRON["EXEC"]; next }
        !/^TryExec=/' "$lib/share/applications/$id.desktop" >"$entry"
}

case ${1:-} in
"")
    place
    refresh
    echo "Autosky Desktop is in your menu, and $bin/autosky-desktop starts it."
    case ":$PATH:" in
    *":$bin:"*) ;;
    *) echo "$bin is not in your PATH: sign in again, or add it, to call it by its name." ;;
    esac
    ;;
--remove)
    remove
    # it would start what is gone
    if grep -qsxF "TryExec=$lib/program/autosky-desktop" "$autostart"; then rm "$autostart"; fi
    refresh
    echo "Autosky Desktop is removed. Your data is still in $share/autosky-desktop."
    ;;
*)
    sed -n 's/^# usage/usage/p; s/^#        //p' "$0" >&2
    exit 2
    ;;
esac
