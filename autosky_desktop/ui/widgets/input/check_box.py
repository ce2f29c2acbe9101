"""A check box drawn as designed, alone or with its consequence beneath."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled, set_style
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.painting import painting

BOX, GAP = 18, 10
"""The side of the box, and the gap between it and the text."""
_RADIUS, _CHECK, _FOCUSED_CHECK = 4, 14, 10


class CheckBox(QCheckBox):
    """A check box as designed. Focus is an accent-coloured ring, with the box smaller inside it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(font(TextStyle.BODY_MEDIUM))

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        width = scaled(BOX) + (GAP + text.width() + 1 if self.text() else 0)
        return QSize(width, max(scaled(BOX), text.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = scaled(BOX)
        self._paint_box(painter, QRect(0, (self.height() - side) // 2, side, side))
        painter.setFont(self.font())
        painter.setPen(theme.color("text" if self.isEnabled() else "disabled"))
        room = self.rect().adjusted(side + GAP, 0, 0, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, flags | Qt.TextFlag.TextShowMnemonic, self.text())

    def _paint_box(self, painter: QPainter, box: QRect) -> None:
        inner, focused = QRectF(box), self.hasFocus()
        if focused:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
            inner.adjust(4, 4, -4, -4)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent" if self.isEnabled() else "disabled"))
            painter.drawRoundedRect(inner, 2 if focused else _RADIUS, 2 if focused else _RADIUS)
            side = scaled(_FOCUSED_CHECK if focused else _CHECK)
            check = QRect(0, 0, side, side)
            check.moveCenter(box.center())
            paint_icon(painter, "check", check, theme.color("on_accent"))
        elif not focused:
            painter.setPen(QPen(theme.color("control" if self.isEnabled() else "line"), 1))
            painter.setBrush(theme.color("surface" if self.isEnabled() else "idle_soft"))
            painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


class Option(QWidget):
    """The whole block toggles; the explanation is the box's accessible description."""

    toggled = Signal(bool)

    def __init__(
        self,
        label: str,
        explanation: str = "",
        *,
        checked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.box = CheckBox(label)
        self.box.setChecked(checked)
        self.box.toggled.connect(self.toggled)
        self._explanation = QLabel()
        self._explanation.setWordWrap(True)
        self._explanation.setIndent(0)
        self._explanation.setContentsMargins(scaled(BOX) + GAP, 0, 0, 0)
        set_style(self._explanation, TextStyle.SMALL, "text2")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.box)
        column.addWidget(self._explanation)
        self.set_explanation(explanation)

    def checked(self) -> bool:
        return self.box.isChecked()

    def set_checked(self, checked: bool) -> None:
        self.box.setChecked(checked)

    def set_explanation(self, text: str) -> None:
        self._explanation.setText(text)
        self._explanation.setVisible(bool(text))
        self.box.setAccessibleDescription(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.box.setFocus(Qt.FocusReason.MouseFocusReason)
            self.box.click()
