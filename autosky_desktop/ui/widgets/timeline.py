"""The steps of a publication: done, skipped, under way, still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QLabel, QSizePolicy, QWidget

from autosky_desktop.domain.publication import STEPS, StepState
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.timeline_paint import NODE, NODE_GAP, paint_node, paint_words
from autosky_desktop.ui.widgets.tip import tip

_WIDE, _COMPACT = 62, 4
_LINE = 2
_PART_GAP = 3


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
