"""A number between two limits, typed or stepped through."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QSpinBox, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.painting import painting

FIELD_HEIGHT = 32
"""The height of a field, the same as that of a line of text."""
_ICON, _RIGHT = 14, 10


class Number(QSpinBox):
    """The field for a number. One out of range may be typed: it becomes the nearest limit, which
    `limited` tells.
    """

    limited = Signal(int)

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(TextStyle.BODY))
        self.setRange(low, high)
        self.setFixedHeight(scaled(FIELD_HEIGHT))
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)

    def name(self, name: str) -> None:
        """Name the field for people who listen, and the line in it that is typed into."""
        for widget in (self, self.lineEdit()):
            widget.setAccessibleName(name)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        typed = self._typed(text)
        if typed is not None and not self.minimum() <= typed <= self.maximum():
            return QValidator.State.Intermediate, text, place
        return super().validate(text, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place_line(self, self.lineEdit())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        place_line(self, self.lineEdit())

    def fixup(self, text: str) -> str:
        """Replace what was typed by the nearest limit: typing has ended out of range."""
        typed = self._typed(text)
        nearest = self.minimum() if typed is None or typed < self.minimum() else self.maximum()
        self.limited.emit(nearest)
        return f"{self.prefix()}{nearest}{self.suffix()}"

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self)

    def _typed(self, text: str) -> int | None:
        digits = text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()
        return int(digits) if digits.isdecimal() else None


def place_line(field: QWidget, line: QWidget) -> None:
    """Place the text where that of other fields is; the style knows no padding of such a field."""
    line.setGeometry(field.rect().adjusted(8, 2, -30, -2))


def paint_arrows(field: QWidget) -> None:
    """Paint the arrows up and down, at the right of what can be stepped through."""
    side = scaled(_ICON)
    corner = QPoint(field.width() - side - _RIGHT, (field.height() - side) // 2)
    tone = theme.color("text2" if field.isEnabled() else "disabled")
    paint_icon(QPainter(field), "steps", QRect(corner, QSize(side, side)), tone)
