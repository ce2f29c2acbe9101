"""The publishing history: who published what, with what result, and how long it took."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from autosky_desktop.actions.exporting import file_name
from autosky_desktop.actions.intents import Intents
from autosky_desktop.actions.paging import Pages
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import Model
from autosky_desktop.domain.publication import Publication, PublicationPage, begun
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.activity.export_button import Exporting
from autosky_desktop.ui.publish.history.filters import HistoryFilter, HistoryFilters
from autosky_desktop.ui.publish.history.rows import columns, history_of
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.table.long_table import LongModel, LongTable
from autosky_desktop.words import publishing
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

MOST_ROWS = 10
FOOT = 7
"""Pixels under the table for the round corners of the card."""
FEWEST = 12
"""Rows that are looked for when a page had few that match."""


class HistoryCard(Card):
    """Lists publications, newest first; the running one is the first row. Older ones come as one
    scrolls.

    `menu_asked` carries the publication, the others that are selected, and a place.
    """

    details_asked = Signal(object)
    menu_asked = Signal(object, object, QPoint)
    all_asked = Signal()

    def __init__(
        self,
        environment: str,
        store: Store,
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_(labels.PUBLISHING_HISTORY), "", parent=parent)
        self._store, self._details = store, store.details(environment)
        self._only: Model | None = None
        self._was_scheduled = False
        self._news = ""
        self._filter = HistoryFilter()
        source = history_of(environment, intents)
        self._pages: Pages[PublicationPage] = Pages(source.read, tasks, self._took, self._failed)
        self.destroyed.connect(self._pages.forget)
        self._pages.restart(self._filter.wanted())
        self._model: LongModel[Publication] = LongModel(columns(now), order=begun, descending=True)
        self.table = LongTable(self._model, most_rows=MOST_ROWS, several=True)
        self.filters = HistoryFilters()
        self.export = Exporting(
            source,
            tasks,
            lambda: self._filter.wanted(),
            lambda: file_name("publications", self._name_of(environment), now()),
            self,
            what=_(labels.EXPORT_HISTORY),
            failure=_(labels.HISTORY_WAS_NOT_EXPORTED_WHY),
        )
        self._all = Button(_(labels.SHOW_ALL_MODELS), "link")
        self._all.setProperty("flush", "right")
        self._everything = Button(_(labels.SHOW_EVERYTHING), "link")
        self._note, self._error = QLabel(), ErrorBox()
        self._lay_out()
        self._connect()
        self.show_only(None, was_scheduled=False)

    def _name_of(self, environment: str) -> str:
        record = self._store.environments.get(environment)
        return record.name if record else environment

    def show_only(self, model: Model | None, *, was_scheduled: bool) -> None:
        """Show the publications of one model, or those that were scheduled; None: all."""
        self._only, self._was_scheduled = model, was_scheduled
        part = model is not None or was_scheduled
        title, purpose = _(labels.PUBLISHING_HISTORY), _(labels.ALL_MODELS_NEWEST_FIRST)
        if model:
            title = _(labels.PUBLISHING_LOG)
            purpose = _(labels.MODEL_ONLY).format(model=publishing.model(model))
        if was_scheduled:
            title, purpose = _(labels.PAST_RUNS), _(labels.SCHEDULED_ONLY)
        self.set_title(title)
        self.set_purpose(purpose)
        self.setAccessibleName(title)
        self.table.setAccessibleName(title)
        self._all.setVisible(part)
        self.filters.offer_models(offered=not part)
        self._look_elsewhere()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def apply(self, diff: Diff[Publication]) -> None:
        """Take over what the store has heard."""
        self._model.apply(Diff(removed=tuple(it.id for it in diff.changed
                                             if self._model.get(it.id) and not
                                             self._filter.matches(it))))  # fmt: skip
        self._put([*diff.changed, *diff.added])

    def refresh(self) -> None:
        """Show what follows from a change of the line, or of what is known."""
        live = self._store.connection.live
        self.export.allow("" if live else _(labels.NO_CONNECTION_TO_CONTROL_PLANE))
        self._ask()
        self._show_note()

    def tick(self) -> None:
        """Repaint the duration of what is running."""
        if self._model.rowCount() and not self._model.record(0).ended:
            self.table.viewport().update()

    def _ask(self) -> None:
        """Ask for the next page, when somebody looks and the line is good."""
        if self.isVisible() and self._store.connection.live and not self._error.text():
            self._pages.ask()

    def _look_elsewhere(self) -> None:
        chosen = self.filters.filter(self._only, was_scheduled=self._was_scheduled)
        if chosen == self._filter and self._pages.begun:
            return
        self._filter = chosen
        self._error.clear()
        self._news = ""
        self._pages.restart(chosen.wanted())
        self._model.clear()
        self._put(list(self._details.publications))
        self._ask()
        self._show_note()

    def _took(self, page: PublicationPage) -> None:
        """Add the page; what the store knows of a publication is newer, and stays."""
        known = self._details.publications
        self._put([known.get(it.id) or it for it in page.publications])
        if self._model.rowCount() < FEWEST:
            self._ask()

    def _put(self, runs: list[Publication]) -> None:
        wanted = [it for it in runs if self._filter.matches(it)]
        changed = tuple(it for it in wanted if self._model.get(it.id))
        added = tuple(it for it in wanted if not self._model.get(it.id))
        self._model.apply(Diff(changed=changed, added=added))
        self._show_note()

    def _failed(self, cause: AutoskyError) -> None:
        if self._store.connection.live:
            failed = _(labels.HISTORY_COULD_NOT_BE_READ)
            self._error.tell(failed.format(why=sentence(cause)), take_focus=False)
        self._show_note()

    def _try_again(self) -> None:
        self._error.clear()
        self._ask()

    def _tell(self, text: str) -> None:
        self._news = text
        self._show_note()
        announce(self, text)

    def _show_note(self) -> None:
        rows, nothing = self._model.rowCount(), self._model.rowCount() == 0
        known = self._pages.begun or self._details.revision is not None
        empty = nothing and known and not self._pages.busy
        text = self._nothing() if empty else self._news
        for widget in (self.filters, self.export.button):
            widget.setVisible(not empty or self._is_filtered())
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._everything.setVisible(nothing and self._is_filtered())
        self.table.setVisible(rows > 0)

    def _is_filtered(self) -> bool:
        """Return whether the person filters; a tab's own model is none of their doing."""
        chosen = self._only is None and self._filter.model is not None
        return bool(self._filter) or chosen

    def _nothing(self) -> str:
        if self._is_filtered():
            return _(labels.NO_PUBLICATION_MATCHES_THESE_FILTERS)
        if self._was_scheduled:
            return _(labels.NO_SCHEDULED_PUBLICATION_RAN)
        if self._only:
            return _(labels.NOTHING_PUBLISHED_THIS_WAY)
        return _(labels.NOTHING_PUBLISHED_YET)

    def _lay_out(self) -> None:
        for widget in (self.filters, self.export.button, self._all):
            self.add_action(widget)
        self._note.setContentsMargins(16, 12, 16, 12 - FOOT)
        self._note.setWordWrap(True)
        set_style(self._note, TextStyle.BODY, "text2")
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 16, 0)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._everything)
        self.set_table(self.table)
        self.body.setContentsMargins(0, 0, 0, FOOT)
        self.body.addWidget(self._error)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        self.filters.changed.connect(self._look_elsewhere)
        self.table.end_near.connect(self._ask)
        self.table.info_requested.connect(self.details_asked)
        self.table.activated_record.connect(self.details_asked)
        self.table.menu_requested.connect(
            lambda run, place: self.menu_asked.emit(run, self.table.selected_records(), place)
        )
        self.export.news.connect(self._tell)
        self.export.failed.connect(lambda text: self._error.tell(text, again=False))
        self._error.again.connect(self._try_again)
        self._everything.clicked.connect(self.filters.clear)
        self._all.clicked.connect(self.all_asked)
