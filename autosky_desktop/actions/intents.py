"""The requests of the operator, on their way to the control plane."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from uuid import uuid4

from autosky_desktop.domain.activity import ActivityPage
from autosky_desktop.domain.connection import (
    Connection,
    ConnectionBegun,
    ConnectionEnded,
    ConnectionOutcome,
)
from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.environment import Instance, LoadList
from autosky_desktop.domain.errors import AnswerLost, Offline, Refused
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.plan import (
    EditRequest,
    GoOn,
    HoldDecision,
    MoveRequest,
    PreviewRequest,
    PublishRequest,
)
from autosky_desktop.domain.publication import (
    LocatedPublication,
    Preview,
    Publication,
    PublicationPage,
)
from autosky_desktop.domain.server import LocatedServer, Power, Server, ShutdownRequest
from autosky_desktop.domain.session import EndSessions, SessionList, SessionsEnded

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane

T = TypeVar("T")

Look = Callable[[], Awaitable[None]]


class PlaneHolder(Protocol):
    """An object that knows whether there is a control plane to talk to."""

    @property
    def plane(self) -> "ControlPlane | None": ...


class Order(Generic[T]):
    """A request that changes something, ready to be sent.

    While nothing was heard, sending it again is the same request: what was done is not done
    twice. A refusal has settled it; asking once more is a new one. `key`: the one it was sent with
    before, by an earlier start of this program.
    """

    def __init__(
        self, call: Callable[[str], Awaitable[T]], key: str = "", *, first: Look | None = None
    ) -> None:
        self._call = call
        self._key = key or str(uuid4())
        self._first = first
        self._looked = self._may_be_done = False

    async def look(self) -> None:
        """Do what has to be done `first`, once for each `send`. Nothing is sent until it is over.

        What may have been done already is only asked for again.
        """
        if self._first and not (self._looked or self._may_be_done):
            await self._first()
        self._looked = True

    async def send(self) -> T:
        """Send the request, after a look. Raises AutoskyError."""
        await self.look()
        self._looked = False
        try:
            return await self._call(self._key)
        except Refused:
            self._key, self._may_be_done = str(uuid4()), False
            raise
        except AnswerLost:
            self._may_be_done = True
            raise
        except Offline as cause:
            if self._may_be_done:  # by what was sent before
                raise AnswerLost(str(cause)) from cause
            raise


class Intents:
    """The requests to the control plane. None writes the store: the feed tells the results."""

    def __init__(self, link: PlaneHolder) -> None:
        self._link = link

    def power(self, server: str, power: Power, hours: int | None = None) -> Order[Server]:
        """Start, stop or restart a server. A preparation server runs for `hours`; None: as
        usual.
        """
        return Order(lambda key: self._plane().power(server, power, key=key, hours=hours))

    def publish(self, environment: str, request: PublishRequest) -> Order[Publication]:
        return Order(lambda key: self._plane().publish(environment, request, key=key))

    def cancel(self, publication: str) -> Order[Publication]:
        return Order(lambda key: self._plane().cancel(publication, key=key))

    def retry(self, publication: str) -> Order[Publication]:
        return Order(lambda key: self._plane().retry(publication, key=key))

    def go_on(self, publication: str, way: HoldDecision) -> Order[Publication]:
        return Order(lambda key: self._plane().go_on(publication, GoOn(way=way), key=key))

    def move(self, publication: str, request: MoveRequest) -> Order[Publication]:
        return Order(lambda key: self._plane().move(publication, request, key=key))

    def edit(self, publication: str, request: EditRequest) -> Order[Publication]:
        return Order(lambda key: self._plane().edit(publication, request, key=key))

    def move_shutdown(self, server: str, request: ShutdownRequest) -> Order[Server]:
        """Move a shutdown; the server that comes back was read after the move was accepted."""

        async def moved(key: str) -> Server:
            await self._plane().move_shutdown(server, request, key=key)
            try:
                return await self._plane().server(server)
            except Offline as cause:
                raise AnswerLost("accepted, and not read again") from cause

        return Order(moved)

    def provider_update(self, environment: str) -> Order[Operation]:
        return Order(lambda key: self._plane().provider_update(environment, key=key))

    def end_sessions(self, environment: str, sessions: list[str]) -> Order[SessionsEnded]:
        request = EndSessions(sessions=sessions)
        return Order(lambda key: self._plane().end_sessions(environment, request, key=key))

    def connection_begun(
        self, server: str, request: ConnectionBegun, *, key: str = ""
    ) -> Order[Connection]:
        """Record that a connection begins, before the client is started."""
        return Order(lambda key: self._plane().connection_begun(server, request, key=key), key)

    def connection_to_instance_begun(
        self, instance: str, request: ConnectionBegun, *, key: str = ""
    ) -> Order[Connection]:
        """Record that a connection to an instance begins, before the client is started."""
        return Order(
            lambda key: self._plane().connection_to_instance_begun(instance, request, key=key), key
        )

    def connection_ended(
        self, connection: str, outcome: ConnectionOutcome, *, key: str = ""
    ) -> Order[Connection]:
        """Record how a connection ended, once that is known."""
        request = ConnectionEnded(outcome=outcome)
        return Order(lambda key: self._plane().connection_ended(connection, request, key=key), key)

    async def endpoint(self, server: str) -> Endpoint:
        return await self._plane().endpoint(server)

    async def endpoint_of_instance(self, instance: str) -> Endpoint:
        return await self._plane().endpoint_of_instance(instance)

    async def tunnel(self, server: Server | Instance) -> Tunnel:
        """Begin a tunnel, which this computer is then to open."""
        return await self._plane().tunnel(server.id, to_instance=isinstance(server, Instance))

    async def sessions(self, environment: str) -> SessionList:
        return await self._plane().sessions(environment)

    async def loads(self, environment: str) -> LoadList:
        """Read how busy the instances are, as far as that is told."""
        return await self._plane().loads(environment)

    async def activity(
        self, environment: str, wanted: Mapping[str, str] | None = None
    ) -> ActivityPage:
        """Read one page of the record; `wanted` as in `ControlPlane.activity`."""
        return await self._plane().activity(environment, wanted)

    async def history(
        self, environment: str, wanted: Mapping[str, str] | None = None
    ) -> PublicationPage:
        """Read one page of the publications; `wanted` as in `ControlPlane.history`."""
        return await self._plane().history(environment, wanted)

    async def publication(self, publication: str) -> LocatedPublication:
        return await self._plane().publication(publication)

    async def server(self, server: str) -> LocatedServer:
        return await self._plane().server(server)

    async def preview(self, environment: str, request: PreviewRequest) -> Preview:
        return await self._plane().preview(environment, request)

    def _plane(self) -> "ControlPlane":
        if self._link.plane is None:
            raise Offline("not connected")
        return self._link.plane
