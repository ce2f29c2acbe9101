"""The small window that moves a scheduled publication to another time."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import may_be_done
from autosky_desktop.domain.local_time import same_zone
from autosky_desktop.domain.plan import MoveRequest, PreviewRequest, Schedule, Switch
from autosky_desktop.domain.publication import (
    Check,
    Preview,
    Publication,
    is_scheduled,
    planned_for,
)
from autosky_desktop.domain.reasons import MAY_PASS, CheckLevel
from autosky_desktop.store.table import Diff, Table
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.publish.preview.impact import CheckRow, Previews
from autosky_desktop.ui.publish.schedule.moment import MomentField
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.dialog import CONFIRM, Dialog
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words import publishing, scheduling, states
from autosky_desktop.words.checks import reason_to_wait
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class MoveDialog(Dialog):
    """Asks for another time, and names the moment that stands.

    Moved by somebody else meanwhile, it shows the new one.
    """

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        run: Publication,
        table: Table[Publication],
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        name = _(labels.MOVE_PUBLICATION if is_scheduled(run) else labels.MOVE_SWITCH)
        super().__init__(window, name, width=CONFIRM, acting=name, safe="…", stays=True)
        self.tag.show_label(environment.label, states.label(environment.label))
        self.acting.make_room_for(_(labels.MOVING))
        self._run, self._table, self._intents, self._now = run, table, intents, now
        self._stands, self._error = QLabel(), ErrorBox()
        self._order: tuple[MoveRequest, Order[Publication]] | None = None
        set_style(self._stands, TextStyle.BODY, "text2")
        self._stands.setWordWrap(True)
        self._at = MomentField(now)
        self._checks, self._waits = QVBoxLayout(), ""
        self._checks.setSpacing(6)
        self._previews = Previews(environment.id, intents, tasks, self)
        self._previews.came.connect(self._show_checks)
        for widget in (self._stands, self._at, self._error):
            self.body.addWidget(widget)
        self.body.insertLayout(self.body.indexOf(self._error), self._checks)
        self._action = AsyncAction(name, self._send, self._failed, tasks, self)
        self._action.busy_changed.connect(self._show_busy)
        self.acted.connect(self._action.trigger)
        self._error.again.connect(self._action.trigger)
        self._at.begin(self._expected, self._zone_of(run) or environment.time_zone)
        self._at.changed.connect(self._look_at_what_is_chosen)
        table.watch(self._look)
        self.finished.connect(self._forget)
        self._look_at_what_is_chosen()
        self._at.first.setFocus()

    def reject(self) -> None:
        """Close it, but not while it is being asked for: leaving would not take that back."""
        if not self._action.busy:
            super().reject()

    @property
    def _expected(self) -> datetime:
        return planned_for(self._run) or self._run.scheduled_for or self._run.requested_at

    @staticmethod
    def _zone_of(run: Publication) -> str | None:
        """Return the zone in which the moment was chosen that can be moved."""
        if not is_scheduled(run) and run.plan.switch:
            return run.plan.switch.time_zone
        return run.time_zone

    def _show(self) -> None:
        zone = self._zone_of(self._run) or "UTC"
        when = scheduling.when(self._expected, zone, self._now())
        said = _(labels.MODEL_IS_SCHEDULED_FOR_WHEN)
        if not is_scheduled(self._run):
            said = _(labels.SWITCHES_WHEN)
        model, version = publishing.model(self._run.plan.model), self._run.version
        self._stands.setText(said.format(model=model, n=version, when=when))
        same = same_zone(zone, self._at.time_zone)
        worded = scheduling.when_there if same else scheduling.when_named
        kept = worded(self._expected, zone, self._now())
        self.safe.setText(_(labels.KEEP_WHEN).format(when=kept))
        at, reason = self._at.moment, self._problem()
        to = worded(at, self._at.time_zone, self._now()) if at else ""
        text = _(labels.MOVE_TO_WHEN).format(when=to) if at else _(labels.MOVE)
        self.acting.setText(text)
        self.acting.setEnabled(not reason and not self._action.busy)
        self.acting.setToolTip(tip(reason))
        self.acting.setAccessibleDescription(reason)

    def _look_at_what_is_chosen(self) -> None:
        """Ask what would be in its way then: the same is looked at as when it is planned."""
        self._waits = ""
        self._show()
        at = self._at.moment
        if at is None or self._problem():
            self._previews.stop()
            self._show_levels([])
            return
        plan, identity = self._run.plan, self._run.id
        if is_scheduled(self._run):
            self._previews.ask(PreviewRequest(plan=plan, at=at, editing=identity))
        else:
            switch = Switch(at=at, time_zone=self._at.time_zone)
            plan = replace(plan, switch=switch)
            self._previews.ask(PreviewRequest(plan=plan, editing=identity))

    def _show_checks(self, preview: Preview, _request: PreviewRequest) -> None:
        shown = [
            it for it in preview.checks if it.level != CheckLevel.PASS and it.code not in MAY_PASS
        ]
        waits = [it for it in shown if it.level == CheckLevel.WAIT]
        self._waits = reason_to_wait(waits[0], self._at.time_zone, self._now()) if waits else ""
        self._show_levels(shown)
        self._show()

    def _show_levels(self, shown: Sequence[Check]) -> None:
        while line := self._checks.takeAt(0):
            if widget := line.widget():
                widget.deleteLater()
        for it in shown:
            row = CheckRow()
            row.show_check(it, self._at.time_zone, None, self._now())
            self._checks.addWidget(row)

    def _problem(self) -> str:
        """Say why it cannot be moved so; empty when it can."""
        if planned_for(self._run) is None and self._run.plan.switch:
            return _(labels.SWITCHED_ALREADY)
        if planned_for(self._run) is None:
            at = scheduling.clock_there(self._expected, self._run.time_zone or "UTC")
            text = _(labels.IT_STARTED)
            return text.format(time=at)
        if problem := self._at.problem():
            return problem
        stands = self._expected.replace(second=0, microsecond=0)
        if self._at.moment == stands:
            scheduled = is_scheduled(self._run)
            return _(
                labels.ALREADY_SCHEDULED_FOR_THEN if scheduled else labels.ALREADY_SWITCHES_THEN
            )
        return self._waits

    def _look(self, _diff: Diff[Publication] | None = None) -> None:
        run = self._table.get(self._run.id)
        if run is None or run == self._run or self._action.busy:
            return
        if self._may_be_done and self._order and planned_for(run) == self._order[0].schedule.at:
            self.accept()
            return
        self._run = run
        self._show()
        if planned_for(run) is None:
            self._error.tell(self._problem(), again=False)

    async def _send(self) -> None:
        at = self._at.moment
        if at is None or self._problem():
            self._show()  # time went by
            return
        self._error.clear()
        self._may_be_done = False
        schedule = Schedule(at=at, time_zone=self._at.time_zone)
        request = MoveRequest(expected=self._expected, schedule=schedule)
        if self._order is None or self._order[0] != request:
            self._order = (request, self._intents.move(self._run.id, request))
        await self._order[1].send()
        self.accept()

    _may_be_done = False

    def _failed(self, cause: Exception) -> None:
        self._may_be_done = may_be_done(cause)
        self._error.tell(sentence(cause, self._now()))

    def _show_busy(self, busy: bool) -> None:
        self.safe.setEnabled(not busy)
        if busy:
            self.acting.show_busy(_(labels.MOVING))
        else:
            self.acting.show_ready()
            self._show()
            self._look()

    def _forget(self) -> None:
        self._table.unwatch(self._look)
        self._previews.stop()
        self.deleteLater()
