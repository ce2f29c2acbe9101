"""A screen at a size, with letters of a size: as it is drawn, and what is wrong with it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import clients
from autosky_desktop.system.connect.clients import Client
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import DARK, LIGHT, high_contrast
from tests.support import looking, scroll_bars
from tests.support.connect_window import connectable
from tests.support.focus_marks import marks
from tests.support.person import Person
from tests.support.screens import SCREENS

SMALLEST, DESIGNED, LARGE = QSize(1024, 640), QSize(1280, 820), QSize(1920, 1080)
THEMES = {
    "light": LIGHT, "dark": DARK, "high contrast": high_contrast(LIGHT),
    "dark high contrast": high_contrast(DARK),
}  # fmt: skip


@asynccontextmanager
async def shown(name: str, size: QSize, text_size: float = 1.0) -> AsyncIterator[MainWindow]:
    """Yield the window on that screen. What moves by itself stands still."""
    worn = theme.current()
    worn.use_text_size(text_size)
    worn.reduce_motion(True)
    QApplication.setCursorFlashTime(0)
    try:
        with the_same_computer():
            async with connectable(width=size.width(), height=size.height()) as it:
                me, window = Person(20), it.evening.desktop.window
                await SCREENS[name](it, me)
                top = looking.top_window(window)
                await me.until(lambda: not _asks(), "an answer to all that is looked into")
                await me.no_longer_sees("Looking")
                for seen in dict.fromkeys((window, top)):  # what is behind a dialog is seen too
                    await me.until(looking.stands_still(seen), "all of it painted, where it stays")
                top.activateWindow()
                await me.until(lambda: top.isActiveWindow() or _pops_up(top), "it in front")
                yield window
                while popup := QApplication.activePopupWidget():
                    popup.close()
            window.deleteLater()  # each that is left is dressed anew with every change of colours
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    finally:
        worn.reduce_motion(False)
        worn.use_text_size(None)
        worn.wear(LIGHT)


@contextmanager
def the_same_computer() -> Iterator[None]:
    """Have the settings offer the same clients, whatever is installed here."""
    before = clients.found
    clients.found = lambda protocol: [
        Client(id="a", name="FreeRDP" if protocol is Protocol.RDP else "xterm",
               path=Path("/usr/bin/a"), protocol=protocol)
    ]  # fmt: skip
    try:
        yield
    finally:
        clients.found = before


def misplaced(window: QWidget, text_size: float) -> Iterator[str]:
    """Yield what is cut or covered in front; with room enough, nothing usual is elided either."""
    widgets = looking.shown_in(looking.top_window(window))
    roomy = text_size == 1.0 and window.width() >= DESIGNED.width()
    yield from looking.cut(widgets, may_elide=not roomy)
    yield from looking.covered(widgets)
    yield from scroll_bars.under_a_bar(widgets)


def unusable(window: QWidget) -> Iterator[str]:
    """Yield what is nameless, out of reach or marked twice: no size and no colour changes that."""
    top = looking.top_window(window)
    widgets = looking.shown_in(top)
    yield from looking.nameless(widgets)
    stops = looking.tab_stops(top)
    yield from looking.out_of_reach(stops, widgets)
    if not _pops_up(top):  # whose list has the keyboard for itself
        yield from marks(top, stops)


def pale(window: QWidget) -> Iterator[str]:
    """Yield what hardly stands out from what is behind it, in the colours that are worn."""
    top = looking.top_window(window)
    yield from looking.pale(top, looking.shown_in(top))


def drawn(window: QWidget) -> QPixmap:
    """Return a picture of the window, and of what stands over it, where it stands."""
    picture, corner = window.grab(), window.mapToGlobal(QPoint())
    over = [it for it in QApplication.topLevelWidgets() if it.isVisible() and it is not window]
    over.sort(key=lambda it: (not isinstance(it, QDialog), _depth(it)))
    painter = QPainter(picture)
    for top in over:
        painter.drawPixmap(top.mapToGlobal(QPoint()) - corner, top.grab())
    painter.end()
    return picture


def _asks() -> bool:
    """Return whether it is still asked what a publication would touch."""
    return any(it.get_name() == "preview" for it in asyncio.all_tasks())


def _pops_up(top: QWidget) -> bool:
    return top is QApplication.activePopupWidget()


def _depth(top: QWidget) -> int:
    """Return how many windows it stands over: what stands over another window is its child."""
    parent = top.parentWidget()
    return 1 + _depth(parent.window()) if parent else 0
