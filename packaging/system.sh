#!/usr/bin/env bash
# Install the parts of the operating system that pip cannot bring, when they are missing.
#
# usage: packaging/system.sh venv          what `python3 -m venv` needs
#        packaging/system.sh qt FOLDER     the libraries that the Qt in FOLDER links to
#        packaging/system.sh screen        a virtual screen, where there is no real one
#        packaging/system.sh bench         a window manager and tools to look at windows
#        packaging/system.sh rigs          the same, and the desktop's real parts for the tests
#        packaging/system.sh libvirt       what libvirt-python is built with, for the Python in $PYTHON
#        packaging/system.sh machines      libvirt, an emulator, and what small guests are made of
#        packaging/system.sh package       what makes packages, and what looks at them
#        packaging/system.sh prove         what a bare Debian is made of, to install packages there
#
# On Debian and Ubuntu apt installs them (with sudo when not root); elsewhere a sentence says which.
set -euo pipefail

offscreen=(libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3)
x11=(libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0)

stop() {
    echo "$*" >&2
    exit 1
}

install() {
    local what=$1
    shift
    local by_hand="Missing on this computer: $what. Install it and try again"
    command -v apt-get >/dev/null || stop "$by_hand (on Debian: $*)."
    by_hand="$by_hand: apt-get install $*"
    local root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || stop "$by_hand (as root: there is no sudo here)."
        root=(sudo)
    fi
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    echo "Installing $what: $*"
    "${apt[@]}" install --no-install-recommends "$@" >/dev/null 2>&1 ||
        { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@" >/dev/null; } ||
        stop "$by_hand"
}

# Notifications, a panel with a tray, and assistive technology, which speaks the system's python3.
rigs=(dbus-daemon dbus-bin dunst xfce4-panel xdotool at-spi2-core python3-pyatspi gir1.2-atspi-2.0)
sessions=(openssh-server openssh-client xterm xfonts-base)
secrets=(gnome-keyring libsecret-tools keepassxc libkf5wallet-bin libqca-qt5-2-plugins xclip)
remote=(freerdp2-x11 freerdp2-shadow-x11 xrdp xorgxrdp xterm openssl)
databases=(postgresql)
build=(gcc pkg-config libvirt-dev)
machines=(libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 qemu-utils)
package=(binutils desktop-file-utils appstream lintian man-db nsis squashfs-tools zstd)
guests=(linux-image-cloud-amd64 busybox-static dropbear-bin qemu-guest-agent cpio)

have() {
    local command
    for command; do command -v "$command" >/dev/null || return 1; done
}

# Asks the linker rather than the package manager: the answer holds on every distribution.
qt_is_complete() {
    local qt links
    [ "$(uname)" = Linux ] || return 0
    qt=$(echo "$1"/lib/python3*/site-packages/PySide6/Qt)
    links=$(ldd "$qt"/lib/libQt6Widgets.so.6 "$qt"/plugins/platforms/libq{xcb,offscreen}.so)
    [[ $links != *"not found"* ]]
}

has_headers_of_python() {
    "$PYTHON" -c "import os, sysconfig as s; os.stat(s.get_path('include') + '/Python.h')" 2>/dev/null
}

speaks_to_windows() { /usr/bin/python3 -c "import pyatspi" 2>/dev/null; }

case $1 in
venv) install "Python's venv module" python3-venv ;;
qt) qt_is_complete "$2" || install "libraries of Qt" "${offscreen[@]}" "${x11[@]}" ;;
screen) have Xvfb xauth || install "a virtual screen" xvfb xauth ;;
bench) have Xvfb openbox xprop || install "a virtual screen with windows" xvfb openbox x11-utils ;;
rigs)
    "$0" bench
    have dbus-daemon dbus-send dunst xfce4-panel xdotool && speaks_to_windows ||
        install "the parts of a desktop that the tests use" "${rigs[@]}"
    have gnome-keyring-daemon secret-tool keepassxc kwalletd5 xclip ||
        install "the keychains and the clipboard that the tests use" "${secrets[@]}"
    have xfreerdp freerdp-shadow-cli xrdp xterm openssl ||
        install "remote desktops that the tests connect to" "${remote[@]}"
    have ssh ssh-keyscan xterm && [ -x /usr/sbin/sshd ] ||
        install "an SSH server and a terminal that the tests use" "${sessions[@]}"
    have pg_ctl || compgen -G "/usr/lib/postgresql/*/bin/pg_ctl" >/dev/null ||
        install "a database server that the tests use" "${databases[@]}"
    "$0" machines
    "$0" package
    ;;
libvirt)
    have gcc pkg-config && pkg-config --exists libvirt ||
        install "what libvirt-python is built with" "${build[@]}"
    has_headers_of_python || install "the headers of Python" python3-dev
    ;;
machines)
    PATH=$PATH:/usr/sbin # where nobody but root looks
    have libvirtd qemu-system-x86_64 qemu-img busybox dropbear qemu-ga cpio &&
        ls /boot/vmlinuz-*-cloud-amd64 >/dev/null 2>&1 ||
        install "an emulator and what small guests are made of" "${machines[@]}" "${guests[@]}"
    ;;
package)
    have objdump strip desktop-file-validate appstreamcli lintian man makensis mksquashfs zstd ||
        install "tools that make packages" "${package[@]}"
    ;;
prove)
    "$0" rigs
    PATH=$PATH:/usr/sbin
    have debootstrap || install "what makes a bare Debian" debootstrap
    ;;
esac
