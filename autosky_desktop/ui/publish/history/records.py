"""The records: the scheduled publications, the history, and what can be done about them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.links import Link, Place, link_to
from autosky_desktop.domain.plan import Model
from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff, Table
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.publish.history.again import Again
from autosky_desktop.ui.publish.history.card import HistoryCard
from autosky_desktop.ui.publish.history.compare import Compare
from autosky_desktop.ui.publish.history.details import copy_details, show_details
from autosky_desktop.ui.publish.run.commands import COPIES, OF_SCHEDULED, OF_VERSION, RunCommand
from autosky_desktop.ui.publish.run.questions import RunQuestions
from autosky_desktop.ui.publish.schedule.card import ScheduledCard
from autosky_desktop.ui.widgets.hints import copy_link
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.refreshing import watch_while_alive
from autosky_desktop.words import publishing
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class Records(QWidget):
    """Shows the scheduled publications and the history.

    `edit_asked`: a scheduled one shall be shown in the form.
    """

    edit_asked = Signal(object)
    all_asked = Signal()

    def __init__(
        self,
        environment: str,
        store: Store,
        intents: Intents,
        questions: RunQuestions,
        again: Again,
        tasks: Nursery,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment, self._store, self._intents = environment, store, intents
        self._questions, self._again = questions, again
        self._tasks, self._now = tasks, now
        self._details = store.details(environment)
        self._scheduled: ScheduledCard | None = None
        self.history = HistoryCard(environment, store, intents, tasks, now, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.history)
        self.history.details_asked.connect(self.open_details)
        self.history.menu_asked.connect(self._open_menu)
        self.history.all_asked.connect(self.all_asked)
        watch_while_alive(self, self._details.publications, self._changed)

    def show_only(self, model: Model | None) -> None:
        """Show the publications of that tab: all, a model's, or what was and is scheduled."""
        scheduled = model is None
        if scheduled and self._scheduled is None:
            self._scheduled = self._make_scheduled()
            self._column.insertWidget(0, self._scheduled)
        if self._scheduled:
            self._scheduled.setVisible(scheduled)
        only = None if model is Model.OPTIMIZED else model
        self.history.show_only(only, was_scheduled=scheduled)

    def refresh(self) -> None:
        self.history.refresh()
        if self._scheduled:
            self._scheduled.allow(self._offline())

    def tick(self) -> int | None:
        self.history.tick()
        visible = self._scheduled and self._scheduled.isVisible()
        return self._scheduled.tick() if self._scheduled and visible else None

    def open_details(self, run: Publication) -> None:
        record = self._store.environments.get(self._environment)
        table = self._details.publications
        if table.get(run.id) is None:
            table = Table()
            table.put(run)
        if record:
            link = self._link(run)
            show_details(self.window(), link, table, record, self._now, again=self._again)

    def publish_again(self, run: Publication) -> None:
        """Ask how to publish that version again; where it cannot be, say why."""
        self._again.ask(run)

    def publish_before_again(self, run: Publication) -> None:
        """Ask how to publish again what that run replaced, which nothing here had published."""
        self._again.ask_before(run)

    def _changed(self, diff: Diff[Publication]) -> None:
        self.history.apply(diff)
        if self._scheduled:
            self._scheduled.apply(diff)

    def _offline(self) -> str:
        live = self._store.connection.live
        return "" if live else _(labels.NO_CONNECTION_TO_CONTROL_PLANE)

    def _make_scheduled(self) -> ScheduledCard:
        record = self._store.environments.get(self._environment)
        card = ScheduledCard(record.name if record else self._environment, self._now)
        card.move_asked.connect(self.move_run)
        card.cancel_asked.connect(self.cancel)
        card.menu_asked.connect(self._open_scheduled_menu)
        card.apply(Diff(added=tuple(self._details.publications)))
        card.allow(self._offline())
        return card

    def move_run(self, run: Publication) -> None:
        from autosky_desktop.ui.publish.schedule.move_dialog import MoveDialog

        if (record := self._store.environments.get(self._environment)) and not self._offline():
            MoveDialog(
                self.window(), record, run, self._details.publications, self._intents,
                self._tasks, self._now,
            ).open()  # fmt: skip

    def edit(self, run: Publication) -> None:
        self.edit_asked.emit(run)

    def cancel(self, run: Publication) -> None:
        self._questions.cancel_scheduled(run)

    def _open_menu(self, run: Publication, chosen: Sequence[Publication], place: QPoint) -> None:
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self._add_lines(menu, OF_VERSION, run)
        if run.replaced_image is not None:
            text = _(labels.PUBLISH_VERSION_N_AGAIN).format(n=run.replaces)
            before = menu.add(text, "undo", reason=self._again.why_not_before(run))
            before.triggered.connect(lambda: self.publish_before_again(run))
        other = next((it for it in chosen if it.id != run.id), None)
        two = len(chosen) == 2 and other is not None
        text = _(labels.COMPARE_WITH_ANOTHER)
        if two and other:
            text = _(labels.COMPARE_WITH_VERSION_N).format(n=publishing.version(other))
        why = "" if two else _(labels.SELECT_TWO)
        compare = menu.add(text, "layers", reason=why)
        compare.triggered.connect(lambda: self._compare(run, other))
        self._add_lines(menu, COPIES, run)
        menu.popup_inside(place, self.window())

    def _open_scheduled_menu(self, run: Publication, place: QPoint) -> None:
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self._add_lines(menu, OF_SCHEDULED, run)
        menu.popup_inside(place, self.window())

    def _add_lines(self, menu: Menu, commands: Sequence[RunCommand], run: Publication) -> None:
        for it in commands:
            text = f"{_(it.text)}\t{it.key}" if it.key else _(it.text)
            reason = it.why_not(self._store, self._environment, run)
            line = menu.add(text, it.icon, reason=reason)
            line.triggered.connect(lambda _on=False, it=it: it.do(self, run))

    def _link(self, run: Publication) -> Link:
        return link_to(self._store.me, Place.PUBLICATION, run.id)

    def copy_link(self, run: Publication) -> None:
        copy_link(self.window(), self._link(run))

    def _compare(self, run: Publication, other: Publication | None) -> None:
        if other:
            Compare(self.window(), run, other, self._now()).open()

    def copy(self, run: Publication) -> None:
        if record := self._store.environments.get(self._environment):
            copy_details(run, record, self._now())
