"""The steps on the way to a session, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygon
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from autosky_desktop.domain.publication import StepState
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, metrics, scaled
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.status import paint_shape, spin
from autosky_desktop.words.states import StatusKind, step_state

NODE, INDENT, HEIGHT = 22, 34, 52
_SIGN = 14


@dataclass(frozen=True)
class StepWords:
    name: str
    time: str
    state: StepState


class StepRow(QLabel):
    """Shows a step: a node, its name, its time, and the line to the next."""

    def __init__(self, parent: QWidget | None = None, *, last: bool) -> None:
        super().__init__(parent)
        self._last = last
        self._words = StepWords("", "", StepState.PENDING)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_step(self, words: StepWords) -> None:
        if words == self._words:
            return
        self._words = words
        self.setText(words.name)
        parts = (words.name, step_state(words.state.value), words.time)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(tip(words.name))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(INDENT), scaled(36 if self._last else HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = scaled(NODE)
        node = QRect(0, 0, side, side)
        self._paint_node(painter, node)
        self._paint_words(painter)
        if not self._last:
            done = self._words.state is StepState.SUCCEEDED
            painter.setPen(QPen(theme.color("ok_dot" if done else "line"), 2))
            middle = node.center().x() + 1
            painter.drawLine(middle, side + 5, middle, self.height() - 4)

    def _paint_node(self, painter: QPainter, node: QRect) -> None:
        state = self._words.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state is StepState.SUCCEEDED:
            painter.setBrush(theme.color("ok_soft"))
            painter.drawEllipse(node)
            self._paint_sign(painter, node, "check", "ok", _SIGN)
        elif state is StepState.FAILED:
            painter.setBrush(theme.color("bad_dot"))
            middle, reach = node.center(), node.width() // 2
            ways = (QPoint(0, -reach), QPoint(reach, 0), QPoint(0, reach), QPoint(-reach, 0))
            painter.drawPolygon(QPolygon([middle + way for way in ways]))
            self._paint_sign(painter, node, "x", "on_accent", _SIGN - 4)
        elif state is StepState.RUNNING:
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(node)
            gap = node.width() / 4
            arc = QRectF(node).adjusted(gap, gap, -gap, -gap)
            phase = spin().phase(self, node)
            paint_shape(painter, arc, StatusKind.BUSY, theme.color("on_accent"), phase)
        else:
            painter.setPen(QPen(theme.color("control"), 1))
            painter.setBrush(theme.color("surface"))
            painter.drawEllipse(QRectF(node).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_sign(self, painter: QPainter, node: QRect, name: str, tone: str, size: int) -> None:
        sign = QRect(0, 0, scaled(size), scaled(size))
        sign.moveCenter(node.center())
        paint_icon(painter, name, sign, theme.color(tone))

    def _paint_words(self, painter: QPainter) -> None:
        waits = self._words.state is StepState.PENDING
        running = self._words.state is StepState.RUNNING
        style = TextStyle.BODY_STRONG if running else TextStyle.BODY_MEDIUM
        top = QRect(scaled(INDENT), 0, self.width() - scaled(INDENT), scaled(18))
        _line(painter, top.translated(0, 2), self._words.name, style, "text2" if waits else "text")
        below = top.translated(0, scaled(18) + 1)
        _line(painter, below, self._words.time, TextStyle.SMALL, "text2")


def _line(painter: QPainter, room: QRect, text: str, style: TextStyle, tone: str) -> None:
    painter.setFont(font(style))
    painter.setPen(theme.color(tone))
    cut = metrics(style).elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)


class Steps(QWidget):
    """Shows as many rows as there are steps; they are made with the first that are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[StepRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_steps(self, steps: Sequence[StepWords]) -> None:
        if len(self._rows) != len(steps):
            self._make(len(steps))
        for row, words in zip(self._rows, steps, strict=True):
            row.show_step(words)

    def _make(self, number: int) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [StepRow(last=place == number - 1) for place in range(number)]
        for row in self._rows:
            self._column.addWidget(row)
