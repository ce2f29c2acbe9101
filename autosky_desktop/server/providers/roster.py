"""The roster of an environment: its machines as last read, and who was signed in on them."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec import structs

from autosky_desktop.domain.endpoint import Presence
from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.server import ServerState
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.admissions import Admissions
from autosky_desktop.server.providers.arrivals import UP
from autosky_desktop.server.providers.cloud import Cloud, CloudReading, Platform
from autosky_desktop.server.providers.guest import GuestSession
from autosky_desktop.server.providers.lease import Sleep
from autosky_desktop.server.providers.provider import (
    Admission,
    Member,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.signed_in import AskedMachine, SignedIn
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _

READ_LATELY = timedelta(minutes=2)
"""Guests are asked in the background for so long after the last reading."""
PRESENT_SECONDS = 4.0
"""How long somebody who is about to connect waits for who is there."""

SHOWN: Mapping[Admission, InstanceState] = MappingProxyType({
    Admission.OPEN: InstanceState.AVAILABLE,
    Admission.BLOCKED: InstanceState.BLOCKED,
    Admission.DRAINING: InstanceState.DRAINING,
})  # fmt: skip

log = logging.getLogger(__name__)


class Roster:
    """The machines of one environment. Guests are asked who is there every `look_seconds`, while
    somebody reads; `sessions_changed` is set when that told something new.
    """

    def __init__(
        self,
        cloud: Cloud,
        signed_in: SignedIn,
        admissions: Admissions,
        now: Now,
        sleep: Sleep,
        *,
        look_seconds: float,
    ) -> None:
        self._cloud, self._signed_in, self._now = cloud, signed_in, now
        self._admissions = admissions
        self._sleep, self._look_seconds = sleep, look_seconds
        self._reading = CloudReading(servers=[], members=[])
        self._read_at: datetime | None = None
        self._looking: asyncio.Task[None] | None = None
        self.sessions_changed = asyncio.Event()

    async def read(self) -> CloudReading:
        """Return the machines as they are now."""
        self._reading = reading = await self._cloud.read()
        instances = list(map(id_of, reading.members))
        self._signed_in.forget([*(it.id for it in reading.servers), *instances])
        self._admissions.forget(instances)
        return reading

    async def look(self, members: Sequence[Member], *, newer_than: timedelta = timedelta()) -> None:
        """Ask those that are up who is there, but for those whose answer is newer; and have what
        a restart has undone done again.
        """
        up = self.up(members)
        await self._signed_in.look(up, newer_than=newer_than)
        await self._admissions.put_back(members, up)

    def keep_looking(self) -> None:
        """Have guests asked in the background, for a while from now on."""
        self._read_at = self._now()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())

    async def close(self) -> None:
        """Ask no more."""
        if self._looking:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    @property
    def members(self) -> Sequence[Member]:
        """Return the instances as last read."""
        return self._reading.members

    async def member(self, instance: str) -> Member | None:
        """Return it as last read, or else as it is now; None: it is gone."""
        for look in (False, True):
            members = (await self.read()).members if look else self._reading.members
            if found := next((it for it in members if id_of(it) == instance), None):
                return found
        return None

    def gone(self, instance: str) -> None:
        """Know that an instance was removed, without reading again."""
        members = [it for it in self._reading.members if id_of(it) != instance]
        self._reading = structs.replace(self._reading, members=members)

    def up(self, members: Iterable[Member]) -> list[AskedMachine]:
        """Return those of them that can be asked."""
        return [self.asked(it) for it in members if InstanceState(it.instance.status) in UP]

    def asked(self, member: Member) -> AskedMachine:
        """Return the instance as it is asked."""
        platform = self._reading.platforms.get(id_of(member), Platform.UNKNOWN)
        return AskedMachine(id=id_of(member), name=member.instance.name, platform=platform)

    def shown(self, member: Member) -> Instance:
        """Return the instance with what is known of its sessions, and whether it lets people on."""
        it, state = member.instance, InstanceState(member.instance.status)
        told = self._signed_in.on(it.id) if state in UP else None
        status = SHOWN[member.admission].value if state is InstanceState.AVAILABLE else it.status
        return structs.replace(it, status=status, sessions=None if told is None else len(told))

    async def certainly_on(self, member: Member, *, or_nobody: bool) -> list[GuestSession]:
        """Return who is on it now. Where that is not told, `or_nobody` takes it for nobody;
        otherwise ProviderRefused of the kind IN_USE is raised, for somebody might be. Nobody is on
        one that has not come up.
        """
        asked = self.asked(member)
        if InstanceState(member.instance.status) not in {*UP, InstanceState.UNKNOWN}:
            return []
        failed = await self._signed_in.look([asked])
        if failed and not or_nobody:
            raise ProviderRefused(
                _(words.NOT_TOLD).format(machine=asked.name),
                kind=RefusalKind.IN_USE,
                remedy=_(words.END_OR_WAIT),
            ) from failed[asked.id]
        return [] if failed else self._signed_in.on(asked.id) or []

    async def present(self, server: str) -> list[Presence] | None:
        """Return who is on a server or an instance now; None where that is not told in time."""
        found = {it.id: (it.name, it.status) for it in self._reading.servers}
        found |= {id_of(it): (it.instance.name, it.instance.status) for it in self.members}
        name, status = found.get(server, ("", ""))
        if status == ServerState.STOPPED:
            return []
        if status != ServerState.RUNNING and InstanceState(status) not in UP:
            return None
        platform = self._reading.platforms.get(server, Platform.UNKNOWN)
        answers = await self._signed_in.each(
            [AskedMachine(id=server, name=name, platform=platform)],
            lambda guest, channel, _id: guest.read(channel),
            seconds=PRESENT_SECONDS,
        )
        there = answers[server]
        if isinstance(there, ProviderError):
            return None
        return [Presence(account=it.account, since=it.since) for it in there.sessions]

    async def admit(self, members: Iterable[Member], admission: Admission) -> list[ProviderError]:
        """Have them let people on, or not, and note it; return why some did not do so."""
        chosen = list(members)
        return await self._admissions.admit(chosen, self.up(chosen), admission)

    async def _look_on(self) -> None:
        while self._read_at and self._now() - self._read_at < READ_LATELY:
            with guarded(log, "asking who is signed in"):
                members = self.members
                before = [self._signed_in.on(id_of(it)) for it in members]
                await self.look(members)
                if before != [self._signed_in.on(id_of(it)) for it in members]:
                    self.sessions_changed.set()
            await self._sleep(self._look_seconds)


def id_of(member: Member) -> str:
    """Return the id of the instance."""
    return member.instance.id
