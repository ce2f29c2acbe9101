"""The event feed: what changed, as it changes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import httpx
import httpx_sse
import msgspec

from autosky_desktop.client.transport import UNREADABLE, refusal
from autosky_desktop.domain.change import Change
from autosky_desktop.domain.errors import NotUnderstood, Offline

SILENCE = 40.0
"""Seconds without a byte, keep-alives included (one every 15 s), after which the line is dead."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One event: `change` None means that the place in the feed is lost, take it all anew."""

    id: int
    change: Change | None


async def listen(http: httpx.AsyncClient, *, after: int) -> AsyncGenerator[Heard | None, None]:
    """Everything after event `after`; None once, when the feed is open.

    Raises Offline when the line breaks or falls silent. Ends only by raising or being closed.
    """
    timeout = httpx.Timeout(SILENCE, connect=5.0)
    headers = {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
    try:
        async with http.stream("GET", "/v1/events", headers=headers, timeout=timeout) as response:
            if not response.is_success:
                await response.aread()
                raise refusal(response)
            yield None
            async with aclosing(_events(response)) as events:
                async for event in events:
                    yield event
    except httpx.TransportError as cause:
        raise Offline("the feed broke") from cause
    except httpx.DecodingError as cause:
        raise NotUnderstood(f"the feed: {cause}") from cause
    raise Offline("the feed ended")


async def _events(response: httpx.Response) -> AsyncGenerator[Heard, None]:
    try:
        async with aclosing(httpx_sse.EventSource(response).aiter_sse()) as stream:
            async for event in stream:
                if event.event == "reset":
                    yield Heard(int(event.id or 0), None)
                elif event.event == "change":
                    yield Heard(int(event.id), msgspec.json.decode(event.data, type=Change))
    except (httpx_sse.SSEError, *UNREADABLE, ValueError) as cause:
        raise NotUnderstood(f"the feed: {cause}") from cause
