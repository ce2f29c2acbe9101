"""The control plane's API, as the desktop calls it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from urllib.parse import urlencode

import httpx
import msgspec

from autosky_desktop.client.environments import EnvironmentCalls
from autosky_desktop.client.feed import Heard, listen
from autosky_desktop.client.people import PeopleCalls
from autosky_desktop.client.sign_in import SignInCalls
from autosky_desktop.client.transport import AccessTokens, Transport, open_http, quoted
from autosky_desktop.domain.activity import ActivityPage
from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionEnded
from autosky_desktop.domain.demo import Demo, FaultSetting
from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.environment import EnvironmentList, LoadList, Me, Snapshot
from autosky_desktop.domain.mail import MailSetting, MailState, MailTest
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.plan import (
    EditRequest,
    GoOn,
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
from autosky_desktop.domain.server import (
    LocatedServer,
    Power,
    PowerRequest,
    Server,
    ShutdownRequest,
)
from autosky_desktop.domain.session import EndSessions, SessionList, SessionsEnded


class ControlPlane:
    """A client of the API. Every call raises AutoskyError when it has no answer to give.

    `key`, made by the caller for each intent, makes a repeat of the call the same request.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._transport = Transport(http)
        self.managed = EnvironmentCalls(self._transport)
        self.people = PeopleCalls(self._transport)
        self.door = SignInCalls(self._transport)

    async def aclose(self) -> None:
        """Close the client; whoever still waits for an answer is told that the line broke."""
        await self._transport.aclose()

    @property
    def transport(self) -> Transport:
        """Return what other calls to the same control plane go through."""
        return self._transport

    @property
    def slow(self) -> asyncio.Event:
        """The event that is set whenever a request has waited for an answer for long."""
        return self._transport.slow

    async def me(self) -> Me:
        return await self._transport.get("/v1/me", answer=Me)

    async def environments(self) -> EnvironmentList:
        return await self._transport.get("/v1/environments", answer=EnvironmentList)

    async def snapshot(self, environment: str) -> Snapshot:
        return await self._transport.get(f"/v1/environments/{quoted(environment)}", answer=Snapshot)

    async def history(
        self, environment: str, wanted: Mapping[str, str] | None = None
    ) -> PublicationPage:
        """Read a page of publications, newest first; `wanted` may hold cursor, limit, model, state,
        by, since, until, search, scheduled and planned.
        """
        query = f"?{urlencode(wanted)}" if wanted else ""
        path = f"/v1/environments/{quoted(environment)}/publications{query}"
        return await self._transport.get(path, answer=PublicationPage)

    async def publication(self, publication: str) -> LocatedPublication:
        path = f"/v1/publications/{quoted(publication)}"
        return await self._transport.get(path, answer=LocatedPublication)

    async def preview(self, environment: str, request: PreviewRequest) -> Preview:
        path = f"/v1/environments/{quoted(environment)}/publications/preview"
        return await self._transport.post(path, request, acts=False, answer=Preview)

    async def publish(self, environment: str, request: PublishRequest, *, key: str) -> Publication:
        """Ask for a publication; it comes back queued, and the feed says how it goes."""
        path = f"/v1/environments/{quoted(environment)}/publications"
        return await self._transport.post(path, request, key=key, answer=Publication)

    async def cancel(self, publication: str, *, key: str) -> Publication:
        """Ask a running publication to stop, or a scheduled one not to start."""
        return await self._of_publication(publication, "cancel", None, key)

    async def retry(self, publication: str, *, key: str) -> Publication:
        """Try a failed publication again, from the step that failed."""
        return await self._of_publication(publication, "retry", None, key)

    async def go_on(self, publication: str, request: GoOn, *, key: str) -> Publication:
        """Answer a publication's hold: replace the others too, or put the replaced ones back."""
        return await self._of_publication(publication, "go-on", request, key)

    async def move(self, publication: str, request: MoveRequest, *, key: str) -> Publication:
        return await self._of_publication(publication, "move", request, key)

    async def edit(self, publication: str, request: EditRequest, *, key: str) -> Publication:
        return await self._of_publication(publication, "edit", request, key)

    async def _of_publication(
        self, publication: str, verb: str, request: msgspec.Struct | None, key: str
    ) -> Publication:
        path = f"/v1/publications/{quoted(publication)}/{verb}"
        return await self._transport.post(path, request, key=key, answer=Publication)

    async def power(
        self, server: str, power: Power, *, key: str, hours: int | None = None
    ) -> Server:
        """Ask a server to start, stop or restart. The answer has it on its way; the feed says when
        it is there.

        `hours` as in PowerRequest.
        """
        path = f"/v1/servers/{quoted(server)}/{power}"
        request = PowerRequest(hours=hours) if hours else None
        return await self._transport.post(path, request, key=key, answer=Server)

    async def server(self, server: str) -> LocatedServer:
        return await self._transport.get(f"/v1/servers/{quoted(server)}", answer=LocatedServer)

    async def endpoint(self, server: str) -> Endpoint:
        """Read a server's endpoint from the provider. Nothing in it is to be trusted as it is."""
        return await self._transport.get(f"/v1/servers/{quoted(server)}/endpoint", answer=Endpoint)

    async def endpoint_of_instance(self, instance: str) -> Endpoint:
        """Read an instance's endpoint as `endpoint` does a server's."""
        path = f"/v1/instances/{quoted(instance)}/endpoint"
        return await self._transport.get(path, answer=Endpoint)

    async def tunnel(self, machine: str, *, to_instance: bool) -> Tunnel:
        """Begin a tunnel to a server or an instance. Asked again, it begins another one."""
        kind = "instances" if to_instance else "servers"
        path = f"/v1/{kind}/{quoted(machine)}/tunnel"
        return await self._transport.post(path, acts=False, answer=Tunnel)

    async def connection_begun(
        self, server: str, request: ConnectionBegun, *, key: str
    ) -> Connection:
        path = f"/v1/servers/{quoted(server)}/connections"
        return await self._transport.post(path, request, key=key, answer=Connection)

    async def connection_to_instance_begun(
        self, instance: str, request: ConnectionBegun, *, key: str
    ) -> Connection:
        path = f"/v1/instances/{quoted(instance)}/connections"
        return await self._transport.post(path, request, key=key, answer=Connection)

    async def connection_ended(
        self, connection: str, request: ConnectionEnded, *, key: str
    ) -> Connection:
        """Report how a connection ended; returns what is recorded, as the first report stays."""
        path = f"/v1/connections/{quoted(connection)}/end"
        return await self._transport.post(path, request, key=key, answer=Connection)

    async def move_shutdown(self, server: str, request: ShutdownRequest, *, key: str) -> Server:
        """Ask for another moment, or none; read the server again before you call it done."""
        path = f"/v1/servers/{quoted(server)}/shutdown"
        return await self._transport.post(path, request, key=key, answer=Server)

    async def provider_update(self, environment: str, *, key: str) -> Operation:
        """Ask for the provider to be read now; returns a reading that runs already, if any."""
        path = f"/v1/environments/{quoted(environment)}/provider-update"
        return await self._transport.post(path, key=key, answer=Operation)

    async def set_mail_server(self, request: MailSetting) -> MailState:
        return await self._transport.post("/v1/mail-server", request, answer=MailState)

    async def try_mail_server(self, request: MailTest) -> MailState:
        return await self._transport.post("/v1/mail-server/try", request, answer=MailState)

    async def demo(self) -> Demo:
        """Read the state of its simulated cloud; refused where its cloud is a real one."""
        return await self._transport.get("/v1/demo", answer=Demo)

    async def set_faults(self, request: FaultSetting) -> Demo:
        return await self._transport.post("/v1/demo/faults", request, answer=Demo)

    async def sessions(self, environment: str) -> SessionList:
        path = f"/v1/environments/{quoted(environment)}/sessions"
        return await self._transport.get(path, answer=SessionList)

    async def loads(self, environment: str) -> LoadList:
        path = f"/v1/environments/{quoted(environment)}/loads"
        return await self._transport.get(path, answer=LoadList)

    async def end_sessions(
        self, environment: str, request: EndSessions, *, key: str
    ) -> SessionsEnded:
        path = f"/v1/environments/{quoted(environment)}/sessions/end"
        return await self._transport.post(path, request, key=key, answer=SessionsEnded)

    async def activity(
        self, environment: str, wanted: Mapping[str, str] | None = None
    ) -> ActivityPage:
        """Read a page of activity, newest first; `wanted` may hold cursor, limit, kind, by (empty:
        by schedule), since and until (RFC 3339).
        """
        query = f"?{urlencode(wanted)}" if wanted else ""
        path = f"/v1/environments/{quoted(environment)}/activity{query}"
        return await self._transport.get(path, answer=ActivityPage)

    def events(self, *, after: int) -> AsyncGenerator[Heard | None, None]:
        return listen(self._http, after=after)


@asynccontextmanager
async def connected(url: str, token: str | AccessTokens) -> AsyncIterator[ControlPlane]:
    """Yield a control plane to talk to, and close it afterwards."""
    async with aclosing(ControlPlane(open_http(url, token))) as plane:
        yield plane
