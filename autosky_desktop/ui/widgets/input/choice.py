"""A choice of one among a few, with what it means beneath."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QRadioButton, QVBoxLayout, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled, set_style
from autosky_desktop.ui.widgets.input.check_box import BOX, GAP
from autosky_desktop.ui.widgets.painting import painting


class Radio(QRadioButton):
    """A radio button as designed. Focus is a second ring."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(font(TextStyle.BODY_MEDIUM))

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().size(0, self.text())
        return QSize(scaled(BOX) + GAP + text.width() + 1, max(scaled(BOX), text.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = scaled(BOX)
        self._paint_ring(painter, QRectF(0, (self.height() - side) // 2, side, side))
        painter.setFont(self.font())
        painter.setPen(theme.color("text" if self.isEnabled() else "disabled"))
        room = QRect(self.rect()).adjusted(side + GAP, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_ring(self, painter: QPainter, ring: QRectF) -> None:
        if not self.isEnabled():
            painter.setPen(QPen(theme.color("line"), 1))
            painter.setBrush(theme.color("idle_soft"))
            painter.drawEllipse(ring.adjusted(0.5, 0.5, -0.5, -0.5))
            return
        width = 2 if self.hasFocus() else 1
        chosen = self.isChecked()
        accent = theme.color("accent" if chosen or self.hasFocus() else "control")
        painter.setPen(QPen(accent, width))
        painter.setBrush(theme.color("surface"))
        inset = width / 2
        painter.drawEllipse(ring.adjusted(inset, inset, -inset, -inset))
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            gap = 2.5 if self.hasFocus() else 0
            painter.drawEllipse(ring.adjusted(gap, gap, -gap, -gap))
            painter.setBrush(theme.color("on_accent"))
            reach = ring.width() / 6
            painter.drawEllipse(ring.center(), reach, reach)


class Choice(QWidget):
    """A radio button with its explanation: the whole block chooses, and the explanation is the
    button's accessible description.
    """

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = Radio(text)
        self.button.setAccessibleName(name)
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        self._meaning.setContentsMargins(scaled(BOX) + GAP, 0, 0, 0)
        set_style(self._meaning, TextStyle.SMALL, "text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addWidget(self._meaning)

    def explain(self, text: str) -> None:
        self._meaning.setText(text)
        self._meaning.setVisible(bool(text))
        self.button.setAccessibleDescription(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.button.isEnabled():
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)
            self.button.click()
