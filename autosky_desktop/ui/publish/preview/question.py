"""The question before publishing, which follows the facts while it is open."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.errors import AnswerLost, AutoskyError
from autosky_desktop.domain.plan import PreviewRequest, PublishRequest
from autosky_desktop.domain.publication import Preview, Publication
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.publish.preview.impact import Previews
from autosky_desktop.ui.question import Question
from autosky_desktop.words.publish_question import question

Send = Callable[[PublishRequest], Order[Publication]]


class PublishQuestion(QObject):
    """Asks before one request: what is confirmed is what the person was shown last."""

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
        self._tasks = tasks
        self._now = now
        self._open: Question | None = None
        self._details = store.details(environment)
        self._previews = Previews(environment, intents, tasks, self)
        self._previews.came.connect(self._came)
        self._tables = (self._details.instances, self._details.servers, self._details.publications)

    def ask(
        self,
        request: PublishRequest,
        preview: Preview,
        *,
        send: Send,
        done: Callable[[], None],
        editing: str | None = None,
    ) -> None:
        """Open the question; `send` makes the order of what was agreed to. `editing`: the id of
        the scheduled publication that is changed.
        """
        record = self._store.environments.get(self._environment)
        if record is None or self._open:
            return
        self._request, self._preview, self._done = request, preview, done
        self._sent: PublishRequest | None = None
        self._send, self._editing = send, editing
        self._order = send(request)
        ask = question(record, preview, request, self._operator(), self._now())
        window = self._window.window()
        opened = Question(window, record, ask, self._publish, self._tasks, self._now, self._look)
        opened.finished.connect(self._closed)
        for table in self._tables:
            table.watch(self._changed)  # which tells at once what is known, and that was shown
        self._open = opened
        opened.open()

    async def _look(self) -> None:
        """Note what was shown, and look again: that is agreed to, whatever the look finds."""
        self._agreed = self._request, self._order
        await self._order.look()

    async def _publish(self) -> None:
        self._sent, order = self._agreed
        self._before = {run.id: run for run in self._details.publications}
        try:
            await order.send()
        except AnswerLost:
            if not self._is_done():  # heard meanwhile
                raise
        except AutoskyError:
            self._sent = None
            raise
        self._sent = None
        self._done()

    def _is_done(self) -> bool:
        """Return whether what was asked for is done, though its answer was lost on the way.

        Asked again, it would be the version after that.
        """
        sent = self._sent
        return sent is not None and any(
            self._is_what_was(sent, run)
            for run in self._details.publications
            if run != self._before.get(run.id)
        )

    def _is_what_was(self, sent: PublishRequest, run: Publication) -> bool:
        if self._editing:
            known = run.id == self._editing
        else:
            operator = self._store.me.operator if self._store.me else ""
            known = run.id not in self._before and run.requested_by == operator
        if sent.schedule is None:
            return known and run.version == sent.expected_version
        return known and run.scheduled_for == sent.schedule.at and run.plan == sent.plan

    def _operator(self) -> str:
        return self._request.publisher or (self._store.me.operator if self._store.me else "")

    def _changed(self, _diff: object) -> None:
        if self._open and not self._open.busy and self._is_done():
            self._open.accept()
            self._done()
        elif self._open and self._store.connection.live:
            plan, schedule = self._request.plan, self._request.schedule
            at = schedule.at if schedule else None
            self._previews.ask(PreviewRequest(plan=plan, at=at, editing=self._editing))

    def _came(self, preview: Preview, _request: PreviewRequest) -> None:
        record = self._store.environments.get(self._environment)
        if self._open is None or record is None:
            return
        if preview.version != self._request.expected_version:
            self._request = msgspec.structs.replace(self._request, expected_version=preview.version)
            self._order = self._send(self._request)
        self._preview = preview
        self._open.change(question(record, preview, self._request, self._operator(), self._now()))

    def _closed(self) -> None:
        self._open = None
        self._previews.stop()
        for table in self._tables:
            table.unwatch(self._changed)
