"""Streams the event table as a feed, which resumes where a stream left off.

No stream steps over a hole: whoever is slower than the tidying is told so, and so is who comes
from a past that a restored database does not have.
"""

import logging
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from autosky_desktop.server.api.bodies import AuthenticatedRequest
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.db.bus import Bus, set_within
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.feed.broadcast import Broadcast, EventsMissed
from autosky_desktop.server.feed.subscriber import Subscriber
from autosky_desktop.server.people.authenticator import Authenticator, NotSignedIn
from autosky_desktop.server.people.requires import REQUIRES, SIGNED_IN

KEEP_ALIVE_SECONDS = 15.0
POSITION = re.compile("[0-9]{1,18}")

STREAM = ResponseSpec(
    str,
    generate_examples=False,
    media_type="text/event-stream",
    description=(
        "Events `change` (data: a Change) in the order of their ids. An event `reset` says that "
        "the position is not known, or not any more, or that other environments "
        "are seen than before: take a snapshot and go on from its id. Ids "
        "grow, now and then with leaps; no id is given twice, not even by a restored database."
    ),
)


log = logging.getLogger(__name__)


@get(
    "/events",
    responses={200: STREAM, **specs(400)},
    opt={REQUIRES: SIGNED_IN},
    operation_id="events",
)
async def events(
    request: AuthenticatedRequest,
    authenticator: NamedDependency[Authenticator],
    broadcast: NamedDependency[Broadcast],
    bus: NamedDependency[Bus],
    last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
    after: Annotated[str | None, QueryParameter(name="after")] = None,
) -> Response[Any]:
    """Follow what happens where the caller may see it, from the position given (`Last-Event-ID`
    before `after`), or from now. The stream ends with the sign-in.
    """
    authorization = request.headers.get("authorization", "")
    address = request.client.host if request.client else ""
    ask = partial(authenticator.principal, authorization, address)
    subscriber = Subscriber(request.user, ask, bus)
    return Stream(
        _lines(broadcast, bus, subscriber, last_event_id or after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _lines(
    broadcast: Broadcast, bus: Bus, subscriber: Subscriber, asked: str | None
) -> AsyncIterator[bytes]:
    with bus.listening(to_confirmations=True) as news, broadcast.reader() as reached:
        try:
            position, lost = await broadcast.newest(), False
            if asked is not None:
                lost = not (POSITION.fullmatch(asked) and await broadcast.knows(int(asked)))
                position = position if lost else int(asked)
            yield b": connected\n\n"  # not before: who hears it misses nothing from then on
            if lost:
                yield _reset(position)
            while not bus.closed:
                news.clear()
                reached(position)
                before = position
                try:
                    if await subscriber.differs():
                        raise EventsMissed
                    position, lines = await broadcast.after(position, subscriber.audience)
                except EventsMissed:
                    position = await broadcast.newest()
                    lines = _reset(position)
                if lines:
                    yield lines
                elif position == before and not await set_within(news, KEEP_ALIVE_SECONDS):
                    yield b": still here\n\n"
        except StorageError as error:  # who listened comes again with its position
            log.warning("a feed ends: %s", error)
        except NotSignedIn as error:
            log.info("a feed ends: %s", error.reason)


def _reset(position: int) -> bytes:
    return b"id: %d\nevent: reset\ndata: {}\n\n" % position


HANDLERS = (events,)
