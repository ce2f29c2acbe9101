"""The event feed: the event table as a stream that can be taken up where it was left."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.change import Change
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.db import reads
from autosky_desktop.server.db.bus import Bus, set_within

KEEP_ALIVE_SECONDS = 15.0
BATCH = 500
POSITION = re.compile("[0-9]{1,18}")

STREAM = ResponseSpec(
    str,
    generate_examples=False,
    media_type="text/event-stream",
    description=(
        "Events `change` (data: a Change) in the order of their ids. An event `reset` says that "
        "the position is not known any more: take a snapshot and go on from its id."
    ),
)


@get("/events", responses={200: STREAM, **specs(400)}, operation_id="events")
async def events(
    engine: NamedDependency[AsyncEngine],
    bus: NamedDependency[Bus],
    last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
    after: Annotated[str | None, QueryParameter(name="after")] = None,
) -> Response[Any]:
    """Follow what happens, from the position given (`Last-Event-ID` before `after`) or from now."""
    return Stream(
        _lines(engine, bus, last_event_id or after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _lines(engine: AsyncEngine, bus: Bus, asked: str | None) -> AsyncIterator[bytes]:
    with bus.listening() as news:
        yield b": connected\n\n"
        position, known = await _position(engine, asked)
        if not known:
            yield f"id: {position}\nevent: reset\ndata: {{}}\n\n".encode()
        while not bus.closed:
            news.clear()
            async with engine.connect() as connection:
                rows = await reads.events_after(connection, position, BATCH)
            if rows:
                position = rows[-1].id
                yield b"".join(map(_event, rows))
            elif not await set_within(news, KEEP_ALIVE_SECONDS):
                yield b": still here\n\n"


async def _position(engine: AsyncEngine, asked: str | None) -> tuple[int, bool]:
    """Where to go on from, and whether nothing is missed by doing so."""
    async with engine.connect() as connection:
        first = await reads.first_event(connection)
        last = await reads.last_event(connection)
    if asked is None:
        return last, True
    if not POSITION.fullmatch(asked) or not first - 1 <= int(asked) <= last:
        return last, False
    return int(asked), True


def _event(row: Row[Any]) -> bytes:
    change = Change(
        kind=row.kind,
        environment=row.environment,
        revision=row.revision,
        body=msgspec.Raw(row.body),
    )
    data = msgspec.json.encode(change).decode()
    return f"id: {row.id}\nevent: change\ndata: {data}\n\n".encode()
