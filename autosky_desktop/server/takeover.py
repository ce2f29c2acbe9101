"""Goes on with what workers had begun that are gone, in one of the others at a time.

It stands alone because it looks after every subject, and on a workstation it is not loaded.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.publications.workflow.durable import DurableEngine
from autosky_desktop.server.startup import close_interrupted
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


class Takeover:
    """Looks after what the gone have left. `accepted` is called when they may have accepted
    publications that nobody carries out yet.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        poller: Poller,
        workflows: DurableEngine,
        accepted: Callable[[], None],
    ) -> None:
        self._engine, self._unit_of_work, self._poller = engine, unit_of_work, poller
        self._coordination = unit_of_work.coordination
        self._workflows, self._accepted = workflows, accepted
        self._seen: frozenset[str] | None = None

    async def run(self) -> None:
        """Stand by for what others accept, and look after what they leave, until cancelled."""
        await self._when_possible(self._workflows.stand_by)
        self._seen = None
        await self._coordination.lead("takeover", self._look_again_and_again)

    async def look(self) -> None:
        """Go on with what is left by now. Raises StorageError."""
        living = await self._coordination.living()
        if taken := await self._workflows.take_over(living):
            log.warning("%d publications go on that workers had begun which are gone", taken)
        if living != self._seen:
            await close_interrupted(self._engine, self._unit_of_work, self._poller, living)
            async with self._unit_of_work.without_events() as connection:
                await activities.disown(connection, but=living)
            self._accepted()
            self._seen = living

    async def _look_again_and_again(self) -> None:
        while True:
            with guarded(log, "taking over from other workers", but=(StorageError,)):
                await self._when_possible(self.look)
            await asyncio.sleep(LOOK_SECONDS)

    async def _when_possible(self, act: Callable[[], Awaitable[None]]) -> None:
        """Act, as often as it takes until the storage lets it."""
        while True:
            try:
                return await act()
            except StorageError as error:
                log.warning("taking over from other workers waits for the storage: %s", error)
                await asyncio.sleep(LOOK_SECONDS)
