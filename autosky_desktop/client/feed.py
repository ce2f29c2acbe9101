"""The event feed, which tells of every change as it happens."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import httpx
import httpx_sse
import msgspec

from autosky_desktop.client.transport import UNREADABLE, in_parts, plain, read, refusal
from autosky_desktop.domain.change import Change
from autosky_desktop.domain.errors import NotUnderstood, Offline
from autosky_desktop.domain.wire import LAST_POSITION

SILENCE = 40.0
"""Seconds without a byte, keep-alives included (one every 15 s), after which the line is dead."""

LARGEST_EVENT = 1_000_000
"""Bytes: it is one server, instance or publication."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that was heard. `change` None: the place in the feed is lost, so read all anew."""

    id: int
    change: Change | None


async def listen(http: httpx.AsyncClient, *, after: int) -> AsyncGenerator[Heard | None, None]:
    """Yield every event after `after`, and None once, when the feed is open.

    Raises Offline when the line breaks or falls silent. Ends only by raising or being closed.
    """
    timeout = httpx.Timeout(SILENCE, connect=5.0)
    headers = {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
    try:
        async with http.stream("GET", "/v1/events", headers=headers, timeout=timeout) as response:
            if not response.is_success:
                raise refusal(await read(response))
            _refuse_other_than_feed(response)
            yield None
            async with aclosing(_events(response)) as events:
                async for event in events:
                    yield event
    except httpx.TransportError as cause:
        raise Offline("the feed broke") from cause
    raise Offline("the feed ended")


def _refuse_other_than_feed(response: httpx.Response) -> None:
    """Raise NotUnderstood for what is no feed: nobody who waits for it hears of a change."""
    plain(response)
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise NotUnderstood(f"the feed: it is {kind[:40] or 'of no kind'}")


async def _events(response: httpx.Response) -> AsyncGenerator[Heard, None]:
    try:
        async with (
            aclosing(_bounded(response)) as parts,
            aclosing(_as_events(response, parts)) as events,
        ):
            async for event in events:
                if event.event == "reset":
                    yield Heard(_place(event.id or "0"), None)
                elif event.event == "change":
                    yield Heard(_place(event.id), msgspec.json.decode(event.data, type=Change))
    except (httpx_sse.SSEError, *UNREADABLE, ValueError) as cause:
        raise NotUnderstood(f"the feed: {cause}") from cause


def _as_events(
    response: httpx.Response, parts: AsyncGenerator[bytes, None]
) -> AsyncGenerator[httpx_sse.ServerSentEvent, None]:
    bounded = httpx.Response(200, headers=response.headers, content=parts)
    return httpx_sse.EventSource(bounded).aiter_sse()


def _place(said: str) -> int:
    """Return the place in a feed that the text names. Raises ValueError if it names none."""
    place = int(said)
    if not 0 <= place <= LAST_POSITION:
        raise ValueError("no place in a feed")
    return place


async def _bounded(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield the body as it comes, unless an event in it grows too large: an empty line ends one."""
    size = 0
    async with in_parts(response) as parts:
        async for part in parts:
            end = max(part.rfind(empty) for empty in (b"\n\n", b"\r\n\r\n", b"\r\r"))
            size = len(part) - end if end >= 0 else size + len(part)
            if size > LARGEST_EVENT:
                raise NotUnderstood(f"the feed: an event of more than {LARGEST_EVENT} bytes")
            yield part
