"""An evening on which connections can be asked for, on a computer that is as told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionEnded
from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.server import Server
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.plane_files import OwedConnections
from tests.support.connecting import PretendedAccess, a_tunnel, an_endpoint
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_support_server,
    an_evening,
)
from tests.support.keychain import FakeKeychain
from tests.support.person import Person

FILE = a_support_server("FILE-ERP-PROD-01", type="File", public_ip=None, private_ip="10.20.0.31")
STOPPED = replace(FILE, status="stopped")


@dataclass
class Connectable:
    """An evening with a server to connect to. `heard` is what the control plane was told and asked,
    `said` what was notified, `folder` one that lasts as long.
    """

    evening: Evening
    access: PretendedAccess
    credentials: Credentials
    owed: OwedConnections
    me: Person
    folder: Path
    heard: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    clicks: list[Any] = field(default_factory=list)
    endpoint: Endpoint = field(default_factory=lambda: an_endpoint(FILE.id))

    async def asks(self, server: Server = FILE) -> None:
        """Open the window for one server, and wait until it is filled."""
        self.evening.desktop.connections.ask(ERP, server)
        await self.me.sees("Private, 10.20.0.31", "Private address 10.20.0.31")

    async def connects(self, password: str = "marker", button: str = "Connect") -> None:
        await self.me.types("Password", password)
        await self.me.presses(button)

    def becomes(self, **more: Any) -> None:
        self.evening.store.details(ERP).servers.put(replace(FILE, **more))


@asynccontextmanager
async def connectable(*servers: Server, **more: Any) -> AsyncIterator[Connectable]:
    async with an_evening(**more) as evening:
        with TemporaryDirectory() as folder:
            desktop = evening.desktop
            credentials = Credentials(FakeKeychain(), Path(folder), lambda: NOW)
            desktop.keychain = credentials.keychain  # type: ignore[assignment]
            evening.preferences.go_to(Path(folder))
            owed = OwedConnections(Path(folder))
            it = Connectable(evening, PretendedAccess(), credentials, owed, Person(), Path(folder))
            it.access.up.set()
            desktop.connections.access = lambda: it.access  # type: ignore[assignment,return-value]
            desktop.connections.told.connect(
                lambda title, text, clicked, _button: (
                    it.said.append(f"{title} {text}"), it.clicks.append(clicked),
                )
            )  # fmt: skip
            _answer(it)
            evening.show(a_preparation_server(), *(servers or (FILE,)))
            yield it


def _answer(it: Connectable) -> None:
    """Add the control plane's part in connections to what it can be asked on any evening."""

    async def endpoint(_server: str) -> Endpoint:
        return it.endpoint

    async def endpoint_of_instance(instance: str) -> Endpoint:
        return replace(it.endpoint, server=instance)

    async def tunnel(_machine: str, *, to_instance: bool) -> Tunnel:
        return a_tunnel()

    async def begun_on_instance(instance: str, request: ConnectionBegun, *, key: str) -> Connection:
        return await begun(f"instance {instance}", request, key=key)

    async def begun(server: str, request: ConnectionBegun, *, key: str) -> Connection:
        it.heard.append(f"begun {server} as {request.account}")
        return Connection(
            id="c", server=server, account=request.account, address=request.address,
            protocol=request.protocol, by="ana", at=NOW,
        )  # fmt: skip

    async def ended(_connection: str, request: ConnectionEnded, *, key: str) -> None:
        it.heard.append(f"ended {request.outcome}")

    async def power(server: str, power: str, *, key: str, hours: int | None = None) -> Server:
        it.heard.append(f"{power} {server}")
        return FILE

    for name, call in {
        "endpoint": endpoint, "connection_begun": begun, "connection_ended": ended, "power": power,
        "endpoint_of_instance": endpoint_of_instance, "tunnel": tunnel,
        "connection_to_instance_begun": begun_on_instance,
    }.items():  # fmt: skip
        setattr(it.evening.plane, name, call)
