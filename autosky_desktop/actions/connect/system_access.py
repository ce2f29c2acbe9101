"""This computer's part in a connection: who answers, who is trusted, which client there is."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from autosky_desktop.domain.connecting import CannotConnect, HostCheck, Trouble, TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol, Tunnel
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.connect import clients, probe, ssh_words, tunnel
from autosky_desktop.system.connect.host_keys import HostKeys, SshAddress
from autosky_desktop.system.connect.launcher import FirstThatStarts, Launcher, Running
from autosky_desktop.system.connect.probe import NotSeen, Seen, Why
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Hop, Target
from autosky_desktop.system.connect.trust import Pin, Trust, Untrustworthy
from autosky_desktop.system.connect.tunnel import OpenTunnel, TunnelFailed
from autosky_desktop.system.settings import Preferences

UNSEEN = {
    Why.NO_NAME: ConnectionOutcome.UNREACHABLE,
    Why.REFUSED: ConnectionOutcome.UNREACHABLE,
    Why.UNREACHABLE: ConnectionOutcome.UNREACHABLE,
    Why.SILENT: ConnectionOutcome.UNREACHABLE,
    Why.WAY: ConnectionOutcome.UNREACHABLE,
    Why.CLOSED: ConnectionOutcome.REFUSED,
    Why.OLD: ConnectionOutcome.REFUSED,
    Why.OLD_CLIENT: ConnectionOutcome.CLIENT_FAILED,
    Why.CONFIG: ConnectionOutcome.CLIENT_FAILED,
    Why.UNKNOWN: ConnectionOutcome.CLIENT_FAILED,
}
"""What it means that nobody could be looked at; where it is no outcome, nobody is to be trusted."""


class SystemServerAccess:
    def __init__(self, preferences: Preferences, trust: Trust, now: Callable[[], datetime]) -> None:
        self._preferences = preferences
        self._trust = trust
        self._now = now
        self._keys = HostKeys(lambda: preferences.settings.ssh_config)
        self._looks = probe.Looks()
        self._lost: Untrustworthy | None = None

    async def answers(self, target: Target) -> bool:
        """Return whether the server answers, or its gateway, behind which nobody can be asked."""
        way = target.gateway or target
        if target.protocol is not Protocol.SSH:
            gateway = target.gateway is not None
            return await self._looks.answers(way.host, way.port, gateway=gateway)
        pin = self._pin(_judged_by(target), target.protocol)
        return await self._keys.answers(_place(target), pin.host_key if pin else "")

    async def look(self, target: Target, named: str | None) -> HostCheck:
        if target.gateway:
            return await self._through(target, target.gateway, named)
        seen = await self._seen(target, named)
        look = self._judged(target.server, target.protocol, seen, named)
        return HostCheck(
            verdict=look.verdict, seen=look.seen, known=look.known, since=look.since,
            host=target.host, signs_in_first=seen.signs_in_first, host_key=seen.host_key,
            until=seen.until, known_until=look.known_until, key=seen.key,
        )  # fmt: skip

    def pin(self, target: Target, look: HostCheck) -> None:
        """Remember the fingerprint a person agreed to: the gateway's where that was asked about."""
        name = target.gateway.host if look.gateway and target.gateway else target.title
        pin = Pin(
            server=_judged_by(target), protocol=target.protocol, fingerprint=look.judged,
            name=name, address=look.host, since=self._now(), host_key=look.host_key,
            until=look.until, key=look.key,
        )  # fmt: skip
        try:
            self._trust.pin(pin)
        except (Untrustworthy, CannotWrite) as cause:
            raise CannotConnect(Trouble.UNTRUSTWORTHY, "pins") from cause

    def launcher(self, protocol: Protocol) -> Launcher | None:
        settings = self._preferences.settings
        launchers = {
            client.id: clients.launcher(client, ssh_config=settings.ssh_config)
            for client in clients.in_order(protocol, *settings.wanted(protocol))
        }
        if not launchers:
            return None
        return FirstThatStarts(launchers, lambda client: self._take(protocol, client))

    def _take(self, protocol: Protocol, client: str) -> None:
        """Start that client from now on, where none was chosen."""
        settings = self._preferences.settings
        started = {**settings.started, protocol.value: client}
        self._preferences.keep(replace(settings, started=started))

    async def open(self, launcher: Launcher, target: Target, secret: Secret | None) -> Running:
        try:
            return await launcher.open(target, secret)
        except ClientMissing:
            raise self.missing(target.protocol) from None
        except ClientFailed as cause:
            raise CannotConnect(ConnectionOutcome.CLIENT_FAILED, cause.reason) from None

    def missing(self, protocol: Protocol) -> CannotConnect:
        return _missing(protocol)

    def opens_tunnels(self) -> bool:
        return tunnel.is_installed()

    async def tunnel(self, begin: Callable[[], Awaitable[Tunnel]]) -> OpenTunnel:
        try:
            return await tunnel.opened(begin)
        except TunnelFailed as cause:
            raise CannotConnect(Trouble.NO_TUNNEL, cause.reason) from None

    async def _through(self, target: Target, hop: Hop, named: str | None) -> HostCheck:
        """Look at the gateway; the server behind it only shows itself to the client."""
        seen = await self._seen(target, hop.fingerprint)
        look = self._judged(_judged_by(target), target.protocol, seen, hop.fingerprint)
        if not named:
            raise CannotConnect(Trouble.UNTRUSTWORTHY, "gateway")
        return HostCheck(
            verdict=look.verdict, seen=named, known=look.known, since=look.since,
            host=hop.host, gateway=look.seen, host_key=seen.host_key,
            until=seen.until, known_until=look.known_until, key=seen.key,
        )  # fmt: skip

    async def _seen(self, target: Target, named: str | None) -> Seen:
        """Return what the server shows, or the gateway before it. Raises CannotConnect."""
        try:
            if target.protocol is Protocol.SSH:
                return await self._host_key(target, named)
            return await self._certificate(target)
        except NotSeen as cause:
            trouble = UNSEEN.get(cause.why, Trouble.UNTRUSTWORTHY)
            raise CannotConnect(trouble, cause.why.value) from None

    async def _certificate(self, target: Target) -> Seen:
        way = target.gateway or target
        gateway = target.gateway is not None
        seen = await self._looks.shown(way.host, way.port, gateway=gateway)
        pin = self._pin(_judged_by(target), target.protocol)
        if pin and (_same(pin.fingerprint, seen.fingerprint) or (pin.key and pin.key == seen.key)):
            now = replace(pin, fingerprint=seen.fingerprint, until=seen.until, key=seen.key)
            if now != pin:
                with suppress(CannotWrite):  # an older version did not keep all, or it was renewed
                    self._trust.pin(now)
        return seen

    async def _host_key(self, target: Target, named: str | None) -> Seen:
        pin = self._pin(_judged_by(target), target.protocol)
        known, wanted = (pin.host_key, named or pin.fingerprint) if pin else ("", named or "")
        try:
            key = await self._keys.shown(_place(target), known, wanted)
        except NotSeen as cause:
            if cause.why is Why.WAY and wanted:  # what leads there may ask in the terminal first
                return Seen(fingerprint=wanted)
            raise
        except ClientMissing:
            raise _missing(Protocol.SSH) from None
        except ClientFailed as cause:
            raise CannotConnect(ConnectionOutcome.CLIENT_FAILED, cause.reason) from None
        if pin and pin.fingerprint == key.fingerprint and not pin.host_key:
            with suppress(CannotWrite):  # it costs a look more the next time
                self._trust.pin(replace(pin, host_key=key.text))
        return Seen(fingerprint=key.fingerprint, host_key=key.text)

    def _pin(self, server: str, protocol: Protocol) -> Pin | None:
        try:
            return self._trust.known(server, protocol)
        except Untrustworthy as cause:
            self._lost = cause  # said once only: whoever asks next must not take them for new
            return None

    def _judged(self, server: str, protocol: Protocol, seen: Seen, named: str | None) -> HostCheck:
        shown = seen.fingerprint
        if named and not _same(named, shown):
            return HostCheck(verdict=TrustVerdict.NAMED_OTHERWISE, seen=shown, known=named)
        pin = self._pin(server, protocol)
        if self._lost:
            lost, self._lost = self._lost, None
            raise CannotConnect(Trouble.UNTRUSTWORTHY, "pins") from lost
        if pin is None:
            return HostCheck(verdict=TrustVerdict.SAME if named else TrustVerdict.NEW, seen=shown)
        ran_out = pin.until is not None and pin.until < self._now()
        other = TrustVerdict.RENEWED if ran_out else TrustVerdict.CHANGED
        if named:
            other = TrustVerdict.NAMED_ANEW
        verdict = TrustVerdict.SAME if _same(pin.fingerprint, shown) else other
        return HostCheck(
            verdict=verdict, seen=shown, known=pin.fingerprint, since=pin.since,
            known_until=pin.until,
        )  # fmt: skip


def _missing(protocol: Protocol) -> CannotConnect:
    advice = clients.advice(protocol)
    lacking = Trouble.NO_TERMINAL if advice.terminal else Trouble.NO_CLIENT
    return CannotConnect(lacking, advice.command or advice.package)


def _judged_by(target: Target) -> str:
    """Return the name by which the server, or the gateway before it, is known here."""
    hop = target.gateway
    return f"gateway {hop.host}:{hop.port}" if hop else target.server


def _place(target: Target) -> SshAddress:
    hop, account = target.gateway, ssh_words.account(target)
    if hop:
        return SshAddress(hop.host, hop.port, hop.account or account)
    return SshAddress(target.host, target.port, account)


def _same(one: str, other: str) -> bool:
    """Compare two fingerprints: hexadecimal digits in either case; of base64 the case matters."""
    if one.startswith("sha256:") and other.startswith("sha256:"):
        return one.casefold() == other.casefold()
    return one == other
