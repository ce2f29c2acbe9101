"""The places of everything on a screen, as lines of text that can be kept and compared.

The letters are a little wider or narrower on another computer, so that a place may differ by a few
pixels; what was moved, cut, lost or added differs by more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTabBar, QTableView, QWidget

from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.icons import IconLabel
from tests.support.looking import INPUTS, shown_in, words

TOLERANCE, OF_WIDTH = 4, 0.03
"""Pixels, and the share of a width: so much wider may letters be that are hinted in another way."""


Rect = tuple[int, int, int, int]
WIDE = 2
"""Where the width stands in it."""


@dataclass(frozen=True)
class Place:
    what: str
    rect: Rect

    def __str__(self) -> str:
        return f"{' '.join(map(str, self.rect))} {self.what}"

    @classmethod
    def parse(cls, line: str) -> "Place":
        x, y, wide, high, what = line.split(" ", 4)
        return cls(what, (int(x), int(y), int(wide), int(high)))


def places(top: QWidget) -> list[Place]:
    """Return the places of all that shows, from left to right and top to bottom as it was made."""
    found = [Place(type(top).__name__, top.rect().getRect())]
    parts = _lines(top) if isinstance(top, QMenu) else _parts(top)
    return [*found, *(Place(what, rect.getRect()) for what, rect in parts)]


def _parts(top: QWidget) -> Iterator[tuple[str, QRect]]:
    for widget in shown_in(top):
        corner = widget.mapTo(top, QPoint())
        rect = QRect(corner, widget.size())
        if isinstance(widget.parentWidget(), INPUTS):
            continue
        if isinstance(widget, QTabBar):
            for tab in range(widget.count()):
                yield f"tab {widget.tabText(tab)}", widget.tabRect(tab).translated(corner)
        elif isinstance(widget, QAbstractItemView):
            corner = widget.viewport().mapTo(top, QPoint())
            yield f"{type(widget).__name__} {widget.accessibleName()}", rect
            for what, cell in _cells(widget):
                yield what, cell.translated(corner)
        elif text := words(widget):
            yield f"{type(widget).__name__} {_on_one_line(text)}", rect
        elif isinstance(widget, (IconLabel, Card, *INPUTS)):
            yield f"{type(widget).__name__} {widget.accessibleName()}", rect


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, QRect]]:
    """Yield the cells that show."""
    model, room = view.model(), view.viewport().rect()
    columns = model.columnCount() if isinstance(view, QTableView) else 1
    for row in range(model.rowCount()):
        for column in range(columns):
            index = model.index(row, column)
            rect = view.visualRect(index)
            if rect.intersects(room):
                spoken = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data()
                yield f"cell {_on_one_line(str(spoken or ''))}", rect


def _lines(menu: QMenu) -> Iterator[tuple[str, QRect]]:
    for action in menu.actions():
        if action.isVisible():
            text = "---" if action.isSeparator() else action.text().replace("\t", " ")
            yield f"line {text}", menu.actionGeometry(action)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def differences(kept: list[Place], now: list[Place]) -> Iterator[str]:
    """Yield what is on one screen and not on the other, and what stands elsewhere."""
    before, after = [it.what for it in kept], [it.what for it in now]
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            for old, new in zip(kept[a:b], now[c:d], strict=True):
                if _is_elsewhere(old.rect, new.rect):
                    yield f"{new.what}: stood at {old.rect} and stands at {new.rect}"
            continue
        yield from (f"{it.what}: is gone from {it.rect}" for it in kept[a:b])
        yield from (f"{it.what}: is new at {it.rect}" for it in now[c:d])


def _is_elsewhere(old: Rect, new: Rect) -> bool:
    off = [abs(before - after) for before, after in zip(old, new, strict=True)]
    off[WIDE] = round(off[WIDE] - old[WIDE] * OF_WIDTH)
    return max(off) > TOLERANCE
