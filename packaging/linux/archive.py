"""Make an archive of the frozen folder that a person installs without root.

usage: archive.py FROZEN TARGET      dist/autosky-desktop, and the folder to put the archive into
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import product
from linux.share import put_share

HERE = Path(__file__).parent


def make(frozen: Path, target: Path) -> Path:
    """Make the archive and return its file."""
    name = f"{product.PROGRAM}-{product.VERSION}-linux-{platform.machine()}"
    tree = product.ROOT / "build/archive" / name
    shutil.rmtree(tree.parent, ignore_errors=True)
    shutil.copytree(frozen, tree / "program", symlinks=True)
    put_share(tree / "share")
    shutil.copy(HERE / "install.sh", tree)
    shutil.copy(product.ROOT / "LICENSE", tree)
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{name}.tar.zst"
    level = "-3" if os.environ.get("AUTOSKY_PACKAGE_QUICKLY") else "-19"
    ordered = ["--sort=name", f"--mtime=@{product.moment()}", "--owner=0", "--group=0"]
    packed = ["--numeric-owner", f"--use-compress-program=zstd -q -T0 {level}"]
    subprocess.run(
        ["tar", *ordered, *packed, "-C", str(tree.parent), "-cf", str(file), name], check=True
    )
    return file


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
