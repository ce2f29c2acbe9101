"""Remembers what calls with a key came to, so that a repeated key is answered from our database.

The row is written after the effect. All a provider has to see to by itself is the gap between the
two: when the process died in it, the call is made once more, with the same key.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from inspect import signature
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.providers.checked_provider import ANSWERS, CALLS
from autosky_desktop.server.providers.provider import Provider, TellsOfChanges

KEYED = frozenset(name for name in CALLS if "key" in signature(getattr(Provider, name)).parameters)

Begin = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""Begins a write that no event tells of."""

log = logging.getLogger(__name__)


class Ledger:
    """The calls that were made with a key, and their answers."""

    def __init__(self, engine: AsyncEngine, begin: Begin, now: Now) -> None:
        self._engine = engine
        self._begin = begin
        self._now = now

    def remembered(self, provider: Provider) -> Provider:
        """Return the provider, asked once for each key of a call in an environment."""
        names = (*CALLS, "changed") if isinstance(provider, TellsOfChanges) else CALLS
        calls = {
            name: partial(self._once, name, getattr(provider, name))
            if name in KEYED
            else getattr(provider, name)
            for name in names
        }
        return cast(Provider, SimpleNamespace(**calls))

    async def _once(
        self,
        kind: str,
        call: Callable[..., Awaitable[Any]],
        environment: str,
        *given: Any,
        key: str,
        **more: Any,
    ) -> Any:
        async with self._engine.connect() as connection:
            kept = await _kept(connection, environment, kind, key)
        if kept is not None:
            return msgspec.json.decode(kept.answer, type=ANSWERS[kind])
        answer = await call(environment, *given, key=key, **more)
        try:
            await self._keep(environment, kind, key, answer)
        except StorageError as error:  # what was asked for is done, and the caller is told so
            log.warning("the answer to %s is given and not kept: %s", kind, error)
        return answer

    async def _keep(self, environment: str, kind: str, key: str, answer: Any) -> None:
        async with self._begin() as connection:
            if await _kept(connection, environment, kind, key) is None:
                await connection.execute(
                    insert(schema.provider_call).values(
                        environment=environment,
                        kind=kind,
                        key=key,
                        answer=msgspec.json.encode(answer),
                        at=self._now(),
                    )
                )


async def _kept(
    connection: AsyncConnection, environment: str, kind: str, key: str
) -> Row[Any] | None:
    table = schema.provider_call
    query = select(table.c.answer).where(
        table.c.environment == environment, table.c.kind == kind, table.c.key == key
    )
    return (await connection.execute(query)).one_or_none()
