"""The computer's part in a connection, as a test wants it to be."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from autosky_desktop.domain.connecting import CannotConnect, HostCheck, Trouble, TrustVerdict
from autosky_desktop.domain.endpoint import Endpoint, Gateway, Protocol, Tunnel
from autosky_desktop.system.connect import tunnel as tunnels
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target
from autosky_desktop.system.connect.tunnel import OpenTunnel
from tests.support.launcher import PretendedLauncher, PretendedSession

SEEN = "sha256:" + ":".join(["AB", "01"] * 16)
KNOWN = "sha256:" + ":".join(["CD", "02"] * 16)


def an_endpoint(server: str = "file", **more: Any) -> Endpoint:
    usual: dict[str, Any] = {
        "protocol": "rdp", "port": 3389, "private_ip": "10.20.0.31",
        "account": "ERPPROD\\svc-maintenance", "network": "10.20.0.0/16",
        "usual_start_seconds": 90,
    }  # fmt: skip
    return Endpoint(server=server, **{**usual, **more})


def a_tunnel(**more: Any) -> Tunnel:
    usual = {
        "kind": "session-manager", "session": "autosky-0a1b2c", "machine": "i-0123456789abcdef0",
        "region": "eu-central-1", "url": "wss://ssmmessages.eu-central-1.amazonaws.com/v1/x",
        "service": "https://ssm.eu-central-1.amazonaws.com", "token": "the-token",
    }  # fmt: skip
    return Tunnel(**{**usual, **more})


GATEWAY = Gateway(host="rdgw.erp.example", port=443)


@dataclass
class PretendedAccess:
    """This computer's means, pretended. `up`: the port answers. `verdict` is how what it shows
    compares with what was known.
    """

    there: PretendedLauncher | None = field(default_factory=PretendedLauncher)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    verdict: TrustVerdict = TrustVerdict.SAME
    asked: list[Target] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)
    named: list[str | None] = field(default_factory=list)
    looked: CannotConnect | None = None
    network: str = ""
    gateway: str = ""
    plugin: bool = False

    async def answers(self, target: Target) -> bool:
        self.asked.append(target)
        return self.up.is_set()

    async def look(self, target: Target, named: str | None) -> HostCheck:
        self.named.append(named)
        if self.looked:
            raise self.looked
        return HostCheck(
            verdict=self.verdict, seen=SEEN, known=KNOWN, host=target.host, gateway=self.gateway
        )

    def pin(self, _target: Target, look: HostCheck) -> None:
        self.pinned.append(look.judged)

    def launcher(self, _protocol: Protocol) -> PretendedLauncher | None:
        return self.there

    def missing(self, _protocol: Protocol) -> CannotConnect:
        return CannotConnect(Trouble.NO_CLIENT, "sudo apt install freerdp2-x11")

    def opens_tunnels(self) -> bool:
        return self.plugin

    async def tunnel(self, begin: Callable[[], Awaitable[Tunnel]]) -> OpenTunnel:
        if not self.plugin:
            raise CannotConnect(Trouble.NO_TUNNEL, "missing")
        return await tunnels.opened(begin)

    async def open(
        self, launcher: PretendedLauncher, target: Target, secret: Secret | None
    ) -> PretendedSession:
        return await launcher.open(target, secret)


class Typed:
    """A password somebody typed."""

    def __init__(self, text: str = "marker") -> None:
        self.secret = Secret(text)

    async def take(self) -> Secret:
        return self.secret

    def forget(self) -> None:
        self.secret.forget()
