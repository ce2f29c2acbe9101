"""Asking what a publication would touch: once for a burst of changes, and never two at a time."""

import asyncio
import logging

from PySide6.QtCore import QObject, Signal

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import PreviewRequest
from autosky_desktop.domain.publication import Preview
from autosky_desktop.system.tasks import Nursery

log = logging.getLogger(__name__)

SETTLE = 0.15
"""Seconds without a change before it is asked."""


class Previews(QObject):
    """Asks for previews.

    `begun`: one is being asked for. `came` brings a Preview and the PreviewRequest it answers,
    `failed` what was raised.
    """

    begun = Signal()
    came = Signal(object, object)
    failed = Signal(object)

    def __init__(self, environment: str, intents: Intents, tasks: Nursery, parent: QObject) -> None:
        super().__init__(parent)
        self._environment = environment
        self._intents = intents
        self._tasks = tasks
        self._asking: asyncio.Task[None] | None = None

    def ask(self, request: PreviewRequest) -> None:
        """Ask for that preview instead of what was asked before."""
        self.stop()
        self._asking = self._tasks.spawn(self._ask(request), name="preview")

    def stop(self) -> None:
        if self._asking:
            self._asking.cancel()

    async def _ask(self, request: PreviewRequest) -> None:
        await asyncio.sleep(SETTLE)
        self.begun.emit()
        try:
            preview: Preview = await self._intents.preview(self._environment, request)
        except AutoskyError as cause:
            log.info("No preview: %r", cause)
            self.failed.emit(cause)
            return
        self.came.emit(preview, request)
