"""Questions about a publication that runs, failed or waits for its time: each follows it."""

import logging
from collections.abc import Callable
from datetime import datetime
from html import escape

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import Way
from autosky_desktop.domain.publication import Publication, StepState
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.publish.runs import is_scheduled
from autosky_desktop.ui.question import Ask, Consequence, Question
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.words import publishing, scheduling, states
from autosky_desktop.ui.words import running as words
from autosky_desktop.ui.words.errors import sentence
from autosky_desktop.ui.words.language import translate

log = logging.getLogger(__name__)

Word = Callable[[Publication], Ask]


class RunQuestions(QObject):
    """One at a time; what it says changes with the run, and what came too late says so.

    `failed`: why what needed no question did not happen.
    """

    failed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        environment: str,
        store: Store,
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._environment = environment
        self._store = store
        self._intents = intents
        self._tasks = tasks
        self._now = now
        self._open: Question | None = None
        self._table = store.details(environment).publications

    def stop(self, run: Publication) -> None:
        self._ask(run, self._stopping, self._intents.cancel(run.id))

    def retry(self, run: Publication) -> None:
        self._ask(run, self._retrying, self._intents.retry(run.id))

    def go_on(self, run: Publication) -> None:
        """At once: it undoes nothing."""
        self._tasks.spawn(self._go_on(self._intents.go_on(run.id, Way.ON)), name="go on")

    def go_back(self, run: Publication) -> None:
        self._ask(run, self._going_back, self._intents.go_on(run.id, Way.BACK))

    def cancel_scheduled(self, run: Publication) -> None:
        self._ask(run, self._cancelling, self._intents.cancel(run.id))

    async def _go_on(self, order: Order[Publication]) -> None:
        try:
            await order.send()
        except AutoskyError as cause:
            log.info("It does not go on: %r", cause)
            self.failed.emit(sentence(cause))

    def _ask(self, run: Publication, word: Word, order: Order[Publication]) -> None:
        record = self._store.environments.get(self._environment)
        if record is None or self._open:
            return

        async def send() -> None:
            await order.send()

        self._open = Question(self._window.window(), record, word(run), send, self._tasks)

        def look(_diff: Diff[Publication]) -> None:
            now = self._table.get(run.id)
            if now and self._open:
                self._open.change(word(now))

        def closed() -> None:
            self._open = None
            self._table.unwatch(look)

        self._open.finished.connect(closed)
        self._table.watch(look)
        self._open.open()

    def _stopping(self, run: Publication) -> Ask:
        ended = translate("run", "It has ended in the meantime.") if run.ended else ""
        return Ask(
            translate("run", "Stop publication"),
            translate("run", "Stop the publication of version {n}?").format(n=run.version),
            [
                Consequence("layers", "warn", escape(words.replaced_so_far(run))),
                Consequence("check-circle", "ok", escape(words.stays_done(run))),
                Consequence("users", "ok", escape(words.sessions_of_stopping(run))),
            ],
            translate("run", "Stop publication"),
            translate("run", "Stopping…"),
            reason=ended or words.cannot_stop(run),
        )

    def _retrying(self, run: Publication) -> Ask:
        failed = next((it for it in run.steps if StepState(it.state) is StepState.FAILED), None)
        what = translate("run", "It goes on from the step that failed: {step}.").format(
            step=states.step_name(failed.name).lower() if failed else "–"
        )
        why = publishing.failure(failed) if failed else ""
        again = translate("run", "It is already being tried again.")
        return Ask(
            translate("run", "Try again"),
            translate("run", "Try the publication of version {n} again?").format(n=run.version),
            [
                Consequence("restart", "warn", escape(what), escape(why)),
                Consequence("check-circle", "ok", escape(words.stays_done(run))),
                Consequence("layers", "ok", escape(words.replaced_so_far(run))),
            ],
            translate("run", "Try again"),
            translate("run", "Trying again…"),
            reason=words.cannot_retry(run, self._now()) if failed else again,
        )

    def _going_back(self, run: Publication) -> Ask:
        what, ends = words.going_back(run)
        return Ask(
            translate("run", "Return to the previous version"),
            translate("run", "Return to version {n}?").format(n=run.replaces),
            [
                Consequence("undo", "warn", escape(what[0]), escape(what[1])),
                Consequence("users", "bad" if ends else "ok", escape(what[2])),
            ],
            translate("run", "Return to version {n}").format(n=run.replaces),
            translate("run", "Returning…"),
            safe=translate("run", "Keep waiting"),
            hurts=ends,
            reason="" if words.is_held(run) else translate("run", "It is no longer waiting."),
        )

    def _cancelling(self, run: Publication) -> Ask:
        at, zone = run.scheduled_for or run.requested_at, run.time_zone or "UTC"
        when = scheduling.when(at, zone, self._now())
        what = translate(
            "run", "The publication scheduled for {when} ({model}) will not start."
        ).format(model=publishing.model(run.plan.model), when=when)
        started = translate(
            "run", "It started at {time}; stop the running publication instead."
        ).format(time=scheduling.clock_there(at, zone))
        return Ask(
            translate("run", "Cancel publication"),
            translate("run", "Cancel the publication scheduled for {when}?").format(when=when),
            [Consequence("clock-x", "warn", escape(what), escape(run.note))],
            translate("run", "Cancel this publication"),
            translate("run", "Cancelling…"),
            safe=translate("run", "Keep it"),
            reason="" if is_scheduled(run) else started,
        )
