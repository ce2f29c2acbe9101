"""The small Linux guest, built once on this computer and kept."""

import fcntl
import hashlib
import os
import platform
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PEOPLE = ("maintenance", "anna", "boris")
"""Who can sign in, all with the one key."""


def missing() -> str:
    """Return why no guest can run here; empty on Linux with apt, where all of it is installed."""
    if sys.platform != "linux":
        return "libvirt with QEMU is for Linux"
    if platform.machine() != "x86_64":
        return "the guest is for x86-64"
    installed = shutil.which("libvirtd", path=_path()) and shutil.which("qemu-img")
    if not installed and not shutil.which("apt-get"):
        return "no libvirt or QEMU here, and no apt to install them by"
    return ""


def built_guest() -> Path:
    """Return the folder with the guest's disk, kernel, initrd and key; build it if it has to be."""
    kept = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".cache" / "autosky-desktop-tests"
    kept.mkdir(parents=True, exist_ok=True)
    folder = kept / f"guest-{_of_inputs()}"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for older in kept.glob("guest-*"):
                shutil.rmtree(older)
            coming = kept / "guest-coming"
            coming.mkdir()
            subprocess.run([HERE / "build.sh", coming], check=True)
            coming.rename(folder)
    return folder


def _of_inputs() -> str:
    """Return a name of all that the guest is made of: our files by content, others by date."""
    ours = [HERE / "build.sh", *sorted(path for path in (HERE / "system").rglob("*"))]
    programs = [Path(shutil.which(name, path=_path()) or name) for name in _PROGRAMS]
    made_of = hashlib.sha256()
    for path in (path for path in ours if path.is_file()):
        made_of.update(path.read_bytes())
    for path in [*programs, *sorted(Path("/boot").glob("vmlinuz-*-cloud-amd64"))]:
        made_of.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return made_of.hexdigest()[:12]


_PROGRAMS = ("busybox", "dropbear", "qemu-ga")


def _path() -> str:
    """Return where programs are looked for: where root's are, too."""
    return f"{os.environ['PATH']}:/usr/sbin:/sbin"
