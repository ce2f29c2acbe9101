"""The Publish tab of one environment: forms, what they will touch, the run, the history."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.extending import behind
from autosky_desktop.domain.links import Place, link_to
from autosky_desktop.domain.plan import EditRequest, PreviewRequest, PublishRequest
from autosky_desktop.domain.publication import (
    Preview,
    Publication,
    is_scheduled,
    newest_first,
    scheduled,
    under_way,
)
from autosky_desktop.domain.searching import plain
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.publish.arrangement import Arrangement, Side
from autosky_desktop.ui.publish.form.form import PublishForm, why_wait
from autosky_desktop.ui.publish.form.forms import Forms
from autosky_desktop.ui.publish.history.again import Again
from autosky_desktop.ui.publish.history.records import Records
from autosky_desktop.ui.publish.preview.impact import Previews
from autosky_desktop.ui.publish.preview.question import PublishQuestion
from autosky_desktop.ui.publish.run.card import RunningCard
from autosky_desktop.ui.publish.run.questions import RunQuestions
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.refreshing import MINUTE, Ticking, watch_while_alive
from autosky_desktop.ui.widgets.scrolled import scroll_into_view, scroll_to_top
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.impact import uses
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class PublishPage(QWidget):
    """Reads the store, asks for previews, and sends the intent to publish. `connect_asked`: the
    person wants to connect to that instance.
    """

    connect_asked = Signal(object)

    def __init__(
        self,
        environment: str,
        store: Store,
        intents: Intents,
        shutdowns: ShutdownQuestions,
        tasks: Nursery,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment = environment
        self._store = store
        self._intents = intents
        self._shutdowns = shutdowns
        self._now = now
        self._details = store.details(environment)
        self._preview: Preview | None = None
        self._previews = Previews(environment, intents, tasks, self)
        self._asking = PublishQuestion(self, environment, store, intents, tasks, now)
        self.questions = RunQuestions(self, environment, store, intents, tasks, now)
        # where they will stand: a widget that is moved there is dressed twice, with all in it
        self.forms = Forms(now, self._time_zone, self)
        self.side = Side(now, self)
        self.impact = self.side.impact
        self.running = RunningCard(
            lambda run: str(link_to(store.me, Place.PUBLICATION, run.id)), now, self
        )
        self.again = Again(environment, store, self)
        self.records = Records(
            environment, store, intents, self.questions, self.again, tasks, now, self
        )
        self._arrangement = Arrangement(self, self.forms, self.side, self.running, self.records)
        self.folded = self._arrangement.folded
        self._ticking = Ticking(self, self._tick)
        self._connect()
        self._refresh()

    def set_narrow(self, narrow: bool) -> None:
        """Turn the impact into one line above the button, in a window below 1120 pixels."""
        self._arrangement.set_narrow(narrow)

    def has_edits(self) -> bool:
        """Return whether a form holds what somebody chose or typed."""
        return self.forms.has_edits()

    def discard(self) -> None:
        self.forms.reset()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the first field of the form that is shown.

        A focus proxy would do the same, but Qt makes a widget that has one a stop of the Tab key,
        and then the models before the form cannot be reached.
        """
        here = self.folded if self.folded.folded else self.forms.shown.first
        here.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_preview()

    @property
    def _time_zone(self) -> str:
        record = self._store.environments.get(self._environment)
        return record.time_zone if record else "UTC"

    def _connect(self) -> None:
        self.forms.turned.connect(self._turned)
        self.forms.changed.connect(self._form_changed)
        self.forms.told_changed.connect(self._allow)
        self.forms.publish_asked.connect(self._confirm)
        self.forms.show_asked.connect(self._toggle_impact)
        self.impact.again.connect(self._form_changed)
        self.impact.fix_asked.connect(self._extend)
        self._previews.begun.connect(self._begun)
        self._previews.came.connect(self._show_preview)
        self._previews.failed.connect(self._show_failure)
        _answer(self.running, self.questions)
        self.running.details_asked.connect(self.records.open_details)
        self.running.dismissed.connect(self._changed)
        self.running.look_asked.connect(self.connect_asked)
        self.running.move_asked.connect(self.records.move_run)
        self.questions.failed.connect(self._tell_failure)
        self.again.asked.connect(self._publish_again)
        self.again.failed.connect(self._tell_failure)
        self.records.edit_asked.connect(self._edit)
        self.records.all_asked.connect(self._show_all)
        for table in (
            self._details.publications,
            self._details.instances,
            self._details.servers,
        ):
            watch_while_alive(self, table, lambda _diff: self._changed())
        watch_while_alive(self, self._store, self._refresh)

    def _show_all(self) -> None:
        """Show all publications.

        The button that asked for it goes: where one is now takes the keyboard.
        """
        self.forms.tabs.setCurrentIndex(0)
        self.forms.tabs.setFocus()

    def _toggle_impact(self) -> None:
        opened = self.impact.toggle()
        self.forms.shown.line.show_opened(opened)
        if opened:
            scroll_into_view(self.impact)

    def _extend(self, to: datetime) -> None:
        self._shutdowns.extend_to(self._environment, to)

    def _form_changed(self) -> None:
        """Ask for a new preview, for which the button waits: the one shown is of another plan."""
        self._preview = None
        self._ask_preview()

    def _changed(self) -> None:
        self._ticking.now()
        self._ask_preview()

    def _refresh(self) -> None:
        self.forms.begin(self._store.me.operator if self._store.me else "")
        self.records.refresh()
        self._ticking.now()
        self._ask_preview()

    def _tick(self) -> int | None:
        runs = newest_first(self._details.publications)
        self.forms.show_waiting(len(scheduled(runs)))
        self.forms.shown.tick()
        begun = [run for run in runs if not is_scheduled(run)]
        pauses = (
            self.running.show_runs(begun, self._store.connection),
            self.records.tick(),
            MINUTE if self.forms.model is None else None,
        )
        instances = sorted(self._details.instances, key=lambda it: plain(it.name))
        self.running.show_instances(instances, self._store.connection)
        self.forms.show_instances(instances)
        self._arrangement.show(runs=under_way(runs) is not None)
        return min((it for it in pauses if it is not None), default=None)

    def _turned(self) -> None:
        self.records.show_only(self.forms.model)
        self.forms.shown.line.show_opened(self.impact.opened)
        self._arrangement.order_tabs()
        self._ticking.now()
        self._form_changed()

    def _ask_preview(self) -> None:
        """Ask anew what publishing would touch; nothing is known of it while one runs."""
        if self.folded.folded:
            self._preview = None
        self._allow()
        request = self.forms.shown.preview_request()
        looked_at = self.isVisible() and not self.folded.folded
        if request is None or not looked_at or not self._store.connection.live:
            self._previews.stop()
            if problem := self.forms.shown.fields.problem():
                self.side.show_problem(problem)
            return
        self._previews.ask(request)

    def _begun(self) -> None:
        if self._preview is None:
            self.impact.show_asking()

    def _show_preview(self, preview: Preview, request: PreviewRequest) -> None:
        self._preview, now = preview, self._now()
        record = self._store.environments.get(self._environment)
        fix = behind(preview, record, request.at, now=now)
        plan = request.plan
        later = request.at is not None
        form = self.forms.shown
        self.impact.show_preview(preview, plan, form.typed_zone, now, fix, later=later)
        form.show_preview(preview)
        asked = plan.reconnection or (plan.deadline and plan.deadline.reconnection)
        name = record.name if record else self._environment
        self.side.show_message(asked or None, name, preview.version, self._time_zone)
        self._allow()

    def _show_failure(self, cause: AutoskyError) -> None:
        self._preview = None
        why = sentence(cause, self._now())
        self.impact.show_failure(why)
        self.forms.shown.show_failure(why)

    def _allow(self) -> None:
        preview, form = self._preview, self.forms.shown
        asked = preview and preview.sessions_asked and preview.allowance
        remark = uses(preview.allowance) if asked and preview and preview.allowance else ""
        later = self.forms.model is None
        why = why_wait(self._store, self._environment, form, preview, later=later, now=self._now())
        form.allow(why, remark)

    def _confirm(self) -> None:
        if self._preview is None:
            return
        form = self.forms.shown
        self._asking.ask(
            form.request(self._preview.version),
            self._preview,
            send=self._order,
            done=lambda: self._published(form),
            editing=form.editing.id if form.editing else None,
        )

    def _published(self, form: PublishForm) -> None:
        later = self.forms.model is None
        form.reset()
        self.forms.leave_again()
        if later:
            self.forms.tabs.setFocus()  # the button waits for another look, and would hand it on
        scroll_to_top(self)

    def _tell_failure(self, text: str) -> None:
        self.running.tell_failure(text)
        self._ticking.now()
        scroll_to_top(self)

    def _publish_again(self, version: int) -> None:
        self.running.forget_failure()
        self._ticking.now()
        self.forms.publish_again(version)
        self._show_form()

    def _edit(self, run: Publication) -> None:
        self.forms.edit(run)
        self._show_form()

    def _show_form(self) -> None:
        """Scroll up to the form, which may be far above the row that opened it."""
        self.forms.shown.first.setFocus()
        scroll_to_top(self)

    def _order(self, request: PublishRequest) -> Order[Publication]:
        editing = self.forms.editing
        if editing and isinstance(request, EditRequest):
            return self._intents.edit(editing.id, request)
        return self._intents.publish(self._environment, request)


def _answer(running: RunningCard, questions: RunQuestions) -> None:
    """Let what is asked of the publication that runs be done, after its question."""
    running.stop_asked.connect(questions.stop)
    running.retry_asked.connect(questions.retry)
    running.go_on_asked.connect(questions.go_on)
    running.go_back_asked.connect(questions.go_back)


class NotScaling(QWidget):
    """Shows one sentence instead of a form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(_(labels.ONLY_SCALING_PUBLISHES))
        label.setWordWrap(True)
        set_style(label, TextStyle.BODY, "text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(label)
        column.addStretch(1)

    def set_narrow(self, narrow: bool) -> None:
        """Change nothing: one sentence fits everywhere."""

    def has_edits(self) -> bool:
        return False

    def discard(self) -> None:
        """Discard nothing, as nothing was typed."""


def publish_tab(
    environment: str,
    store: Store,
    intents: Intents,
    shutdowns: ShutdownQuestions,
    tasks: Nursery,
    now: Callable[[], datetime],
    parent: QWidget | None = None,
) -> QWidget:
    """Return a tab of forms where versions can be published, of one sentence where they cannot."""
    record = store.environments.get(environment)
    if record and not record.is_scaling:
        return NotScaling(parent)
    return PublishPage(environment, store, intents, shutdowns, tasks, now, parent)
