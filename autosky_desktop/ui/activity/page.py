"""The Activity tab of one environment: everything anybody asked for, and what the schedule did."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.exporting import file_name
from autosky_desktop.actions.intents import Intents
from autosky_desktop.actions.paging import Pages
from autosky_desktop.domain.activity import Activity, ActivityPage
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.activity.export_button import Exporting, activity_of
from autosky_desktop.ui.activity.filters import ActivityFilter, FilterBar
from autosky_desktop.ui.activity.table import ActivityModel, ActivityTable, columns
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card, around_page
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.refreshing import SECOND, Ticking, watch_while_alive
from autosky_desktop.words import activity as words
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import activity as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind
from autosky_desktop.words.times import clock_or_moment

MOST = 600
"""Entries kept in the table while nobody has scrolled down to them."""

LATE = 400
"""Milliseconds until it is said that something is being loaded."""


class ActivityTab(QWidget):
    """The record as a tab. New entries come from the store; older ones are asked for as one scrolls
    to them.
    """

    def __init__(
        self,
        environment: str,
        store: Store,
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment = environment
        self._store = store
        self._now = now
        self._details = store.details(environment)
        self._filter = ActivityFilter()
        self._pages = Pages(
            lambda wanted: intents.activity(environment, wanted), tasks, self._took, self._not_read
        )
        self.destroyed.connect(self._pages.forget)
        self._model = ActivityModel(
            columns(now, self._result), order=lambda it: it.at, descending=True
        )
        self.table = ActivityTable(self._model)
        self.filters = FilterBar()
        self.filters.begin_with(now().astimezone().date())
        source = activity_of(environment, intents)
        self.export = Exporting(source, tasks, lambda: self._filter.wanted(), self._file_name, self)
        self._lay_out()
        self._late = QTimer(self, interval=LATE, singleShot=True)
        self._ticking = Ticking(self, self._tick)
        self._connect()
        watch_while_alive(self, self._details.activity, self._changed)
        watch_while_alive(self, store, self._refresh)
        self._refresh()

    def set_narrow(self, narrow: bool) -> None:
        self._column.setContentsMargins(around_page(narrow=narrow))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _lay_out(self) -> None:
        card = Card(_(labels.ACTIVITY), _(labels.NEWEST_FIRST), icon="clock")
        card.setAccessibleName(_(labels.ACTIVITY_OF_THIS_ENVIRONMENT))
        for action in (*self.filters.fields, self.export.button):
            card.add_action(action)
        self._error = ErrorBox()
        self._note = QLabel()
        self._note.setWordWrap(True)
        set_style(self._note, TextStyle.SMALL, "text2")
        self._everything = Button(_(labels.SHOW_EVERYTHING), "link")
        self._everything.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._everything)
        card.set_table(self.table)
        card.body.setStretchFactor(self.table, 1)
        card.body.addLayout(foot)
        card.body.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        self._column.addWidget(self._error)
        self._column.addWidget(card, 1)
        stops = (*self.filters.fields, self.export.button, self.table)
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)

    def _connect(self) -> None:
        self.filters.changed.connect(self._look_elsewhere)
        self.table.end_near.connect(self._ask)
        self._error.again.connect(self._try_again)
        self._everything.clicked.connect(self.filters.clear)
        self.export.news.connect(self._tell_export)
        self.export.failed.connect(lambda text: self._error.tell(text, again=False))
        self._late.timeout.connect(self._show_note)

    def _ask(self) -> None:
        """Ask for the next page, when somebody looks and the line is good."""
        if self.isVisible() and self._store.connection.live and not self._error.text():
            self._pages.ask()
            self._late.start()

    def _look_elsewhere(self) -> None:
        chosen = self.filters.filter(self._now().astimezone().date())
        if chosen != self._filter:
            self._filter = chosen
            self._begin_again()

    def _begin_again(self) -> None:
        self._error.clear()
        self._export_news = ""
        self._pages.restart(self._filter.wanted())
        self._model.clear()
        self._put(list(self._details.activity))
        self._ask()
        self._refresh()

    def _try_again(self) -> None:
        self._error.clear()
        self._ask()

    def _changed(self, diff: Diff[Activity]) -> None:
        """Take in what changed. Entries the store removed are kept: it only forgot them, for
        nothing is ever taken from the record.
        """
        forgotten = len(diff.removed) > 0 and len(diff.added) == len(self._details.activity)
        if (forgotten and self._model.rowCount()) or self._too_many():
            self._begin_again()  # what lies between what is new and what is shown was not heard
            return
        self._put([*diff.changed, *diff.added])
        self._refresh()

    def _too_many(self) -> bool:
        """Tell whether there are more entries than anybody looks at: the older ones can be asked
        for again.
        """
        looked_at = self.isVisible() and self.table.verticalScrollBar().value() > 0
        return self._model.rowCount() > MOST and not looked_at

    def _took(self, page: ActivityPage) -> None:
        """Take in a page, but keep what the store knows of an entry: that is newer."""
        known = self._details.activity
        self._put([known.get(it.id) or it for it in page.entries])
        self.filters.offer(page.people)
        self._refresh()

    def _put(self, entries: list[Activity]) -> None:
        wanted = [it for it in entries if self._filter.matches(it)]
        changed = tuple(it for it in wanted if self._model.get(it.id))
        added = tuple(it for it in wanted if not self._model.get(it.id))
        self._model.apply(Diff(changed=changed, added=added))

    def _not_read(self, cause: AutoskyError) -> None:
        if self._store.connection.live:
            failed = _(labels.ACTIVITY_COULD_NOT_BE_READ)
            self._error.tell(failed.format(why=sentence(cause)), take_focus=False)
        self._refresh()

    def _refresh(self) -> None:
        live = self._store.connection.live
        if live and not self._pages.begun:
            self._ask()
        self.export.allow("" if live else _(labels.NO_CONNECTION_TO_CONTROL_PLANE))
        self.table.setVisible(self._model.rowCount() > 0)
        self.table.viewport().update()
        self._show_note()
        self._ticking.now()

    _export_news = ""

    def _show_note(self) -> None:
        text = self._export_news or self._state()
        self._note.setText(text)
        self._note.setVisible(bool(text))
        nothing = self._model.rowCount() == 0 and not self._pages.more
        self._everything.setVisible(nothing and bool(self._filter))

    def _state(self) -> str:
        """Explain what is not shown, and why; empty when there is nothing to explain."""
        empty, line = self._model.rowCount() == 0, self._store.connection
        if not line.live and self._pages.more:
            since = clock_or_moment(line.since, now=self._now()) if line.since else ""
            known = _(labels.KNOWN_AT)
            return known.format(time=since) if since else ""
        if self._pages.busy and not self._late.isActive():
            return _(labels.LOADING)
        if not empty or self._pages.more:
            return ""
        if self._filter:
            return _(labels.NO_ACTIVITY_MATCHES_THESE_FILTERS)
        return _(labels.NOTHING_HAS_HAPPENED)

    def _tell_export(self, text: str) -> None:
        self._export_news = text
        self._show_note()
        announce(self, text)

    def _tick(self) -> int | None:
        """Show the time so far of what is under way, which is among the newest entries."""
        newest = (self._model.record(row) for row in range(min(50, self._model.rowCount())))
        if not any(map(words.is_under_way, newest)):
            return None
        self.table.viewport().update()
        return SECOND

    def _result(self, entry: Activity) -> tuple[StatusKind, str]:
        return words.result(entry, now=self._now(), live=self._store.connection.live)

    def _file_name(self) -> str:
        environment = self._store.environments.get(self._environment)
        name = environment.name if environment else self._environment
        return file_name("activity", name, self._now())
