"""Publishing an earlier version again: the way back, with the same preview and question."""

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QObject, Signal

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import Plan, PreviewRequest, PublishRequest
from autosky_desktop.domain.plans import plan_of
from autosky_desktop.domain.publication import Publication, PublicationState
from autosky_desktop.store.store import Store
from autosky_desktop.ui.publish.asking import Asking
from autosky_desktop.ui.publish.runs import under_way
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.words.errors import sentence
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.publishing import already_running

log = logging.getLogger(__name__)


class Again(QObject):
    """`failed`: why what it would touch could not be looked at."""

    failed = Signal(str)

    def __init__(
        self,
        environment: str,
        store: Store,
        intents: Intents,
        asking: Asking,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(asking)
        self._environment = environment
        self._store = store
        self._intents = intents
        self._asking = asking
        self._tasks = tasks
        self._now = now

    def why_not(self, run: Publication) -> str:
        """Why that version cannot be published again; empty when it can."""
        record = self._store.environments.get(self._environment)
        if not self._store.connection.live:
            return translate("Again", "No connection to the control plane.")
        if running := under_way(self._store.details(self._environment).publications):
            return already_running(running)
        return _why_never(run, record)

    def ask(self, run: Publication) -> None:
        """Look at what it would change back, then open the question."""
        if not self.why_not(run):
            self._tasks.spawn(self._ask(run), name="publish again")

    async def _ask(self, run: Publication) -> None:
        plan = msgspec.structs.replace(
            plan_of(run), image_of=run.image_of or run.version, deadline=None
        )
        every = {name: getattr(plan, name) for name in Plan.__struct_fields__}
        try:
            preview = await self._intents.preview(self._environment, PreviewRequest(**every))
        except AutoskyError as cause:
            log.info("No preview: %r", cause)
            self.failed.emit(sentence(cause))
            return
        request = PublishRequest(**every, expected_version=preview.version, note=_note(run))
        self._asking.ask(request, preview, send=self._order)

    def _order(self, request: PublishRequest) -> Order[Publication]:
        return self._intents.publish(self._environment, request)


def _note(run: Publication) -> str:
    return translate("Again", "Version {n} again").format(n=run.image_of or run.version)


def _why_never(run: Publication, record: Environment | None) -> str:
    if PublicationState(run.state) is not PublicationState.SUCCEEDED:
        return translate("Again", "It was not published.")
    if record and record.current_version == run.version:
        return translate("Again", "Already current.")
    if run.image_gone:
        return translate("Again", "Its image is gone.")
    return ""
