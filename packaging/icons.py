"""Draw the icon of the programs in every size and format from its SVG.

usage: icons.py FOLDER
"""

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""As menus and panels of Linux look for them."""
OF_WINDOWS = (16, 20, 24, 32, 40, 48, 64, 256)
OF_MACOS = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic13": 256,
    b"ic09": 512,
    b"ic14": 512,
    b"ic10": 1024,
}
"""The kinds of pictures in an .icns, of which some are for screens with twice as many dots."""

SOURCE = Path(__file__).with_name("icon.svg")


def png(side: int) -> bytes:
    picture = QImage(side, side, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    written = QBuffer()
    written.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(written, "PNG")  # type: ignore[call-overload]
    return bytes(written.data().data())


def ico() -> bytes:
    """Return the icon of Windows: a list of its pictures, then the pictures."""
    pictures = [(side, png(side)) for side in OF_WINDOWS]
    begin = 6 + 16 * len(pictures)
    lines = b""
    for side, picture in pictures:
        told = side % 256  # a byte, in which 0 stands for 256
        lines += struct.pack("<BBBBHHII", told, told, 0, 0, 1, 32, len(picture), begin)
        begin += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + lines + b"".join(it for _, it in pictures)


def icns() -> bytes:
    """Return the icon of macOS: each picture after its kind and its length, eight bytes more."""
    pictures = {kind: png(side) for kind, side in OF_MACOS.items()}
    parts = [kind + struct.pack(">I", 8 + len(it)) + it for kind, it in pictures.items()]
    return b"icns" + struct.pack(">I", 8 + sum(map(len, parts))) + b"".join(parts)


def draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for side in SIZES:
        (folder / f"{side}.png").write_bytes(png(side))
    (folder / "icon.ico").write_bytes(ico())
    (folder / "icon.icns").write_bytes(icns())


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
