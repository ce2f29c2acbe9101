"""The look at what a scroll bar is painted over."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from tests.support.looking import INPUTS, name_of, words

CONTROLS = (*INPUTS, QAbstractButton, QAbstractItemView, QTabBar)


def under_a_bar(widgets: list[QWidget]) -> Iterator[str]:
    """Yield words and controls that a bar covers: it may lie over nothing but a page's margin."""
    for bar in (it for it in widgets if isinstance(it, QScrollBar)):
        area = bar.parentWidget().parentWidget()
        if not isinstance(area, QScrollArea):
            continue
        room = area.viewport()
        beneath = QRect(bar.mapTo(area, QPoint()), bar.size()).translated(-room.pos())
        for widget in widgets:
            if room.isAncestorOf(widget) and (words(widget) or isinstance(widget, CONTROLS)):
                seen = QRect(widget.mapTo(room, QPoint()), widget.size()) & room.rect()
                if seen.intersects(beneath):
                    yield f"{name_of(widget)} lies under the scroll bar"
