"""The Publish tab of one environment: form, what it will touch, the run, the history."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import PreviewRequest, PublishRequest
from autosky_desktop.domain.publication import Preview, Publication
from autosky_desktop.store.store import Store
from autosky_desktop.ui.publish.confirm import ask_to_publish
from autosky_desktop.ui.publish.details import show_details
from autosky_desktop.ui.publish.form import OptimizedForm
from autosky_desktop.ui.publish.history import HistoryCard
from autosky_desktop.ui.publish.impact import ImpactCard
from autosky_desktop.ui.publish.running import RunningCard
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.ticking import Ticking
from autosky_desktop.ui.words.errors import sentence
from autosky_desktop.ui.words.publishing import already_running, reason_to_wait

log = logging.getLogger(__name__)

SETTLE = 0.15
"""Seconds without a change before the preview is asked for: one answer for a burst."""


class PublishPage(QWidget):
    """Reads the store, asks for previews, and sends the intent to publish."""

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
        self._intents = intents
        self._tasks = tasks
        self._now = now
        self._details = store.details(environment)
        self._asking: asyncio.Task[None] | None = None
        self._preview: Preview | None = None
        self.form = OptimizedForm()
        self.impact = ImpactCard()
        self.running = RunningCard(now)
        self.history = HistoryCard(now)
        self._lay_out()
        self.setFocusProxy(self.form.first)
        self._ticking = Ticking(self, self._tick)
        self._connect()
        self._refresh()

    def set_narrow(self, narrow: bool) -> None:
        """Below 1120: what it will touch becomes one line above the button."""
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._top.setDirection(down if narrow else right)
        self._top.setSpacing(10 if narrow else 16)
        self.form.set_narrow(narrow)
        self.impact.set_narrow(narrow)
        self.running.set_narrow(narrow)
        self._column.setContentsMargins(*((16, 10, 16, 16) if narrow else (24, 16, 24, 24)))
        self._column.setSpacing(10 if narrow else 12)

    def has_edits(self) -> bool:
        """Whether the form holds what somebody chose or typed."""
        return self.form.has_edits()

    def discard(self) -> None:
        self.form.reset()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_preview()

    def _lay_out(self) -> None:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.addWidget(self.form, 1)
        self._top.addWidget(self.impact)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addWidget(self.running)
        self._column.addWidget(self.history)
        self._column.addStretch(1)
        self.set_narrow(narrow=False)

    def _connect(self) -> None:
        self.form.changed.connect(self._form_changed)
        self.form.publish_asked.connect(self._confirm)
        self.form.line.show_asked.connect(self._toggle_impact)
        self.impact.again.connect(self._form_changed)
        self.running.details_asked.connect(self._open_details)
        self.history.details_asked.connect(self._open_details)
        self._details.publications.watch(self.history.apply)
        for table in (
            self._details.publications,
            self._details.instances,
            self._details.servers,
        ):
            table.watch(lambda _diff: self._changed())
        self._store.watch(self._refresh)

    def _toggle_impact(self) -> None:
        self.form.line.show_opened(self.impact.toggle())

    def _form_changed(self) -> None:
        """The answer shown is to another question: the button waits for the new one."""
        self._preview = None
        self._ask_preview()

    def _changed(self) -> None:
        self._ticking.now()
        self._ask_preview()

    def _refresh(self) -> None:
        self.history.show_loaded(self._details.revision is not None)
        self._ticking.now()
        self._ask_preview()

    def _tick(self) -> int | None:
        publications = sorted(
            self._details.publications, key=lambda run: run.requested_at, reverse=True
        )
        self.history.tick()
        return self.running.show_runs(publications, self._store.connection)

    def _ask_preview(self) -> None:
        """Ask anew what publishing would touch."""
        if self._asking:
            self._asking.cancel()
        self.form.allow(self._why_wait(self._preview))
        if self.isVisible() and self._store.connection.live:
            self._asking = self._tasks.spawn(self._fetch_preview(), name="preview")

    async def _fetch_preview(self) -> None:
        await asyncio.sleep(SETTLE)
        if self._preview is None:
            self.impact.show_asking()
        request = PreviewRequest(options=self.form.options())
        try:
            preview = await self._intents.preview(self._environment, request)
        except AutoskyError as cause:
            log.info("No preview: %r", cause)
            self._preview = None
            self.impact.show_failure(sentence(cause))
            self.form.show_failure(sentence(cause))
            return
        self._preview = preview
        self.impact.show_preview(preview, request.options)
        self.form.show_preview(preview)
        self.form.allow(self._why_wait(preview))

    def _why_wait(self, preview: Preview | None) -> str:
        """Why the button is off; empty when it is not."""
        if not self._store.connection.live:
            return self.tr("No connection to the control plane.")
        running = next((run for run in self._details.publications if not run.ended), None)
        if running:
            return already_running(running)
        if preview is None:
            return self.tr("Looking at what this will touch…")
        waits = [check for check in preview.checks if check.level == "wait"]
        return reason_to_wait(waits[0]) if waits else ""

    def _confirm(self) -> None:
        environment = self._store.environments.get(self._environment)
        if environment is None or self._preview is None:
            return
        request = PublishRequest(
            expected_version=self._preview.version,
            options=self.form.options(),
            note=self.form.note(),
        )
        operator = self._store.me.operator if self._store.me else ""
        order = self._intents.publish(self._environment, request)

        async def publish() -> None:
            await order.send()
            self.form.reset()

        ask_to_publish(
            self.window(), environment, self._preview, request.options, operator,
            publish=publish, tasks=self._tasks,
        )  # fmt: skip

    def _open_details(self, run: Publication) -> None:
        environment = self._store.environments.get(self._environment)
        if environment:
            show_details(self.window(), run.id, self._details.publications, environment, self._now)
