"""A few clock times in a row, one of which may be chosen."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import clock

HEIGHT, RADIUS = 28, 6


class Chip(QRadioButton):
    """Shows a clock time that can be chosen by a press anywhere on it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(font(TextStyle.SMALL_MEDIUM))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width + scaled(20), scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, chosen = QPainter(self), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._border())
        fill = "accent_soft" if chosen else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.color(fill))
        inset = painter.pen().widthF() / 2
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.setPen(theme.color("accent_text" if chosen else "text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _border(self) -> QPen:
        if self.hasFocus():
            return QPen(theme.color("text" if self.isChecked() else "focus"), 2)
        return QPen(theme.color("accent"), 2) if self.isChecked() else QPen(theme.color("control"))


class Chips(QWidget):
    """Offers a few moments, one of which may be chosen; `chosen` carries it."""

    chosen = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._moments: Sequence[datetime] = ()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(lambda number: self.chosen.emit(self._moments[number]))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    def offer(self, moments: Sequence[datetime]) -> None:
        if list(moments) == list(self._moments):
            return
        for old in self._group.buttons():
            self._group.removeButton(old)
            old.hide()
            old.deleteLater()
        self._moments = moments
        for number, at in enumerate(moments):
            chip = Chip(clock(at))
            chip.setAccessibleName(_(labels.STOP_AT_TIME).format(time=words.at(at, self._now())))
            self._group.addButton(chip, number)
            self._row.addWidget(chip, 1)
        self.setVisible(bool(moments))

    def show_chosen(self, at: datetime | None) -> None:
        """Mark the chip of that moment, or none when it is another."""
        self._group.setExclusive(False)
        for number, moment in enumerate(self._moments):
            self._group.button(number).setChecked(moment == at)
        self._group.setExclusive(True)
