"""This computer's part in a connection: who answers, who is trusted, which client there is."""

from collections.abc import Callable
from datetime import datetime

from autosky_desktop.actions.means import CannotConnect, Look, Standing, Trouble
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.connect import clients, host_keys, probe
from autosky_desktop.system.connect.launcher import Launcher, Running
from autosky_desktop.system.connect.probe import NotSeen, Seen, Why
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.secret import Secret
from autosky_desktop.system.connect.target import Hop, Target
from autosky_desktop.system.connect.trust import Pin, Trust, Untrustworthy
from autosky_desktop.system.settings import Preferences

UNREACHED = (Why.NO_NAME, Why.REFUSED, Why.UNREACHABLE, Why.SILENT)


class SystemMeans:
    def __init__(self, preferences: Preferences, trust: Trust, now: Callable[[], datetime]) -> None:
        self._preferences = preferences
        self._trust = trust
        self._now = now

    async def answers(self, target: Target) -> bool:
        """Behind a gateway nobody can be asked but the gateway."""
        way = target.gateway or target
        return await probe.answers(way.host, way.port)

    async def look(self, target: Target, named: str | None) -> Look:
        if target.gateway:
            return await self._through(target, target.gateway, named)
        seen = await _seen(target.protocol, target.host, target.port)
        look = self._judged(target.server, target.protocol, seen.fingerprint, named)
        return Look(
            standing=look.standing, seen=look.seen, known=look.known, since=look.since,
            host=target.host, signs_in_first=seen.signs_in_first,
        )  # fmt: skip

    def pin(self, target: Target, look: Look) -> None:
        """What a person has agreed to: the gateway's where that was asked about."""
        server, name = target.server, target.title
        if look.gateway and target.gateway:
            server, name = _gateway_id(target.gateway), target.gateway.host
        pin = Pin(
            server=server, protocol=target.protocol, fingerprint=look.judged, name=name,
            address=look.host, since=self._now(),
        )  # fmt: skip
        try:
            self._trust.pin(pin)
        except (Untrustworthy, CannotWrite) as cause:
            raise CannotConnect(Trouble.UNTRUSTWORTHY, "pins") from cause

    def launcher(self, protocol: Protocol) -> Launcher | None:
        chosen = clients.chosen(protocol, self._wanted(protocol))
        ssh_config = self._preferences.settings.ssh_config
        return clients.launcher(chosen, ssh_config=ssh_config) if chosen else None

    async def open(self, launcher: Launcher, target: Target, secret: Secret | None) -> Running:
        try:
            return await launcher.open(target, secret)
        except ClientMissing:
            raise self.missing(target.protocol) from None
        except ClientFailed as cause:
            raise CannotConnect(ConnectionOutcome.CLIENT_FAILED, cause.reason) from None

    def missing(self, protocol: Protocol) -> CannotConnect:
        return _missing(protocol)

    def _wanted(self, protocol: Protocol) -> str:
        settings = self._preferences.settings
        return settings.terminal if protocol is Protocol.SSH else settings.rdp_client

    async def _through(self, target: Target, hop: Hop, named: str | None) -> Look:
        """The gateway is looked at; the server behind it only shows itself to the client."""
        seen = await _seen_gateway(target.protocol, hop)
        look = self._judged(_gateway_id(hop), target.protocol, seen, hop.fingerprint or None)
        if not named:
            raise CannotConnect(Trouble.UNTRUSTWORTHY, "gateway")
        return Look(
            standing=look.standing, seen=named, known=look.known, since=look.since,
            host=hop.host, gateway=look.seen,
        )  # fmt: skip

    def _judged(self, server: str, protocol: Protocol, seen: str, named: str | None) -> Look:
        if named and not _same(named, seen):
            return Look(standing=Standing.NAMED_OTHERWISE, seen=seen, known=named)
        try:
            pin = self._trust.known(server, protocol)
        except Untrustworthy as cause:
            raise CannotConnect(Trouble.UNTRUSTWORTHY, "pins") from cause
        if pin is None:
            return Look(standing=Standing.SAME if named else Standing.NEW, seen=seen)
        other = Standing.NAMED_ANEW if named else Standing.CHANGED
        standing = Standing.SAME if _same(pin.fingerprint, seen) else other
        return Look(standing=standing, seen=seen, known=pin.fingerprint, since=pin.since)


def _missing(protocol: Protocol) -> CannotConnect:
    advice = clients.advice(protocol)
    return CannotConnect(Trouble.NO_CLIENT, advice.command or advice.package)


def _gateway_id(hop: Hop) -> str:
    return f"gateway {hop.host}:{hop.port}"


async def _seen(protocol: Protocol, host: str, port: int) -> Seen:
    try:
        if protocol is Protocol.SSH:
            return Seen(fingerprint=await _host_key(host, port))
        return await probe.rdp(host, port)
    except NotSeen as cause:
        raise _untold(cause) from None


async def _seen_gateway(protocol: Protocol, hop: Hop) -> str:
    try:
        if protocol is Protocol.SSH:
            return await _host_key(hop.host, hop.port)
        return (await probe.tls(hop.host, hop.port)).fingerprint
    except NotSeen as cause:
        raise _untold(cause) from None


async def _host_key(host: str, port: int) -> str:
    try:
        return await host_keys.host_key(host, port)
    except ClientMissing:
        raise _missing(Protocol.SSH) from None
    except ClientFailed as cause:
        raise CannotConnect(ConnectionOutcome.CLIENT_FAILED, cause.reason) from None


def _untold(cause: NotSeen) -> CannotConnect:
    if cause.why in UNREACHED:
        return CannotConnect(ConnectionOutcome.UNREACHABLE, cause.why.value)
    return CannotConnect(Trouble.UNTRUSTWORTHY, cause.why.value)


def _same(one: str, other: str) -> bool:
    """Hexadecimal digits in either case; of base64 the case matters."""
    if one.startswith("sha256:") and other.startswith("sha256:"):
        return one.casefold() == other.casefold()
    return one == other
