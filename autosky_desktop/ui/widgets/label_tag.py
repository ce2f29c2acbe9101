"""The tag of a label: production or staging on its colour. Any other has the quiet colours."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from autosky_desktop.domain.environment import Label
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, metrics, scaled
from autosky_desktop.ui.widgets.painting import painting

_TOKENS = {Label.PRODUCTION: "prod", Label.STAGING: "stage"}
_SMALL_PADDING, _PADDING = 6, 8
_RADIUS = 4


def tag_width(word: str) -> int:
    """Measure the width of a small tag, as `paint_tag` paints it."""
    return metrics(TextStyle.TAG).horizontalAdvance(word) + 2 * scaled(_SMALL_PADDING)


def paint_tag(
    painter: QPainter, rect: QRect, label: str, word: str, style: TextStyle = TextStyle.TAG
) -> None:
    """Paint `word` as a tag in the colours of `label`, which is as the control plane says it."""
    token = _TOKENS.get(Label(label), "idle")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(f"{token}_soft"))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    painter.setFont(font(style))
    painter.setPen(theme.color(token))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()


class LabelTag(QLabel):
    """The label of an environment beside its name. Hidden while it has no word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ""
        self.setFont(font(TextStyle.SMALL_STRONG))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_label(self, label: str, word: str) -> None:
        self._label = label
        self.setText(word)
        if not word:
            self.hide()
        elif self.parentWidget():  # without one, showing would make a window of it
            self.show()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self.text():
            return QSize(0, 0)
        width = metrics(TextStyle.SMALL_STRONG).horizontalAdvance(self.text())
        return QSize(width + 2 * scaled(_PADDING), scaled(22))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        style = TextStyle.SMALL_STRONG
        paint_tag(QPainter(self), self.rect(), self._label, self.text(), style)
