"""Keeps each server and instance in one environment, whatever a provider tells."""

import asyncio
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.server.db import schema
from autosky_desktop.server.providers.provider import Observed, ProviderRefused
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import TAKEN

RowKey = tuple[str, str]
"""The table that it would be written to, and its id."""


class Ownership:
    """Lets whoever named an id first have it, and nobody else: it stands for one row, and one
    thing.

    Recorded for a second environment, it would be gone from the first without a word.
    """

    def __init__(self, engine: AsyncEngine, *, alone: bool = True) -> None:
        """Let `alone` say that nobody else writes: what was looked up once is then still so."""
        self._engine = engine
        self._alone = alone
        self._of: dict[RowKey, str] | None = None
        self._in: dict[str, set[RowKey]] = {}
        self._looking = asyncio.Lock()

    async def take(self, environment: str, observed: Observed) -> None:
        """Note that all this is in that environment. Raises ProviderRefused: another one has it."""
        async with self._looking:  # once, however many are read together
            if self._of is None or not self._alone:
                self._of, self._in = await self._recorded(), {}
        there, before = set(_keys(observed)), self._in.get(environment)
        if there == before:
            return
        for key in there:
            if self._of.get(key, environment) != environment:
                raise ProviderRefused(_(TAKEN).format(id=key[1], environment=self._of[key]))
        if before is None:
            before = {key for key, place in self._of.items() if place == environment}
        for key in before - there:
            del self._of[key]
        self._of.update(dict.fromkeys(there, environment))
        self._in[environment] = there

    def forget(self, environment: str) -> None:
        """Let others have what was in an environment that is gone."""
        self._in.pop(environment, None)
        if self._of is not None:
            self._of = {key: place for key, place in self._of.items() if place != environment}

    async def _recorded(self) -> dict[RowKey, str]:
        found: dict[RowKey, str] = {}
        async with self._engine.connect() as connection:
            for table in (schema.server, schema.instance):
                rows = await connection.execute(select(table.c.id, table.c.environment))
                found |= {(table.name, row.id): row.environment for row in rows}
        return found


def _keys(observed: Observed) -> Iterator[RowKey]:
    yield from ((schema.server.name, it.id) for it in observed.servers)
    yield from ((schema.instance.name, it.id) for it in observed.instances)
