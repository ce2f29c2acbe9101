"""The scrolling of a list, or of the page that a widget stands on, and what it is seen through."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView


AROUND = 16


class StaysInPlace:
    """A list that does not scroll when its current row goes, unless that row was in sight."""

    def rowsAboutToBeRemoved(
        self, parent: QModelIndex | QPersistentModelIndex, first: int, last: int
    ) -> None:
        view = cast("QAbstractItemView", self)
        here = view.visualRect(view.currentIndex())
        view.setAutoScroll(view.viewport().rect().intersects(here))
        super().rowsAboutToBeRemoved(parent, first, last)  # type: ignore[misc]
        view.setAutoScroll(True)


def scroll_to_top(within: QWidget) -> None:
    """Show the beginning of the page."""
    if area := _area_around(within):
        area.ensureVisible(0, 0)


def scroll_into_view(widget: QWidget, part: QRect | None = None) -> None:
    """Show all of the widget, or that part of it, once what has just changed is laid out."""
    QTimer.singleShot(0, widget, lambda: _show(widget, part or widget.rect()))


def _show(widget: QWidget, part: QRect) -> None:
    area = _area_around(widget)
    if area and (page := area.widget()):
        middle = widget.mapTo(page, part.center())
        area.ensureVisible(middle.x(), middle.y(), 0, part.height() // 2 + AROUND)


def _area_around(widget: QWidget) -> QScrollArea | None:
    around = widget.parent()
    while around and not isinstance(around, QScrollArea):
        around = around.parent()
    return around if isinstance(around, QScrollArea) else None


def give_viewport(view: QAbstractScrollArea) -> QWidget:
    """Give a view the same viewport that Qt would have made, and return it.

    For one of Qt's, PySide6 looks for its class among all of Qt's widgets, and makes fifty enums:
    9 ms, before the first picture.
    """
    viewport = QWidget()
    viewport.setObjectName("qt_scrollarea_viewport")
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    view.setViewport(viewport)
    return viewport
