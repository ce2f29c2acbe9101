"""The steps of a publication: done, skipped, under way, still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygon, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QLabel, QSizePolicy, QWidget

from autosky_desktop.domain.publication import STEPS, StepState
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, metrics, scaled
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.painting import painting

_WIDE, _COMPACT = 62, 4
_LINE = 2
_PART_GAP = 3


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


@dataclass(frozen=True)
class StepLook:
    """The words of one step; `fraction` of its usual time that is used (None: not known).

    `late` says that it takes longer than usual, `accessible` is all of it in one sentence.
    """

    name: str
    state: str = StepState.PENDING
    time_text: str = ""
    fraction: float | None = None
    accessible: str = ""
    late: bool = False


NO_STEP = StepLook("")


class StepItem(QLabel):
    """A step as its node, name and time. It is transparent: the line behind is the timeline's."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._number = number
        self.look = StepLook("")
        self.compact = False

    def show_step(self, look: StepLook) -> None:
        if look == self.look:
            return
        self.look = look
        self.setText(look.name)
        self.setAccessibleName(look.accessible or look.name)
        self.setToolTip(tip(f"{look.name}\n{look.time_text}".strip()))
        self.update()

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.compact or not self.look.name:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, side = self.look, scaled(NODE)
        state = StepState(look.state)
        paint_node(painter, QRect(0, 0, side, side), state, self._number)
        paint_words(painter, self.rect().adjusted(0, side + 6, -8, 0), state, look)


class StepTimeline(QGroupBox):
    """The timeline of a publication: six nodes and the lines between them; compact, a bar of six
    parts.

    Its accessible name is the caller's to set: it says which publication this is.
    """

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self._compact = compact
        self.items = [StepItem(number, self) for number in range(1, len(STEPS) + 1)]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_compact(compact)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        for item in self.items:
            item.compact = compact
        self.setFixedHeight(_COMPACT if compact else scaled(_WIDE))
        self._lay_out()
        self.update()

    def show_steps(self, looks: Sequence[StepLook]) -> None:
        """Show the six steps, in order; another control plane may tell of fewer, or more."""
        for item, look in zip(self.items, chain(looks, repeat(NO_STEP)), strict=False):
            item.show_step(look)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.maximumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for item in self.items[: None if self._compact else -1]:
            _paint_line(painter, self._line_of(item), item.look)

    def _lay_out(self) -> None:
        gap = _PART_GAP if self._compact else 0
        pitch = (self.width() + gap) / len(self.items)
        for place, item in enumerate(self.items):
            left, right = round(place * pitch), round((place + 1) * pitch) - gap
            item.setGeometry(left, 0, right - left, self.height())

    def _line_of(self, item: StepItem) -> QRect:
        if self._compact:
            return item.geometry()
        side = scaled(NODE)
        left = item.x() + side + NODE_GAP
        right = item.geometry().right() - NODE_GAP
        return QRect(left, side // 2 - _LINE // 2, right - left, _LINE)


def _paint_line(painter: QPainter, line: QRect, look: StepLook) -> None:
    """Paint the whole line in the quiet colour, and over that the part that is done."""
    radius = line.height() / 2
    painter.setPen(painter.pen().style().NoPen)
    painter.setBrush(theme.color("line"))
    painter.drawRoundedRect(line, radius, radius)
    state = StepState(look.state)
    if state is StepState.RUNNING:
        share = min(1.0, max(0.0, look.fraction or 0.0))
        line = QRect(line.left(), line.top(), round(line.width() * share), line.height())
    elif state not in _LINES or (state is StepState.SKIPPED and line.height() > _LINE):
        return
    painter.setBrush(theme.color(_LINES[state]))
    painter.drawRoundedRect(line, radius, radius)


_LINES = {
    StepState.SUCCEEDED: "ok_dot",
    StepState.SKIPPED: "ok_dot",
    StepState.RUNNING: "accent",
    StepState.FAILED: "bad_dot",
}
