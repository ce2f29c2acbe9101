"""A combo box with the chevron of the other icons."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QWidget

from autosky_desktop.ui.icons import paint_icon
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled

_ICON, _RIGHT = 14, 10


class Select(QComboBox):
    """One of a few; `small` is 28 high, as the buttons of a card's head are."""

    def __init__(self, parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("small", small)
        self.setFont(font(TextStyle.SMALL_MEDIUM if small else TextStyle.BODY))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_chevron(self)


def paint_chevron(field: QWidget) -> None:
    """At the right of something that opens below itself."""
    side = scaled(_ICON)
    corner = QPoint(field.width() - side - _RIGHT, (field.height() - side) // 2)
    tone = theme.color("text2" if field.isEnabled() else "disabled")
    paint_icon(QPainter(field), "chevron-down", QRect(corner, QSize(side, side)), tone)
