"""Starts each publication that was written down, so that it is carried out."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.db.bus import set_within
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.publications import queries as publication_queries
from autosky_desktop.server.publications.queries import RunningPublication
from autosky_desktop.server.publications.workflow.journal import Journal

AGAIN_SECONDS = 5.0

log = logging.getLogger(__name__)


class WorkflowEngine(Protocol):
    """Carries publications out, in order and across crashes."""

    async def start(self, publication: str, environment: str) -> bool:
        """Begin the publication, or go on with it. Asking twice changes nothing.

        The answer is False when it ended before: there is nothing left to go on with.
        """

    async def close(self) -> None:
        """Leave the work where it is; the next process goes on with it."""


class Dispatcher:
    """Starts every publication that has not ended: at start-up, and when one is accepted.

    The row comes first and the work after it, so a crash between the two loses nothing.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        workflows: WorkflowEngine,
        journal: Journal,
        accepted: asyncio.Event,
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._workflows = workflows
        self._accepted = accepted
        self._started: set[tuple[str, int]] = set()

    async def run(self) -> None:
        while True:
            self._accepted.clear()
            if await self._start_open():
                await self._accepted.wait()
            else:
                await set_within(self._accepted, AGAIN_SECONDS)

    async def _start_open(self) -> bool:
        """Start all that have not ended and return whether all were; others are tried again."""
        waiting: list[tuple[str, RunningPublication]] = []
        try:
            waiting = await self._open()
            started = [await self._start(run, environment) for environment, run in waiting]
        except StorageError as error:
            log.warning("publications cannot be started yet: %s", error)
            await self._say_that_they_wait([run for _, run in waiting])
            return False
        return all(started)

    async def _say_that_they_wait(self, publications: Sequence[RunningPublication]) -> None:
        """Record that they wait, if possible: perhaps only the workflow engine's storage fails."""
        with suppress(StorageError):
            for run in publications:
                if (run.id, run.retries) not in self._started:
                    await self._journal.wait_for_storage(run.id)

    async def _open(self) -> list[tuple[str, RunningPublication]]:
        async with self._engine.connect() as connection:
            return await publication_queries.running(connection)

    async def _start(self, publication: RunningPublication, environment: str) -> bool:
        tried = publication.id, publication.retries
        with guarded(log, f"starting {publication.id}", but=(StorageError,)):
            if tried not in self._started:
                if not await self._workflows.start(publication.id, environment):
                    await self._journal.abandon(publication.id)
                self._started.add(tried)
            return True
        return False
