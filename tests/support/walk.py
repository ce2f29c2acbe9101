"""The walk through every command of a menu or a button, and which of them the palette finds."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QMenu,
    QPushButton,
    QTableView,
    QToolButton,
)

from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.palette.palette import Palette, PaletteEntry, found
from autosky_desktop.ui.sidebar.environment_view import EnvironmentView
from tests.support.keys import press
from tests.support.person import SPOKEN, Person, said, visible

Key = Qt.Key

EXCEPTIONS = {
    "Command palette": "it is open when it could be chosen",
    "Compare with (another|version .*)": "it is about two rows that are selected together",
    "Critical update|New version|Maintenance": "it fills in a field of the form",
}
"""What the palette need not find, and why."""


@dataclass(frozen=True)
class Command:
    """A command as it is written, and what it is `of` where its menu belongs to something."""

    text: str
    of: str = ""

    @property
    def wanted(self) -> str:
        """Return what somebody types to find it."""
        return f"{self.text} {self.of}".strip()

    @property
    def excepted(self) -> bool:
        return any(re.fullmatch(pattern, self.text) for pattern in EXCEPTIONS)

    def is_found(self, entries: list[PaletteEntry]) -> bool:
        """Return whether it is found: by what it is of as well, unless the palette has its name."""
        alike = any(it.text.removesuffix("…") == self.text for it in entries)
        return alike or bool(found(entries, self.wanted))


async def looked_up(me: Person) -> dict[Command, bool]:
    """Return what the window shows now, and whether the palette finds it; nothing while a question
    is over the window, which is answered first.
    """
    if QApplication.activeModalWidget():
        return {}
    every = [Command(said(it)) for it in buttons()]
    entries = await palette(me)
    seen = {it: it.is_found(entries) for it in every}
    below = [line async for menu, of in menus(me) for line in lines(menu, of)]
    entries = await palette(me)
    return {**seen, **{it: it.is_found(entries) for it in below}}


async def palette(me: Person) -> list[PaletteEntry]:
    """Return what the palette offers now."""
    await press(Key.Key_K, held=Qt.KeyboardModifier.ControlModifier)
    shown = await me.until(lambda: next(visible(Palette), None), "the palette")
    model = shown.list.model()
    entries = [
        model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())
    ]
    await me.until(shown.field.hasFocus, "the keyboard in its field")
    QTest.keyClick(shown.field, Key.Key_Escape)
    await me.until(lambda: next(visible(Palette), None) is None, "no palette")
    return entries


def buttons() -> Iterator[QAbstractButton]:
    window = next(visible(MainWindow))
    for it in visible(QAbstractButton):
        if it.window() is window and isinstance(it, QPushButton | QToolButton) and said(it):
            yield it


async def menus(me: Person) -> AsyncIterator[tuple[QMenu, str]]:
    """Yield the menus, each opened as by a person, and closed again."""
    for button in list(buttons()):
        if isinstance(button, QPushButton) and button.menu() and button.isEnabled():
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            async for menu in opened(me):
                yield menu, owner(said(button))
    for view in list(visible(QAbstractItemView)):
        if not isinstance(view, QTableView | EnvironmentView):
            continue
        model = view.model()
        for row in range(model.rowCount()):
            column = model.columnCount() - 1 if isinstance(view, QTableView) else 0
            last = model.index(row, column)
            spoken = str(last.data(SPOKEN) or "")
            if isinstance(view, QTableView) and not spoken.startswith("Actions for "):
                continue
            view.setCurrentIndex(last)
            QTest.keyClick(view, Key.Key_Menu)
            of = spoken.split(",")[0] if isinstance(view, EnvironmentView) else owner(spoken)
            async for menu in opened(me):
                yield menu, of


async def opened(me: Person) -> AsyncIterator[QMenu]:
    """Yield the menu that opens, and those within it."""
    menu = await me.until(QApplication.activePopupWidget, "a menu")
    assert isinstance(menu, QMenu)
    yield menu
    for line in menu.actions():
        if (below := line.menu()) and line.isVisible():
            assert isinstance(below, QMenu)
            below.aboutToShow.emit()
            yield below
    menu.close()
    await me.until(lambda: QApplication.activePopupWidget() is None, "no menu")


def owner(spoken: str) -> str:
    """Return DB-01 of “Actions for DB-01”; nothing of a menu of the whole window."""
    mark = "Actions for "
    return spoken.removeprefix(mark) if spoken.startswith(mark) else ""


def lines(menu: QMenu, of: str) -> Iterator[Command]:
    for line in menu.actions():
        if not line.isSeparator() and line.isVisible() and not line.menu():
            text = line.text().split("\t")[0].replace("&", "").removesuffix("…")
            yield Command(text, of)
