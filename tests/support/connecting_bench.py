"""A server in the store, a control plane that hears, and a computer that is as told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec.structs import replace

from autosky_desktop.actions.connect.connecting import Connecting, OpenSession
from autosky_desktop.actions.connect.recording import ConnectionRecords
from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.connecting import ConnectRequest, HostCheck
from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionEnded
from autosky_desktop.domain.endpoint import Endpoint, Route, Tunnel
from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.errors import AutoskyError, Offline, Refused
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.server import Power, Server
from autosky_desktop.store.store import Store
from autosky_desktop.system.plane_files import Owed
from tests.support.connecting import PretendedAccess, Typed, a_tunnel, an_endpoint
from tests.support.evening import ERP, NOW, a_support_server
from tests.support.launcher import PretendedLauncher
from tests.support.planes import A_PLANE

FILE = a_support_server("FILE")


@dataclass
class Plane:
    """A control plane that hears of connections. `offline`: it hears nothing. `heard` is what it
    was told and asked, in words; `no_tunnel` are the errors that come before a tunnel begins.
    """

    store: Store
    heard: list[str] = field(default_factory=list)
    offline: bool = False
    refuses: bool = False
    fresh: Endpoint = field(default_factory=an_endpoint)
    keys: list[str] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    hangs: bool = False
    hangs_at_begin: bool = False
    no_tunnel: list[AutoskyError] = field(default_factory=list)

    async def power(
        self, server: str, power: Power, *, key: str, hours: int | None = None
    ) -> Server:
        self.heard.append(f"{power} {server}")
        if self.refuses:
            problem = Problem(type="x", title="No", status=409, code=Code.NOT_ALLOWED_NOW)
            raise Refused(problem)
        return replace(FILE, status="starting")

    async def endpoint(self, server: str) -> Endpoint:
        return self.fresh

    async def tunnel(self, machine: str, *, to_instance: bool) -> Tunnel:
        self.heard.append(f"tunnel to {'instance ' if to_instance else ''}{machine}")
        if self.no_tunnel:
            raise self.no_tunnel.pop()
        return a_tunnel()

    async def connection_begun(
        self, server: str, request: ConnectionBegun, *, key: str
    ) -> Connection:
        self.keys.append(key)
        if self.hangs_at_begin:
            await asyncio.Event().wait()
        if self.offline:
            raise Offline("gone")
        if key not in self.begun:  # again with the same key it is the same one
            self.heard.append(f"begun {server} as {request.account} at {request.address}")
            self.begun.add(key)
        return Connection(
            id="c", server=server, account=request.account, address=request.address,
            protocol=request.protocol, by="ana", at=NOW,
        )  # fmt: skip

    async def connection_to_instance_begun(
        self, instance: str, request: ConnectionBegun, *, key: str
    ) -> Connection:
        return await self.connection_begun(f"instance {instance}", request, key=key)

    async def connection_ended(
        self, connection: str, request: ConnectionEnded, *, key: str
    ) -> Connection:
        if self.hangs:
            await asyncio.Event().wait()
        if self.offline:
            raise Offline("gone")
        self.heard.append(f"ended {request.outcome}")
        return await self.connection_begun("again", _BEGUN, key="-")


_BEGUN = ConnectionBegun(account="a", address="b", protocol="rdp")


@dataclass
class Link:
    plane: Any


@dataclass
class Kept:
    """The file of reports, in memory."""

    owed: list[Owed] = field(default_factory=list)

    def load(self) -> list[Owed]:
        return list(self.owed)

    def save(self, owed: Sequence[Owed]) -> None:
        self.owed = list(owed)


class Bench:
    """A server in the store, a control plane that hears, a computer that is as told."""

    def __init__(self, status: str = "running") -> None:
        self.store = Store()
        details = self.store.details(ERP)
        details.revision = 1
        self.server = replace(FILE, status=status)
        details.servers.put(self.server)
        self.plane = Plane(self.store)
        self.intents = Intents(cast("Any", Link(self.plane)))
        self.kept = Kept()
        self.me = Me(
            operator="ana", control_plane="This computer", control_plane_id=A_PLANE, version="1"
        )
        self.records = self.restarted()
        self.access = PretendedAccess()
        self.typed = Typed()
        self.changes = 0
        self.agrees = False
        self.asked: list[HostCheck] = []

    def restarted(self) -> ConnectionRecords:
        """Return the records that the next start finds, with what could not be told."""
        return ConnectionRecords(self.intents, self.kept, lambda: self.me)

    @property
    def launcher(self) -> PretendedLauncher:
        assert self.access.there
        return self.access.there

    def begin(self, **more: Any) -> Connecting:
        usual: dict[str, Any] = {
            "environment": ERP, "server": self.server, "endpoint": an_endpoint(self.server.id),
            "account": "ERPPROD\\ana", "way": Route.PRIVATE,
        }  # fmt: skip
        return Connecting(
            ConnectRequest(**{**usual, **more}), self.typed, cast("Any", self.access), self.records,
            self.intents, self.store, lambda: NOW, self._changed, self._trusts,
        )  # fmt: skip

    def _changed(self) -> None:
        self.changes += 1

    async def _trusts(self, look: HostCheck) -> bool:
        self.asked.append(look)
        return self.agrees

    def becomes(self, status: str) -> None:
        self.store.details(ERP).servers.put(replace(self.server, status=status))


async def until(there: Any) -> None:
    async with asyncio.timeout(30):
        while not there():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def opened(bench: Bench, **more: Any) -> OpenSession:
    bench.access.up.set()
    session = await bench.begin(**more).run()
    assert session is not None
    return session


def run(work: Any) -> None:
    asyncio.run(work)
