"""The last few entries of the record, on the Servers page."""

from collections.abc import Callable
from datetime import datetime
from heapq import nlargest

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from autosky_desktop.domain.activity import Activity
from autosky_desktop.store.store import EnvironmentDetails, Store
from autosky_desktop.store.table import Diff, Table
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.refreshing import SECOND, Ticking, watch_while_alive
from autosky_desktop.ui.widgets.status import paint_pill, spin
from autosky_desktop.ui.widgets.table.model import Column, RecordTableModel
from autosky_desktop.ui.widgets.table.table import RecordTable
from autosky_desktop.words import activity as words
from autosky_desktop.words.labels import activity as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind

SHOWN = 4


def newest_first(entry: Activity) -> tuple[datetime, str]:
    return entry.at, entry.id


class RecentActivity(Card):
    """The card with the newest entries, which watches the store by itself. `all_asked`: the person
    wants to go to the Activity tab.
    """

    all_asked = Signal()

    def __init__(
        self,
        environment: str,
        store: Store,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_(labels.RECENT_ACTIVITY), icon="clock", parent=parent)
        self._store = store
        self._details: EnvironmentDetails = store.details(environment)
        self._now = now
        self._newest: Table[Activity] = Table()
        self._model: RecordTableModel[Activity] = RecordTableModel(
            self._columns(), order=newest_first, descending=True
        )
        self.table = RecordTable(self._model, compact=True, heads=False)
        self.table.setAccessibleName(_(labels.RECENT_ACTIVITY))
        self._empty = QLabel(_(labels.NOTHING_HAS_HAPPENED))
        self._empty.setContentsMargins(16, 12, 16, 12)
        self._empty.setWordWrap(True)
        set_style(self._empty, TextStyle.BODY, "text2")
        button = Button(_(labels.SHOW_ALL), "link")
        button.setAccessibleName(_(labels.SHOW_ALL_ACTIVITY))
        button.clicked.connect(self.all_asked)
        self.add_action(button)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        rule.setFixedHeight(1)
        self.set_table(rule)
        self.body.addWidget(self.table)
        self.body.addWidget(self._empty)
        self._ticking = Ticking(self, self._tick)
        self._newest.watch(self._model.apply)
        watch_while_alive(self, self._details.activity, self._changed)
        watch_while_alive(self, store, self._refresh)

    def _changed(self, _diff: Diff[Activity]) -> None:
        self._newest.replace(nlargest(SHOWN, self._details.activity, key=newest_first))
        self._refresh()

    def _refresh(self) -> None:
        """Show the entries. Before the first reading the card stays empty, and does not say that
        nothing has happened.
        """
        some, loaded = len(self._newest) > 0, self._details.revision is not None
        self.table.setVisible(some)
        self._empty.setVisible(loaded and not some)
        self.table.viewport().update()
        self._ticking.now()

    def _tick(self) -> int | None:
        """Show the time so far of what is under way."""
        self.set_purpose(self._span())
        if not any(map(words.is_under_way, self._newest)):
            return None
        self.table.viewport().update()
        return SECOND

    def _span(self) -> str:
        today = self._now().astimezone().date()
        days = {it.at.astimezone().date() for it in self._newest}
        return _(labels.TODAY) if days == {today} else ""

    def _columns(self) -> tuple[Column[Activity], ...]:
        return (
            Column(
                _(labels.TIME),
                lambda it: words.when_in_short(it, now=self._now()),
                kind="quiet",
                width=92,
            ),
            Column(_(labels.WHAT), words.what, weight=60),
            Column(_(labels.BY_WHOM), words.by, kind="quiet", weight=14),
            Column(
                _(labels.RESULT),
                lambda it: self._result(it)[1],
                width=136,
                paint=self._paint_result,
            ),
        )

    def _result(self, entry: Activity) -> tuple[StatusKind, str]:
        return words.result(entry, now=self._now(), live=self._store.connection.live)

    def _paint_result(self, painter: QPainter, place: QRect, entry: Activity) -> None:
        kind, text = self._result(entry)
        busy = kind is StatusKind.BUSY
        phase = spin().phase(self.table.viewport(), place) if busy else 0
        paint_pill(painter, place, kind, text, phase=phase, soft=False)
