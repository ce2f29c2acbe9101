"""Carrying what a person typed, chose and scrolled to from a widget to another one made anew in its
place, which has the same parts in another language.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QItemSelectionModel, QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QWidget,
)

Place = tuple[tuple[str, int], ...]
"""The way to a part from the whole: at each turn its class, and how many of that come before."""


@runtime_checkable
class HasSubject(Protocol):
    """A part that is about something, which what stands in its fields does not tell."""

    def be_about(self, before: Any) -> None: ...


TURNS = 4
"""What is chosen makes parts of its own, which are filled in the next turn."""


def carry(old: QWidget, new: QWidget) -> None:
    """Fill the parts of `new` as those of `old` are. It is done as a person would: whoever listens
    to a part hears of it.
    """
    before = dict(_parts(old))
    done: set[Place] = set()
    for _turn in range(TURNS):
        for place, part in list(_parts(new)):
            if place in before and place not in done:
                done.add(place)
                _fill(before[place], part)
    _scroll(before, dict(_parts(new)))
    focused = old.window().focusWidget()
    for place, part in _parts(new):
        if before.get(place) is focused and focused is not None:
            part.setFocus()


def _parts(whole: QWidget, place: Place = ()) -> Iterator[tuple[Place, QWidget]]:
    """Find all parts, what is in a field of Qt's own left out."""
    count = Counter[str]()
    for child in whole.children():
        if isinstance(child, QWidget) and not child.isWindow():
            kind = type(child).__name__
            here = (*place, (kind, count[kind]))
            count[kind] += 1
            yield here, child
            if not isinstance(child, QAbstractSpinBox | QComboBox):
                yield from _parts(child, here)


def _fill(old: QWidget, new: QWidget) -> None:
    if isinstance(new, HasSubject):
        new.be_about(old)
    match old, new:
        case QLineEdit(), QLineEdit() if old.text() != new.text():
            new.setText(old.text())
            new.setCursorPosition(old.cursorPosition())
            new.textEdited.emit(old.text())
        case QPlainTextEdit(), QPlainTextEdit() if old.toPlainText() != new.toPlainText():
            new.setPlainText(old.toPlainText())
            cursor = new.textCursor()
            cursor.setPosition(old.textCursor().position())
            new.setTextCursor(cursor)
        case QSpinBox(), QSpinBox() if old.value() != new.value():
            new.setValue(old.value())
        case QDateTimeEdit(), QDateTimeEdit() if old.dateTime() != new.dateTime():
            new.setDateTime(old.dateTime())
        case QComboBox(), QComboBox() if old.currentIndex() != new.currentIndex():
            new.setCurrentIndex(old.currentIndex())
            new.activated.emit(new.currentIndex())
        case QTabBar(), QTabBar() if old.currentIndex() != new.currentIndex():
            new.setCurrentIndex(old.currentIndex())
        case QAbstractButton(), QAbstractButton() if old.isChecked() != new.isChecked():
            new.click()
        case QAbstractItemView(), QAbstractItemView():
            _select(old, new)


def _select(old: QAbstractItemView, new: QAbstractItemView) -> None:
    if not (old.selectionModel() and new.selectionModel()):
        return
    model, flags = new.model(), QItemSelectionModel.SelectionFlag
    for row in {it.row() for it in old.selectionModel().selectedIndexes()}:
        if row < model.rowCount():
            new.selectionModel().select(model.index(row, 0), flags.Select | flags.Rows)
    at = old.currentIndex()
    if at.isValid() and at.row() < model.rowCount():
        new.selectionModel().setCurrentIndex(model.index(at.row(), at.column()), flags.NoUpdate)


def _scroll(before: dict[Place, QWidget], after: dict[Place, QWidget]) -> None:
    for place, old in before.items():
        new = after.get(place)
        if isinstance(old, QAbstractScrollArea) and isinstance(new, QAbstractScrollArea):
            at = QPoint(old.horizontalScrollBar().value(), old.verticalScrollBar().value())
            new.horizontalScrollBar().setValue(at.x())
            new.verticalScrollBar().setValue(at.y())
