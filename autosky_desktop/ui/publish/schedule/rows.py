"""The rows of publications to come: two lines for the moment, and buttons beside the table's cells.

The buttons lie over the table and not in it, where assistive technology would not find them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from autosky_desktop.domain.publication import Publication
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, elided, paint_line, scaled
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.table.table import (
    HEAD,
    Column,
    RecordTable,
    RecordTableModel,
    set_up_rows,
)
from autosky_desktop.words import publishing, scheduling
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

ROW = 46
BUTTONS, MENU = 160, 40
"""Widths of the columns the buttons and the ⋮ stand in."""
_LINE, _GAP = 17, 8

Now = Callable[[], datetime]


def begins(run: Publication) -> datetime:
    return run.scheduled_for or run.requested_at


def when(run: Publication, now: datetime) -> str:
    """Say when it runs, in its own zone: today 22:00, Fri 27 Nov 22:00 (Europe/Lisbon)."""
    return scheduling.when(begins(run), run.time_zone or "UTC", now)


def columns(now: Now) -> tuple[Column[Publication], ...]:
    def lines(run: Publication) -> tuple[str, str]:
        at = scheduling.when_there(begins(run), run.time_zone or "UTC", now())
        return at[:1].upper() + at[1:], scheduling.ahead(begins(run), now())

    change = _(labels.MOVE_OR_CANCEL_PUBLICATION)
    actions = _(labels.ACTIONS_FOR_PUBLICATION_OF_DATE)
    return (
        Column(
            _(labels.WHEN), lambda run: ", ".join(lines(run)), weight=24,
            paint=lambda painter, rect, run: _paint_lines(painter, rect, *lines(run)),
        ),
        Column(
            _(labels.TIME_ZONE), lambda run: run.time_zone or "UTC",
            weight=22, hide_below=840,
        ),
        Column(
            _(labels.MODEL), lambda run: publishing.model(run.plan.model),
            weight=28,
        ),
        Column(
            _(labels.OPTIONS), publishing.what_is_chosen, kind="quiet",
            weight=26,
        ),
        Column(
            _(labels.SCHEDULED_BY), lambda run: run.publisher, weight=18,
        ),
        Column("", width=BUTTONS, accessible=lambda run: change.format(date=when(run, now()))),
        Column(
            "", kind="menu", width=MENU,
            accessible=lambda run: actions.format(date=when(run, now())),
        ),
    )  # fmt: skip


class ScheduledTable(RecordTable[Publication]):
    def __init__(self, model: RecordTableModel[Publication]) -> None:
        super().__init__(model)
        self._row_height = scaled(ROW)
        set_up_rows(self.verticalHeader(), self._row_height)
        self._fit_height()


class RowButtons(QWidget):
    """Holds Move… and Cancel… of one row; each tells the publication as it is now."""

    move_asked = Signal(object)
    cancel_asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._run: Publication | None = None
        self.setFixedHeight(scaled(ROW))
        self.move_button = Button(_(labels.MOVE_ELLIPSIS), small=True)
        self.cancel_button = Button(_(labels.CANCEL), small=True)
        self.move_button.clicked.connect(lambda: self.move_asked.emit(self._run))
        self.cancel_button.clicked.connect(lambda: self.cancel_asked.emit(self._run))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addStretch(1)
        row.addWidget(self.move_button)
        row.addWidget(self.cancel_button)

    def show_run(self, run: Publication, now: datetime, reason: str) -> None:
        """Show that publication; `reason` says why nothing can be changed now, or is empty."""
        self._run = run
        at = when(run, now)
        self.move_button.setAccessibleName(_(labels.MOVE_PUBLICATION_OF_WHEN).format(when=at))
        self.cancel_button.setAccessibleName(_(labels.CANCEL_PUBLICATION_OF_WHEN).format(when=at))
        for button in (self.move_button, self.cancel_button):
            button.setEnabled(not reason)
            button.setToolTip(tip(reason))
            button.setAccessibleDescription(reason)


class TableWithButtons(QWidget):
    """Shows the table, and over its last but one column the buttons of each row."""

    move_asked = Signal(object)
    cancel_asked = Signal(object)

    def __init__(self, table: ScheduledTable) -> None:
        super().__init__()
        self._table = table
        self._rows: dict[str, RowButtons] = {}
        self._over = QWidget()
        self._over.setFixedWidth(scaled(BUTTONS))
        self._column = QVBoxLayout(self._over)
        self._column.setContentsMargins(0, scaled(HEAD), 0, 0)
        self._column.setSpacing(0)
        beside = QHBoxLayout()
        beside.setContentsMargins(0, 0, scaled(MENU), 0)
        beside.addStretch(1)
        beside.addWidget(self._over, 0, Qt.AlignmentFlag.AlignTop)
        cell = QGridLayout(self)
        cell.setContentsMargins(0, 0, 0, 0)
        cell.addWidget(table, 0, 0)
        cell.addLayout(beside, 0, 0)

    def show_runs(self, runs: Sequence[Publication], now: datetime, reason: str) -> None:
        """Show the publications in this order; their buttons stay their own, and keep the focus."""
        for key in self._rows.keys() - {run.id for run in runs}:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, run in enumerate(runs):
            row = self._rows.get(run.id) or self._add(run.id)
            self._column.insertWidget(place, row)
            row.show_run(run, now, reason)
        for one, following in pairwise(self._in_order(runs)):
            self.setTabOrder(one, following)

    def _add(self, key: str) -> RowButtons:
        row = self._rows[key] = RowButtons(self._over)
        row.move_asked.connect(self.move_asked)
        row.cancel_asked.connect(self.cancel_asked)
        return row

    def _in_order(self, runs: Sequence[Publication]) -> Iterator[QWidget]:
        yield self._table
        for run in runs:
            row = self._rows[run.id]
            yield from (row.move_button, row.cancel_button)


def _paint_lines(painter: QPainter, rect: QRect, first: str, second: str) -> None:
    height = scaled(_LINE)
    top = rect.top() + (rect.height() - 2 * height) // 2
    line = QRect(rect.left(), top, rect.width(), height)
    elide = Qt.TextElideMode.ElideRight
    painter.setPen(theme.color("text"))
    style = TextStyle.BODY_MEDIUM
    paint_line(painter, line, style, elided(style, first, elide, line.width()))
    line.translate(0, height)
    painter.setPen(theme.color("text2"))
    style = TextStyle.SMALL
    paint_line(painter, line, style, elided(style, second, elide, line.width()))
