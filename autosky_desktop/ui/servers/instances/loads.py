"""Reads how busy instances are: when somebody looks, and then every minute.

It is no part of what is followed, since it differs with each reading. What cannot be read leaves
the columns as they are where nothing is told: nobody is stopped in what they do by that.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.system.tasks import Nursery

EVERY_MS = 60_000

log = logging.getLogger(__name__)


class InstanceLoads(QObject):
    """The loads of an environment's instances, by their ids. `changed` is called with new ones."""

    def __init__(
        self,
        environment: str,
        intents: Intents,
        tasks: Nursery,
        changed: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._environment, self._intents, self._tasks = environment, intents, tasks
        self._changed = changed
        self._known: Mapping[str, InstanceLoad] = {}
        self._reading: asyncio.Task[None] | None = None
        self._every = QTimer(self, interval=EVERY_MS)
        self._every.timeout.connect(self._read)

    def of(self, instance: str) -> InstanceLoad | None:
        return self._known.get(instance)

    def begin(self) -> None:
        """Read them now and every minute."""
        self._every.start()
        self._read()

    def stop(self) -> None:
        """Read them no more: nobody looks."""
        self._every.stop()
        if self._reading:
            self._reading.cancel()

    def _read(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = self._tasks.spawn(self._ask(), name="loads")

    async def _ask(self) -> None:
        try:
            found = {it.id: it for it in (await self._intents.loads(self._environment)).loads}
        except AutoskyError as cause:
            log.info("how busy instances are could not be read: %s", cause)
            found = {}
        if found != self._known:
            self._known = found
            self._changed()
