#!/usr/bin/env bash
# Run a command on a virtual screen of its own, large enough for the whole window.
#
# usage: packaging/on-screen.sh COMMAND...
set -euo pipefail
"$(dirname "$0")/system.sh" screen
exec env -u WAYLAND_DISPLAY QT_QPA_PLATFORM=xcb \
    xvfb-run --auto-servernum --server-args "-screen 0 1600x1000x24 -nolisten tcp" "$@"
