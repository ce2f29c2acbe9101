"""Questions about a publication that runs, failed or waits for its time: each follows it."""

import logging
from collections.abc import Callable
from datetime import datetime
from html import escape

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain import publication as rest
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import HoldDecision, PreviewRequest
from autosky_desktop.domain.publication import Preview, Publication, PublicationState, is_scheduled
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.publish.preview.impact import Previews
from autosky_desktop.ui.question import Question
from autosky_desktop.words import publishing, run_questions, scheduling
from autosky_desktop.words import running as words
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.question import Ask, Consequence

log = logging.getLogger(__name__)

Word = Callable[[Publication], Ask]
PreviewedWord = Callable[[Environment, Publication, Preview, datetime], Ask]


class RunQuestions(QObject):
    """Asks one question at a time, which changes with the run and says when it came too late.

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
        self._looking = False
        self._preview: Preview
        self._previews = Previews(environment, intents, tasks, self)
        self._going_on: tuple[Publication, Order[Publication]] | None = None
        self._table = store.details(environment).publications
        self._instances = store.details(environment).instances

    def stop(self, run: Publication) -> None:
        self._ask(run, self._stopping, self._intents.cancel(run.id))

    def retry(self, run: Publication) -> None:
        self._look(run, run_questions.retrying, self._intents.retry(run.id), rest.rest_of(run))

    def go_on(self, run: Publication) -> None:
        """Let the run go on; at once where nobody is asked or disconnected: that undoes nothing.

        While it waits as it did, that is the same request.
        """
        if self._going_on is None or self._going_on[0] != run:
            self._going_on = run, self._intents.go_on(run.id, HoldDecision.ON)
        order = self._going_on[1]
        if rest.asks_before(run) or rest.waits_for_switch(run):
            self._look(run, run_questions.going_on, order, rest.rest_of(run))
        else:
            self._tasks.spawn(self._go_on(order), name="go on")

    def go_back(self, run: Publication) -> None:
        order = self._intents.go_on(run.id, HoldDecision.BACK)
        self._look(run, run_questions.going_back, order, rest.instead_of(run))

    def cancel_scheduled(self, run: Publication) -> None:
        self._ask(run, self._cancelling, self._intents.cancel(run.id))

    async def _go_on(self, order: Order[Publication]) -> None:
        try:
            await order.send()
        except AutoskyError as cause:
            log.info("It does not go on: %r", cause)
            self.failed.emit(sentence(cause, self._now()))

    def _look(
        self,
        run: Publication,
        word: PreviewedWord,
        order: Order[Publication],
        request: PreviewRequest,
    ) -> None:
        """Ask the question once it is known what it touches, and go on looking while it is open."""
        record = self._store.environments.get(self._environment)
        if record is None or self._open or self._looking:
            return
        self._looking = True

        async def look() -> None:
            try:
                self._preview = await self._intents.preview(self._environment, request)
            except AutoskyError as cause:
                log.info("Nobody knows what it would touch: %r", cause)
                self.failed.emit(sentence(cause, self._now()))
                return
            finally:
                self._looking = False
            now = self._table.get(run.id) or run
            self._ask(now, lambda it: word(record, it, self._preview, self._now()), order, request)

        self._tasks.spawn(look(), name="look at what it touches")

    def _ask(
        self,
        run: Publication,
        word: Word,
        order: Order[Publication],
        request: PreviewRequest | None = None,
    ) -> None:
        record = self._store.environments.get(self._environment)
        if record is None or self._open:
            return

        async def send() -> None:
            await order.send()

        self._open = Question(
            self._window.window(), record, word(run), send, self._tasks, self._now
        )

        def say() -> None:
            now = self._table.get(run.id)
            if now and self._open:
                self._open.change(word(now))

        def look(_diff: object) -> None:
            say()
            if request and self._open and self._store.connection.live:
                self._previews.ask(request)

        def came(preview: Preview, _request: PreviewRequest) -> None:
            self._preview = preview
            say()

        def closed() -> None:
            self._open = None
            self._previews.stop()
            self._previews.came.disconnect(came)
            self._table.unwatch(look)
            self._instances.unwatch(look)

        self._open.finished.connect(closed)
        self._previews.came.connect(came)
        self._table.watch(look)
        self._instances.watch(look)
        self._open.open()

    def _stopping(self, run: Publication) -> Ask:
        ended = _(labels.IT_HAS_ENDED_IN_MEANTIME) if run.ended else ""
        return Ask(
            _(labels.STOP_PUBLICATION),
            _(labels.STOP_PUBLICATION_OF_VERSION_N).format(n=run.version),
            [
                Consequence("layers", "warn", escape(words.replaced_so_far(run))),
                Consequence("check-circle", "ok", escape(words.stays_done(run))),
                Consequence("users", "ok", escape(words.sessions_of_stopping(run))),
            ],
            _(labels.STOP_PUBLICATION),
            _(labels.STOPPING),
            reason=ended or words.cannot_stop(run),
            done=run.cancel_asked_by is not None,
        )

    def _cancelling(self, run: Publication) -> Ask:
        at, zone = run.scheduled_for or run.requested_at, run.time_zone or "UTC"
        when = scheduling.when(at, zone, self._now())
        what = _(labels.WILL_NOT_START).format(model=publishing.model(run.plan.model), when=when)
        started = _(labels.STOP_THE_RUNNING_ONE).format(time=scheduling.clock_there(at, zone))
        return Ask(
            _(labels.CANCEL_PUBLICATION),
            _(labels.CANCEL_PUBLICATION_SCHEDULED_FOR_WHEN).format(when=when),
            [Consequence("clock-x", "warn", escape(what), escape(run.note))],
            _(labels.CANCEL_THIS_PUBLICATION),
            _(labels.CANCELLING),
            safe=_(labels.KEEP_IT),
            reason="" if is_scheduled(run) else started,
            done=PublicationState(run.state) is PublicationState.CANCELLED,
        )
