"""Pictures of every screen, for a person to look at: `make gallery` draws them into build/gallery.

One sheet for each size, theme and text size; the screens stand on it in the same places.
"""

import asyncio
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import DARK, LIGHT, high_contrast
from tests.support import looking
from tests.support.connect_window import connectable
from tests.support.person import Person
from tests.support.screens import SCREENS

FOLDER = Path("build/gallery")
SIZES = [QSize(1024, 640), QSize(1280, 820), QSize(1920, 1080)]
THEMES = {"light": LIGHT, "dark": DARK, "high-contrast": high_contrast(LIGHT)}
TEXT_SIZES = [1.0, 1.5, 2.0]
ACROSS, WIDTH, HEAD, GAP = 4, 640, 22, 8


class Sheet:
    """Pictures side by side, each under the name of its screen."""

    def __init__(self, name: str, size: QSize) -> None:
        self.name = name
        self._high = WIDTH * size.height() // size.width()
        rows = -(-len(SCREENS) // ACROSS)
        room = QSize(ACROSS * (WIDTH + GAP), rows * (self._high + HEAD + GAP))
        self._image = QImage(room, QImage.Format.Format_RGB888)
        self._image.fill(QColor(Qt.GlobalColor.gray))

    def put(self, number: int, title: str, picture: QPixmap) -> None:
        row, column = divmod(number, ACROSS)
        left, top = column * (WIDTH + GAP), row * (self._high + HEAD + GAP)
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawText(left + 4, top + HEAD - 6, title)
        painter.drawPixmap(QRect(left, top + HEAD, WIDTH, self._high), picture)
        painter.end()

    def keep(self) -> None:
        self._image.save(str(FOLDER / f"{self.name}.png"))


def drawn(window: QWidget) -> QPixmap:
    """The window, and what stands over it in its middle."""
    picture, top = window.grab(), looking.top_window(window)
    if top is not window:
        painter = QPainter(picture)
        place = QPoint(window.width() - top.width(), window.height() - top.height()) / 2
        painter.drawPixmap(place, top.grab())
        painter.end()
    return picture


def looks(text_size: float) -> list[tuple[str, QSize]]:
    """All of them with letters as designed; with larger ones the designed window in light."""
    if text_size > 1.0:
        return [("light", SIZES[1])]
    return [(word, size) for word in THEMES for size in SIZES]


async def draw(text_size: float) -> None:
    theme.current().use_text_size(text_size)
    sheets = {
        (word, size.width()): Sheet(f"{word}-{size.width()}-text-{text_size:g}", size)
        for word, size in looks(text_size)
    }
    for number, name in enumerate(SCREENS):
        async with connectable() as it:
            me, window = Person(20), it.evening.desktop.window
            await SCREENS[name](it, me)
            await me.until(lambda: looking.is_painted(window), "all of it painted")  # noqa: B023
            for word, size in looks(text_size):
                theme.current().wear(THEMES[word])
                window.resize(size)
                looking.settle()
                sheets[word, size.width()].put(number, name, drawn(window))
            theme.current().wear(LIGHT)
    for sheet in sheets.values():
        sheet.keep()


async def main() -> None:
    for text_size in TEXT_SIZES:
        await draw(text_size)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    application = QApplication([sys.argv[0], *theme.ARGUMENTS])
    theme.install(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(main())
