"""Make a Debian package of the frozen folder with dpkg-deb alone.

usage: deb.py FROZEN TARGET      dist/autosky-desktop, and the folder to put the package into
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import product
from linux.share import programs, put_share
from pruning import file_name, needs_of_elf

HERE = Path(__file__).parent
LIB = Path("usr/lib") / product.PROGRAM

PACKAGES = {
    r"(libc|libm|libdl|libpthread|librt|libutil|ld-linux\S*)\.so\.\d+": "libc6",
    r"libEGL\.so\.1": "libegl1",
    r"libGL\.so\.1": "libgl1",
    r"libxcb\.so\.1": "libxcb1",
    r"libwayland-client\.so\.0": "libwayland-client0",
    r"libwayland-cursor\.so\.0": "libwayland-cursor0",
    r"libwayland-egl\.so\.1": "libwayland-egl1",
}
"""The packages of Debian and Ubuntu with the libraries that are not in the folder."""

RECOMMENDED = (
    "desktop-file-utils",  # without it no autosky:// link is opened
    "hicolor-icon-theme",
    "xdg-utils",
    "openssh-client",
    "freerdp3-x11 | freerdp2-x11 | remmina",
    "ca-certificates",
)
SUGGESTED = ("gnome-keyring | keepassxc | kwalletmanager", "xterm")

CONTROL = """\
Package: {program}
Version: {version}
Architecture: {architecture}
Maintainer: {publisher} <packages@autosky.invalid>
Section: net
Priority: optional
Installed-Size: {kibibytes}
Depends: {depends}
Recommends: {recommends}
Suggests: {suggests}
Description: administrator's window onto Skyone Autosky environments
 Autosky Desktop shows the state of the servers of scaling environments live,
 says what a button will do and to whom before it is pressed, and follows the
 publication of a new version through its six steps.
 .
 It brings its own Python and Qt, whose libraries lie beside the program and
 may be replaced.
"""

CHANGES = """\
{program} ({version}) unstable; urgency=medium

  * CHANGELOG.md beside this file tells what has changed.

 -- {publisher} <packages@autosky.invalid>  """

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: {name}
Comment: The licences of everything that this package brings along are in
 /{licences}
 with a list of it in README.txt. Qt is used under the LGPL, version 3; how to
 put another Qt in its place is said in Qt.txt there.

Files: *
Copyright: 2026 {publisher}
License: Apache-2.0
 On Debian systems, the text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0

Files: {lib}/_internal/PySide6/* {lib}/_internal/shiboken6/*
Copyright: 2026 The Qt Company Ltd. and other contributors
License: LGPL-3
 On Debian systems, the text of the GNU Lesser General Public License,
 version 3, is in /usr/share/common-licenses/LGPL-3

Files: {lib}/_internal/autosky_desktop/resources/fonts/*
Copyright: 2016 The Inter Project Authors
License: OFL-1.1
 The text of the SIL Open Font License, version 1.1, is in Inter.txt of the
 folder named above.
"""


def make(frozen: Path, target: Path, version: str) -> Path:
    """Make the package and return its file."""
    tree = product.ROOT / "build/deb" / version
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(frozen, tree / LIB, symlinks=True)
    _give_modes(tree / LIB)
    bin_ = tree / "usr/bin"
    bin_.mkdir(parents=True)
    for name in programs(frozen):
        (bin_ / name).symlink_to(os.path.relpath(tree / LIB / name, bin_))
    put_share(tree / "usr/share")
    _document(tree / "usr/share", version)
    architecture = _said("dpkg", "--print-architecture")
    control = _control(tree, version, architecture)
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(control)
    (tree / "DEBIAN/md5sums").write_text(_sums(tree))
    file = target / f"{product.PROGRAM}_{version}_{architecture}.deb"
    target.mkdir(parents=True, exist_ok=True)
    quick = os.environ.get("AUTOSKY_PACKAGE_QUICKLY")  # for one that is only tried
    squeezed = ["-Zgzip", "-z1"] if quick else ["-Zxz", "-z9"]
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", *squeezed, "--build", str(tree), str(file)],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(product.moment())},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return file


def _give_modes(folder: Path) -> None:
    """Let everybody read everything, and run the programs alone: libraries need no such right."""
    run = {folder / name for name in programs(folder)}
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in run else 0o644)


def _document(share: Path, version: str) -> None:
    folder = share / "doc" / product.PROGRAM
    folder.mkdir(parents=True)
    licences = LIB / "_internal/autosky_desktop/resources/licences"
    text = COPYRIGHT.format(
        name=product.NAME, publisher=product.PUBLISHER, licences=licences, lib=LIB
    )
    (folder / "copyright").write_text(text)
    told = CHANGES.format(program=product.PROGRAM, version=version, publisher=product.PUBLISHER)
    told += f"{format_datetime(datetime.fromtimestamp(product.moment(), UTC))}\n"
    (folder / "changelog.gz").write_bytes(gzip.compress(told.encode(), mtime=0))
    shutil.copy(product.ROOT / "CHANGELOG.md", folder)
    overrides = share / "lintian/overrides"
    overrides.mkdir(parents=True)
    shutil.copy(HERE / "lintian-overrides", overrides / product.PROGRAM)
    for path in share.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _control(tree: Path, version: str, architecture: str) -> str:
    files = [it for it in (tree / "usr").rglob("*") if it.is_file() and not it.is_symlink()]
    return CONTROL.format(
        program=product.PROGRAM,
        version=version,
        architecture=architecture,
        publisher=product.PUBLISHER,
        kibibytes=sum(-(-it.stat().st_size // 1024) for it in files),
        depends=", ".join(depends(tree / LIB)),
        recommends=", ".join(RECOMMENDED),
        suggests=", ".join(SUGGESTED),
    )


def depends(folder: Path) -> list[str]:
    """Return the packages with the libraries that the programs need and the folder has not."""
    files = [it for it in folder.rglob("*") if it.is_file() and _is_elf(it)]
    have = {file_name(str(it)) for it in folder.rglob("*")}
    wanted = set().union(*needs_of_elf(map(str, files)).values()) - have
    packages = {_package(library) for library in wanted}
    return sorted(packages - {"libc6"} | {f"libc6 (>= {_newest_glibc(files)})"})


def _package(library: str) -> str:
    for pattern, package in PACKAGES.items():
        if re.fullmatch(pattern, library):
            return package
    raise SystemExit(
        f"{library} is needed, not in the folder, and of no package that is known here."
    )


def _newest_glibc(files: list[Path]) -> str:
    said = subprocess.run(
        ["objdump", "--private-headers", *map(str, files)], capture_output=True, text=True
    ).stdout
    versions = set(re.findall(r"\bGLIBC_(\d+(?:\.\d+)+)", said))
    return max(versions, key=lambda it: [int(part) for part in it.split(".")])


def _is_elf(file: Path) -> bool:
    with file.open("rb") as begin:
        return begin.read(4) == b"\x7fELF"


def _sums(tree: Path) -> str:
    files = sorted(it for it in (tree / "usr").rglob("*") if it.is_file() and not it.is_symlink())
    lines = []
    for file in files:
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "md5").hexdigest()
        lines.append(f"{digest}  {file.relative_to(tree)}\n")
    return "".join(lines)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), Path(sys.argv[2]), product.VERSION)
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
