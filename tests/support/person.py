"""Somebody at the window: reads what it shows, presses what it offers, waits for what comes.

Everything is found by the accessible name that assistive technology would say. Nothing here
waits for time: `sees` looks again and again until the thing is there, or says what is instead.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QTabBar,
    QWidget,
)

T = TypeVar("T")
LEFT = Qt.MouseButton.LeftButton
SPOKEN = Qt.ItemDataRole.AccessibleTextRole
LOOK_AGAIN = 0.02


class NotSeen(AssertionError):
    """An awaited thing never came."""


class Person:
    """A person at the window; `patience` is how many seconds anything may take."""

    def __init__(self, patience: float = 30.0) -> None:
        self.patience = patience

    async def until(self, there: Callable[[], T], what: str, patience: float = 0) -> T:
        """Look until `there` gives something true, and return it."""
        end = time.monotonic() + (patience or self.patience)
        while True:
            if found := there():
                return found
            if time.monotonic() > end:
                shown = "\n  ".join(sorted(set(texts())))
                raise NotSeen(f"never seen: {what}\nshown is:\n  {shown}")
            await asyncio.sleep(LOOK_AGAIN)

    async def sees(self, *any_of: str, patience: float = 0) -> str:
        """Wait until something visible says one of these, in its name or its words."""
        return await self.until(
            lambda: next((it for it in texts() if any(text in it for text in any_of)), ""),
            " or ".join(any_of),
            patience,
        )

    async def no_longer_sees(self, text: str) -> None:
        await self.until(lambda: not any(text in it for it in texts()), f"no {text}")

    async def presses(self, name: str) -> None:
        """Press a button that is there and not grey."""
        button = await self.until(lambda: button_named(name), f"button {name}")
        QTest.mouseClick(button, LEFT)
        await asyncio.sleep(0)

    async def types(self, name: str, text: str) -> None:
        field = await self.until(
            lambda: next((it for it in visible(QLineEdit) if it.accessibleName() == name), None),
            f"field {name}",
        )
        field.clear()
        QTest.keyClicks(field, text)

    async def opens_tab(self, name: str) -> None:
        bar, index = await self.until(
            lambda: next(
                ((bar, i) for bar in visible(QTabBar) for i in range(bar.count())
                 if bar.tabText(i) == name), None,
            ),
            f"tab {name}",
        )  # fmt: skip
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(index).center())

    async def chooses(self, text: str) -> None:
        """Press a line of the open menu."""
        menu, action = await self.until(lambda: menu_line(text), f"menu line {text}")
        assert action.isEnabled(), f"{text} is grey: {action.statusTip()}"
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
        await asyncio.sleep(0)

    async def clicks_cell(self, spoken: str, at: float = 0.5) -> None:
        """Press the table cell or list row that says `spoken`, at that part of its width."""
        view, index = await self.until(lambda: cell(spoken), f"cell {spoken}")
        view.scrollTo(index)
        rect = view.visualRect(index)
        place = QPoint(rect.left() + round(rect.width() * at), rect.center().y())
        QTest.mouseClick(view.viewport(), LEFT, pos=place)
        await asyncio.sleep(0)

    async def closes_menu(self) -> None:
        if menu := QApplication.activePopupWidget():
            menu.close()
        await asyncio.sleep(0)

    def offers(self, name: str) -> bool:
        """Return whether there is such a button, and it can be pressed."""
        return button_named(name) is not None

    def key(
        self, keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        window = QApplication.activeModalWidget() or QApplication.activeWindow()
        assert window is not None
        QTest.keyClick(window.focusWidget() or window, keys, modifier)


W = TypeVar("W", bound=QWidget)


def visible(kind: type[W]) -> Iterator[W]:
    """Yield every widget of a kind that can be seen, the top window's first."""
    modal = QApplication.activeModalWidget()
    tops = [it for it in QApplication.topLevelWidgets() if it.isVisible() and not _is_astray(it)]
    for top in sorted(tops, key=lambda it: it is not modal):
        for widget in (top, *top.findChildren(QWidget)):
            if isinstance(widget, kind) and widget.isVisible():
                yield widget


def _is_astray(top: QWidget) -> bool:
    """Return whether no layout has taken it: then it is a window of its own, astray."""
    is_part = isinstance(top, QFrame | QAbstractButton | QLineEdit)
    is_part = is_part and not isinstance(top, QAbstractScrollArea)
    return is_part and top.windowType() is Qt.WindowType.Window


def said(widget: QWidget) -> str:
    """Return what assistive technology says: the accessible name, else the text."""
    text = getattr(widget, "text", lambda: "")
    return widget.accessibleName() or str(text())


def texts() -> Iterator[str]:
    """Yield everything that can be read or heard at the moment."""
    for widget in visible(QWidget):
        if name := widget.accessibleName():
            yield name
        if isinstance(widget, QLabel | QAbstractButton) and widget.text():
            yield widget.text()
        if isinstance(widget, QAbstractItemView):
            yield from (text for _index, text in cells(widget))


def button_named(name: str) -> QAbstractButton | None:
    """Return the button of that name that can be pressed now."""
    for button in visible(QAbstractButton):
        if said(button).replace("&", "") == name and button.isEnabled():
            return button
    return None


def menu_line(text: str) -> "tuple[QMenu, QAction] | None":
    for menu in visible(QMenu):
        for action in menu.actions():
            if action.text().split("\t")[0].replace("&", "") == text:
                return menu, action
    return None


def cells(view: QAbstractItemView) -> "Iterator[tuple[QModelIndex, str]]":
    model = view.model()
    for row in range(model.rowCount()):
        for column in range(1 if isinstance(view, QListView) else model.columnCount()):
            index = model.index(row, column)
            yield index, str(index.data(SPOKEN) or index.data() or "")


def cell(spoken: str) -> "tuple[QAbstractItemView, QModelIndex] | None":
    for view in visible(QAbstractItemView):
        for index, text in cells(view):
            if text == spoken or text.startswith(f"{spoken},"):
                return view, index
    return None
