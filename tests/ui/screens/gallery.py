"""Every screen in every look, for a person to look at: `make gallery` draws them into
build/gallery, prints what is wrong with them, and ends with 1 when anything is.

A sheet holds the screens of one group in one look. With words as arguments, only the screens that
have one of them in their name are drawn, each as large as it is.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from qasync import QEventLoop

from autosky_desktop.ui.application import Application
from autosky_desktop.ui.theme import theme
from tests.support import gallery, looking
from tests.support.person import NotSeen
from tests.support.screens import ALIKE, SCREENS

FOLDER = Path("build/gallery")
ACROSS, WIDTH, HEAD, GAP = 3, 640, 22, 8
SCREEN = '{"screens": [{"name": "x", "x": 0, "y": 0, "width": 3840, "height": 2160, "dpr": 1}]}'


@dataclass(frozen=True)
class Look:
    """A size of the window and of the letters, on a screen that is so dense, in these colours."""

    size: QSize
    text_size: float = 1.0
    dense: int = 1
    colours: tuple[str, ...] = ("light", "dark", "high contrast")
    all_alike: bool = False

    def __str__(self) -> str:
        size = f"{self.size.width()}x{self.size.height()}"
        return f"{size}-text-{self.text_size:g}" + (f"-{self.dense}x" if self.dense > 1 else "")


LOOKS = [
    Look(gallery.SMALLEST), Look(gallery.DESIGNED), Look(gallery.LARGE),
    Look(gallery.DESIGNED, 1.5), Look(gallery.DESIGNED, 2.0), Look(gallery.DESIGNED, dense=2),
    Look(gallery.SMALLEST, 1.5, colours=("light",)),
    Look(gallery.SMALLEST, 2.0, colours=("light",), all_alike=True),
]  # fmt: skip


class Sheet:
    """Pictures side by side, each under the name of its screen."""

    def __init__(self, names: list[str], size: QSize) -> None:
        self._names = names
        self._high = WIDTH * size.height() // size.width()
        rows = -(-len(names) // ACROSS)
        room = QSize(ACROSS * (WIDTH + GAP), rows * (self._high + HEAD + GAP))
        self.image = QImage(room, QImage.Format.Format_RGB888)
        self.image.fill(QColor(Qt.GlobalColor.gray))

    def put(self, name: str, picture: QPixmap) -> None:
        row, column = divmod(self._names.index(name), ACROSS)
        left, top = column * (WIDTH + GAP), row * (self._high + HEAD + GAP)
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawText(left + 4, top + HEAD - 6, name)
        painter.drawPixmap(QRect(left, top + HEAD, WIDTH, self._high), picture)
        painter.end()


async def draw(look: Look, wanted: list[str]) -> None:
    """All screens in it: their pictures into the folder, what is wrong with them to the output."""
    names = [it for it in SCREENS if it not in ALIKE or look.all_alike]
    if wanted:
        names = [it for it in SCREENS if any(word in it for word in wanted)]
    for group, those in groupby(sorted(names, key=group_of), group_of):
        every = list(those)
        sheets = {word: Sheet(every, look.size) for word in look.colours}
        for name in every:
            try:
                async for word, picture in pictures(look, name):
                    sheets[word].put(name, picture)
                    if wanted:
                        picture.save(str(FOLDER / f"{file_of(name)}-{look}-{file_of(word)}.png"))
            except NotSeen as cause:
                print(f"{look}: {name}: could not be opened, {str(cause).splitlines()[0]}")
        for word, sheet in sheets.items():
            if not wanted:
                sheet.image.save(str(FOLDER / f"{file_of(group)}-{look}-{file_of(word)}.png"))


async def pictures(look: Look, name: str) -> AsyncIterator[tuple[str, QPixmap]]:
    """Of one screen, in each of the colours."""
    async with gallery.shown(name, look.size, look.text_size) as window:
        found = list(gallery.misplaced(window, look.text_size))
        for word in look.colours:
            theme.current().wear(gallery.THEMES[word])
            looking.settle()
            found += [f"{word}: {it}" for it in gallery.pale(window)]
            yield word, gallery.drawn(window)
        if look == Look(gallery.DESIGNED):
            found += gallery.unusable(window)
    for fault in found:
        print(f"{look}: {name}: {fault}")


def group_of(name: str) -> str:
    return name.split(":")[0]


def file_of(name: str) -> str:
    return name.replace(": ", "-").replace(", ", "-").replace(" ", "-")


def work(number: int, wanted: list[str]) -> None:
    """One look, in a process of its own."""
    application = Application([sys.argv[0], *theme.ARGUMENTS])
    theme.install(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(draw(LOOKS[number], wanted))
    sys.stdout.flush()
    os._exit(0)  # what Qt's own windows have left behind is not worth waiting for


def faults(number: int, wanted: list[str]) -> list[str]:
    """Of one look, drawn by another process."""
    screen = FOLDER / "screen.json"
    environment = {
        **os.environ, "TZ": "UTC", "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
        "QT_SCALE_FACTOR": str(LOOKS[number].dense),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.ui.screens.gallery", f"--look={number}", *wanted]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"{LOOKS[number]}: was not drawn: {done.stderr[-2000:]}"]
    return done.stdout.splitlines()


def main(wanted: list[str]) -> Iterator[str]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    (FOLDER / "screen.json").write_text(SCREEN)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        for found in workers.map(faults, range(len(LOOKS)), [wanted] * len(LOOKS)):
            yield from found


if __name__ == "__main__":
    numbers = [it for it in sys.argv[1:] if it.startswith("--look=")]
    words = [it for it in sys.argv[1:] if it not in numbers]
    if numbers:
        work(int(numbers[0].partition("=")[2]), words)
    every = list(main(words))
    print(*every, sep="\n")
    print(f"{len(every)} faults on {len(SCREENS)} screens in {len(LOOKS)} looks: {FOLDER}")
    sys.exit(bool(every))
