"""The drawing of one step of the timeline: its node, and the words under it."""

from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygon

from autosky_desktop.domain.publication import StepState
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, metrics, scaled
from autosky_desktop.ui.widgets.icons import paint_icon

NODE, NODE_GAP = 22, 6
_ICON = 14
_FILLS = {StepState.SUCCEEDED: "ok_soft", StepState.RUNNING: "accent"}
_ICONS = {
    StepState.SUCCEEDED: ("check", "ok"),
    StepState.SKIPPED: ("minus", "text2"),
    StepState.CANCELLED: ("x", "text2"),
    StepState.FAILED: ("x", "on_accent"),
}
_LIVELY = (StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED)


class Words(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def time_text(self) -> str: ...
    @property
    def late(self) -> bool: ...


def paint_node(painter: QPainter, box: QRect, state: StepState, number: int) -> None:
    """Paint the circle (failed: the diamond) with a sign, or with its number while it has none."""
    painter.setPen(Qt.PenStyle.NoPen)
    if state is StepState.FAILED:
        painter.setBrush(theme.color("bad_dot"))
        middle, reach = box.center(), box.width() // 2
        ways = (QPoint(0, -reach), QPoint(reach, 0), QPoint(0, reach), QPoint(-reach, 0))
        painter.drawPolygon(QPolygon([middle + way for way in ways]))
    elif state in _FILLS:
        painter.setBrush(theme.color(_FILLS[state]))
        painter.drawEllipse(box)
    else:
        dashed = state is StepState.SKIPPED
        pen = QPen(theme.color("control"), 1)
        if dashed:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))
    if state in _ICONS:
        name, tone = _ICONS[state]
        side = scaled(_ICON if state is not StepState.FAILED else _ICON - 4)
        inner = QRect(0, 0, side, side)
        inner.moveCenter(box.center())
        paint_icon(painter, name, inner, theme.color(tone))
    else:
        painter.setFont(font(TextStyle.TAG))
        painter.setPen(theme.color("on_accent" if state is StepState.RUNNING else "text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))


def paint_words(painter: QPainter, room: QRect, state: StepState, words: Words) -> None:
    """Paint the name, and under it the time; what does not fit ends in "…"."""
    running = state is StepState.RUNNING
    style = TextStyle.SMALL_STRONG if running else TextStyle.SMALL_MEDIUM
    lively = running or state in _LIVELY
    height = scaled(16)
    first = QRect(room.left(), room.top(), room.width(), height)
    _paint(painter, first, words.name, style, "text" if lively else "text2")
    tone = "bad" if state is StepState.FAILED else "warn" if words.late else "text2"
    _paint(painter, first.translated(0, height), words.time_text, TextStyle.SMALL, tone)


def _paint(painter: QPainter, line: QRect, text: str, style: TextStyle, tone: str) -> None:
    painter.setFont(font(style))
    painter.setPen(theme.color(tone))
    cut = metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
