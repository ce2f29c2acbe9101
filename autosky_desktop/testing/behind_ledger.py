"""Puts a provider behind the control plane's memory of keys, as it is when it is used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now, now
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.providers.ledger import Ledger
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork


@asynccontextmanager
async def behind_ledger(
    provider: Provider, folder: Path, clock: Now = now
) -> AsyncIterator[Provider]:
    """Yield the provider as the control plane asks it: a repeated key does not reach it. `folder`
    is a new one.
    """
    engine = await open_storage(folder)
    try:
        begin = UnitOfWork(engine, Bus(), clock).without_events
        yield Ledger(engine, begin, clock).remembered(provider)
    finally:
        await engine.dispose()
