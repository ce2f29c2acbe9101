#!/usr/bin/env bash
# Build a Linux guest of about 12 MB from what this computer has installed, into an empty folder.
#
# usage: tests/support/guests/build.sh FOLDER
#
# It is busybox, an SSH server (dropbear) and the QEMU guest agent. FOLDER gets disk.qcow2, the kernel
# and initrd that boot it, and `key`, with which the three people in it sign in.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")" && pwd)
people=(maintenance anna boris)
cd "$1"

# In the order in which they need each other; virtio is modules in this kernel.
for_the_disk=(virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk)
for_the_rest=(failover net_failover virtio_net virtio_console)

kernel=$(printf '%s\n' /boot/vmlinuz-*-cloud-amd64 | sort -V | tail -1)
modules=/lib/modules/${kernel#/boot/vmlinuz-}

copy_modules() {
    local to=$1 name
    shift
    mkdir -p "$to"
    for name; do
        find "$modules" -name "$name.ko*" -exec cp {} "$to/" \;
        case $(echo "$to/$name".ko.*) in
        *.xz) xz -d "$to/$name.ko.xz" ;;
        *.zst) zstd -dq --rm "$to/$name.ko.zst" ;;
        esac
    done
}

# The programs, and the libraries that they are linked to.
copy_programs() {
    local to=$1 file
    shift
    for file in "$@" $(ldd "$@" | grep -o '/[^ )]*[^ ):]'); do
        install -D "$(readlink -f "$file")" "$to$file"
    done
}

make_initrd() {
    mkdir -p start/bin start/{dev,proc,sys,root}
    cp "$(command -v busybox)" start/bin/
    ln -s busybox start/bin/sh
    copy_modules start/modules "${for_the_disk[@]}"
    {
        echo '#!/bin/sh'
        printf '/bin/busybox insmod /modules/%s.ko\n' "${for_the_disk[@]}"
        echo '/bin/busybox mount -t devtmpfs dev /dev'
        echo 'until /bin/busybox mount -t ext4 /dev/vda /root; do /bin/busybox usleep 50000; done'
        echo 'exec /bin/busybox switch_root /root /sbin/init'
    } >start/init
    chmod +x start/init
    (cd start && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >initrd
}

make_disk() {
    local name number=1000
    cp -r "$here/system" system
    mkdir -p system/{bin,sbin,dev,proc,sys,run,tmp,root,home} system/etc/dropbear
    "$(command -v busybox)" --list-full | sed 's|^usr/||' | while read -r name; do
        ln -sf /bin/busybox "system/$name" 2>/dev/null || true
    done
    cp --remove-destination "$(command -v busybox)" system/bin/busybox
    cp -r --remove-destination "$here/system/." system/
    copy_programs system "$(command -v dropbear)" "$(command -v qemu-ga)"
    copy_modules system/modules "${for_the_rest[@]}"
    printf 'insmod /modules/%s.ko\n' "${for_the_rest[@]}" >system/etc/modules.sh
    dropbearkey -t ed25519 -f system/etc/dropbear/dropbear_ed25519_host_key >/dev/null 2>&1
    ssh-keygen -q -t ed25519 -N "" -C guest -f key
    for name in "${people[@]}"; do
        echo "$name:*:$number:$number::/home/$name:/bin/session" >>system/etc/passwd
        echo "$name:x:$number:" >>system/etc/group
        install -D -m 600 key.pub "system/home/$name/.ssh/authorized_keys"
        number=$((number + 1))
    done
    truncate -s 64M disk.raw
    mkfs.ext4 -q -d system -E root_owner=0:0 disk.raw
    qemu-img convert -O qcow2 disk.raw disk.qcow2
}

cp "$kernel" kernel
make_initrd
make_disk
rm -r start system disk.raw
