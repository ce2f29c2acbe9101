"""The allowance: how often users may still be asked to reconnect this month."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from autosky_desktop.domain.publication import Allowance
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import impact
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

_PART, _GAP, _THICK = 26, 3, 6
_MOST = 12


class AllowanceBar(QProgressBar):
    """Draws one part for each; those that are left are in the accent's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        parts = min(self.maximum(), _MOST)
        return QSize(parts * (_PART + _GAP) - _GAP, 16)

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        parts = min(self.maximum(), _MOST)
        if not parts:
            return
        used = parts - round(self.value() * parts / self.maximum())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - _THICK) / 2
        for part in range(parts):
            painter.setBrush(theme.color("idle_dot" if part < used else "accent"))
            painter.drawRoundedRect(QRectF(part * (_PART + _GAP), top, _PART, _THICK), 3, 3)


class AllowanceLine(WrappingRow):
    """Shows the allowance; hidden until the control plane has told of a limit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=10)
        self._bar, self._left, self._resets = AllowanceBar(), QLabel(), QLabel()
        set_style(self._left, TextStyle.BODY_STRONG)
        set_style(self._resets, TextStyle.SMALL, "text2")
        for widget in (self._bar, self._left, self._resets):
            self.add(widget)
        self.hide()

    def show_allowance(self, allowance: Allowance | None, time_zone: str) -> None:
        self.setVisible(allowance is not None)
        if allowance is None:
            return
        left = max(0, allowance.limit - allowance.used)
        self._bar.setRange(0, allowance.limit)
        self._bar.setValue(left)
        self._bar.updateGeometry()
        self._bar.setAccessibleName(
            _(labels.RECONNECTIONS_OF_LEFT_THIS_MONTH).format(left=left, limit=allowance.limit)
        )
        text = _(labels.OF_LEFT_THIS_MONTH)
        self._left.setText(text.format(left=left, limit=allowance.limit))
        self._resets.setText(impact.resets(allowance, time_zone))
