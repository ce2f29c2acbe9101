"""Make an AppImage of the frozen folder: a runtime, and behind it all files in one.

usage: appimage.py FROZEN TARGET RUNTIME      RUNTIME: the official one, whose sum was checked
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import icons
import product
from linux.share import put_share


def make(frozen: Path, target: Path, runtime: Path) -> Path:
    """Make the AppImage and return its file."""
    tree = product.ROOT / "build/appimage"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(frozen, tree / "usr/lib" / product.PROGRAM, symlinks=True)
    put_share(tree / "usr/share")
    (tree / "AppRun").symlink_to(f"usr/lib/{product.PROGRAM}/{product.PROGRAM}")
    entry = f"{product.ID}.desktop"
    (tree / entry).symlink_to(f"usr/share/applications/{entry}")
    (tree / f"{product.ID}.png").write_bytes(icons.png(256))
    (tree / ".DirIcon").symlink_to(f"{product.ID}.png")
    packed = product.ROOT / "build/appimage.squashfs"
    packed.unlink(missing_ok=True)
    command = ["mksquashfs", str(tree), str(packed), "-comp", "zstd", "-root-owned", "-noappend"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(product.moment())}
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{product.PROGRAM}-{product.VERSION}-{platform.machine()}.AppImage"
    file.write_bytes(runtime.read_bytes() + packed.read_bytes())
    file.chmod(0o755)
    return file


if __name__ == "__main__":
    made = make(*map(Path, sys.argv[1:4]))
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
