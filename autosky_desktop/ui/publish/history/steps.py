"""The six steps of a publication as a table: when each began, how long it took, and a bar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from autosky_desktop.domain.estimate import seconds
from autosky_desktop.domain.publication import Publication, Step, StepState
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font
from autosky_desktop.ui.widgets.table.model import Column, RecordTableModel
from autosky_desktop.ui.widgets.table.table import RecordTable
from autosky_desktop.words import publishing, states
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _, pgettext
from autosky_desktop.words.times import clock, duration, duration_in_words

END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class StepSpan:
    """A step and where it lies in its run: `begin` and `end` from 0 to 1, None while unknown.

    `over`: the run has ended, so that what has not begun never will.
    """

    id: str
    number: int
    step: Step
    over: bool
    taken: float | None
    begin: float | None
    end: float | None


class StepsTable(QFrame):
    """Shows the steps of one run; the bars share one scale, from its start to its end or now."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "box")
        self._now = now
        self._rows: dict[str, StepSpan] = {}
        self._model: RecordTableModel[StepSpan] = RecordTableModel(
            self._columns(), order=lambda row: row.number
        )
        self.table = RecordTable(self._model, compact=True)
        self.table.setAccessibleName(_(labels.STEPS))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.table)

    def show_run(self, run: Publication) -> None:
        new = {row.id: row for row in _rows(run, self._now())}
        self._model.apply(
            Diff(
                changed=tuple(row for key, row in new.items() if self._rows.get(key, row) != row),
                added=tuple(row for key, row in new.items() if key not in self._rows),
            )
        )
        self._rows = new

    def _columns(self) -> tuple[Column[StepSpan], ...]:
        return (
            Column(
                _(labels.STEP),
                lambda row: f"{row.number}. {states.step_name(row.step.name)}",
                weight=34,
                sort=lambda row: row.number,
            ),
            Column(
                pgettext("moment", labels.START),
                _start,
                kind="quiet",
                weight=15,
            ),
            Column(
                pgettext("how long", labels.TIME_TAKEN), _time, weight=13, align=END, ticks=True
            ),
            Column(_(labels.FROM_START_TO_END), _said, weight=38, paint=_paint_bar, ticks=True),
        )


def _rows(run: Publication, now: datetime) -> list[StepSpan]:
    whole = seconds(run.started_at, run.ended_at or now) or 0.0

    def place(moment: datetime | None) -> float | None:
        since = seconds(run.started_at, moment)
        return None if since is None or not whole else min(1.0, max(0.0, since / whole))

    return [
        StepSpan(
            step.name,
            number,
            step,
            run.ended,
            seconds(step.started_at, step.ended_at or now),
            place(step.started_at),
            place(step.ended_at or now),
        )
        for number, step in enumerate(run.steps, start=1)
    ]


def _start(row: StepSpan) -> str:
    skipped = StepState(row.step.state) is StepState.SKIPPED
    begun = None if skipped else row.step.started_at
    return clock(begun, seconds=True) if begun else "–"


def _time(row: StepSpan) -> str:
    skipped = StepState(row.step.state) is StepState.SKIPPED
    if row.step.started_at and row.taken is not None and not skipped:
        return duration(row.taken)
    return publishing.step_state(row.step, ended=row.over)


def _said(row: StepSpan) -> str:
    """Say the bar in words, for those who do not see it."""
    if StepState(row.step.state) is StepState.SKIPPED:
        return publishing.skipped(row.step)
    return duration_in_words(row.taken) if row.step.started_at and row.taken is not None else ""


def _paint_bar(painter: QPainter, room: QRect, row: StepSpan) -> None:
    state = StepState(row.step.state)
    if state is StepState.SKIPPED or row.begin is None or row.end is None:
        painter.setFont(font(TextStyle.SMALL))
        painter.setPen(theme.color("text2"))
        text = publishing.skipped(row.step) if state is StepState.SKIPPED else ""
        painter.drawText(room, LEFT, text)
        return
    left = room.left() + row.begin * (room.width() - 8)
    width = max(8.0, (row.end - row.begin) * (room.width() - 8))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("bad_dot" if state is StepState.FAILED else "accent"))
    painter.drawRoundedRect(QRectF(left, room.center().y() - 3.5, width, 8), 4, 4)
    painter.restore()
