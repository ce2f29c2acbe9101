"""The provider of one environment of real machines, made of its cloud and of guests. It is the same
for every cloud.

Sessions are asked for apart from machines, since that takes longer: every while in the background
while somebody reads, and freshly before anything depends on them. A cloud that tells of changes
makes a provider that does, and then a change of sessions is told as well.
"""

import asyncio
from asyncio import FIRST_COMPLETED
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Set
from datetime import timedelta
from typing import TypeVar, cast

from msgspec.structs import replace

from autosky_desktop.domain.endpoint import Endpoint
from autosky_desktop.domain.server import Power
from autosky_desktop.domain.session import Session
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.admissions import Admissions
from autosky_desktop.server.providers.arrivals import Arrivals
from autosky_desktop.server.providers.cloud import Cloud, Platform, TellsOfMachines
from autosky_desktop.server.providers.guest import Channel, Guest
from autosky_desktop.server.providers.lease import Lease, Sleep, this_computer
from autosky_desktop.server.providers.machine_extras import MachineExtras
from autosky_desktop.server.providers.provider import (
    Abilities,
    Admission,
    ImageProgress,
    Member,
    Observed,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.roster import Roster
from autosky_desktop.server.providers.signed_in import SignedIn
from autosky_desktop.words import machines as words

LOOK_SECONDS = 20.0
"""How often guests are asked who is there, where it costs nothing."""
ANSWER_SECONDS = 30.0
"""How long a guest may take to answer."""
FRESH = timedelta(seconds=5)
"""How old the sessions of a member may be."""
END_SECONDS = 15.0
"""How long sessions may take to end on an instance that goes anyway."""
MOST_UNFINISHED = 100

T = TypeVar("T")


def machine_provider(
    environment: str,
    cloud: Cloud,
    guests: Mapping[Platform, Guest],
    *,
    control_plane: str,
    now: Now,
    wanted: int = 0,
    look_seconds: float = LOOK_SECONDS,
    answer_seconds: float = ANSWER_SECONDS,
    sleep: Sleep = asyncio.sleep,
) -> "MachineProvider":
    """Return the provider of an environment. `look_seconds`: how often guests are asked who is
    there; `control_plane`: the id of the one that asks; `wanted`: how many instances there are to
    be.
    """
    signed_in = SignedIn(cloud, guests, now, seconds=answer_seconds)
    lease = Lease(cloud, control_plane, this_computer(), now, sleep)
    admissions = Admissions(cloud, signed_in, lease)
    roster = Roster(cloud, signed_in, admissions, now, sleep, look_seconds=look_seconds)
    kind = TellingMachineProvider if isinstance(cloud, TellsOfMachines) else MachineProvider
    arrivals = Arrivals(signed_in, now)
    return kind(environment, cloud, signed_in, roster, lease, arrivals, wanted)


class MachineProvider(MachineExtras):
    """One environment's provider. Whatever changes something takes the environment's lease."""

    def __init__(
        self,
        environment: str,
        cloud: Cloud,
        signed_in: SignedIn,
        roster: Roster,
        lease: Lease,
        arrivals: Arrivals,
        wanted: int = 0,
    ) -> None:
        super().__init__(environment, cloud, lease)
        self._signed_in, self._roster, self._arrivals = signed_in, roster, arrivals
        self._wanted = wanted
        self._blocked = False
        self._unfinished: dict[str, dict[str, object]] = {}

    async def read(self, environment: str) -> Observed:
        self._is_ours(environment)
        reading = await self._roster.read()
        self._roster.keep_looking()
        instances = [self._roster.shown(it) for it in reading.members]
        return Observed(servers=reading.servers, instances=instances, wanted=self._wanted)

    async def abilities(self, environment: str) -> Abilities:
        """Return what can be done: nothing with sessions, where no instance can be asked."""
        self._is_ours(environment)
        up = self._roster.up(self._roster.members)
        asks = not up or not all(self._signed_in.cannot_be_asked(it.id) for it in up)
        return Abilities(
            sessions=asks,
            message=asks,
            end_sessions=asks,
            block=asks,
            image_of_running=self._cloud.images_while_running,
        )

    async def members(self, environment: str) -> list[Member]:
        self._is_ours(environment)
        members = (await self._roster.read()).members
        await self._roster.look(members, newer_than=FRESH)
        shown = [replace(it, instance=self._roster.shown(it)) for it in members]
        return self._arrivals.judged(shown)

    async def endpoint(self, environment: str, server: str) -> Endpoint:
        self._is_ours(environment)
        endpoint = await self._cloud.endpoint(server)
        return replace(endpoint, present=await self._roster.present(server))

    async def image(self, environment: str, image: str) -> ImageProgress:
        self._is_ours(environment)
        return await self._cloud.image(image)

    async def sessions(self, environment: str) -> list[Session]:
        """Return everybody, as far as it is told; `members` says of which instances it is not.

        Raises ProviderError if no instance that is up can tell.
        """
        self._is_ours(environment)
        up = self._roster.up((await self._roster.read()).members)
        failed = await self._signed_in.look(up)
        if up and len(failed) == len(up):
            raise _first(failed.values())
        return [
            Session(id=f"{it.id}/{each.id}", account=each.account, instance=it.id, since=each.since)
            for it in up
            for each in self._signed_in.on(it.id) or []
        ]

    async def power(
        self,
        environment: str,
        server: str,
        power: Power,
        *,
        key: str,  # noqa: ARG002
    ) -> None:
        await self._may_change(environment)
        await self._cloud.power(server, power)

    async def create_image(self, environment: str, *, key: str) -> str:
        await self._may_change(environment)
        return await self._cloud.create_image(key=key)

    async def create_model(self, environment: str, *, image: str, version: int, key: str) -> str:
        await self._may_change(environment)
        return await self._cloud.create_model(image=image, version=version, key=key)

    async def start_instance(self, environment: str, *, model: str, replaces: str, key: str) -> str:
        """Begin the successor, with the name of the one that it replaces, or one more."""
        await self._may_change(environment)
        old = await self._roster.member(replaces) if replaces else None
        return await self._cloud.start_instance(
            model=model, name=old.instance.name if old else "", replaces=replaces, key=key
        )

    async def retire_instance(
        self,
        environment: str,
        instance: str,
        *,
        end_sessions: bool,
        key: str,  # noqa: ARG002
    ) -> int:
        """Remove the instance. Sessions that may end are ended first: what runs in them hears of
        it then, which it does not from a machine that is switched off.
        """
        await self._may_change(environment)
        await self._roster.read()
        member = await self._roster.member(instance)
        if member is None:
            await self._cloud.retire_instance(instance)  # what an interrupted call left of it
            return 0
        there = await self._roster.certainly_on(member, or_nobody=end_sessions)
        if there and not end_sessions:
            detail = words.in_use(member.instance.name, len(there))
            raise ProviderRefused(detail, kind=RefusalKind.IN_USE)
        if there:
            ids = [it.id for it in there]
            await self._signed_in.each(
                [self._roster.asked(member)],
                lambda guest, channel, _id: guest.end_sessions(channel, ids),
                seconds=END_SECONDS,
            )
        await self._cloud.retire_instance(instance)
        self._roster.gone(instance)
        return len(there)

    async def drain(
        self,
        environment: str,
        instance: str,
        *,
        draining: bool,
        end_sessions: bool = False,
        key: str,  # noqa: ARG002
    ) -> None:
        """Drain it or not. Where people are disconnected anyway, one that cannot keep people out
        is no reason to stop.
        """
        await self._may_change(environment)
        if (member := await self._roster.member(instance)) is None:
            return
        blocked = self._blocked or any(
            it.admission is Admission.BLOCKED for it in self._roster.members
        )
        after = Admission.BLOCKED if blocked else Admission.OPEN
        failed = await self._roster.admit([member], Admission.DRAINING if draining else after)
        if failed and not (draining and end_sessions):
            raise _first(failed)

    async def block(self, environment: str, *, blocked: bool, key: str) -> None:  # noqa: ARG002
        """Block the instances or let people on again, but for those that are about to go."""
        await self._may_change(environment)
        members = (await self._roster.read()).members
        self._blocked = blocked
        failed = await self._roster.admit(
            [it for it in members if it.admission is not Admission.DRAINING],
            Admission.BLOCKED if blocked else Admission.OPEN,
        )
        if failed:
            raise _first(failed)

    async def message(
        self, environment: str, sessions: Sequence[str], text: str, *, key: str
    ) -> None:
        async def say(guest: Guest, channel: Channel, ids: list[str]) -> None:
            await guest.message(channel, ids, text)

        await self._may_change(environment)
        await self._at_each(sessions, f"message {key}", say)

    async def end_sessions(
        self, environment: str, sessions: Sequence[str], *, key: str
    ) -> list[str]:
        async def end(guest: Guest, channel: Channel, ids: list[str]) -> list[str]:
            return await guest.end_sessions(channel, ids)

        await self._may_change(environment)
        ended = await self._at_each(sessions, f"end {key}", end)
        up = self._roster.up(self._roster.members)
        await self._signed_in.look(it for it in up if ended.get(it.id))
        return [f"{machine}/{id_}" for machine, ids in ended.items() for id_ in ids]

    async def close(self) -> None:
        """Let go of the environment, and of the connections to its machines."""
        await self._roster.close()
        await self._lease.let_go()
        await self._cloud.close()

    async def _at_each(
        self,
        sessions: Sequence[str],
        key: str,
        call: Callable[[Guest, Channel, list[str]], Awaitable[T]],
    ) -> dict[str, T]:
        """Return what the call came to on each machine. With the key of one that failed on some,
        it goes on with these: nobody hears a message twice.
        """
        wanted = defaultdict[str, list[str]](list)
        for session in sessions:
            machine, _slash, id_ = session.rpartition("/")
            wanted[machine].append(id_)
        done = cast(dict[str, T], self._unfinished.pop(key, {}))
        members = (await self._roster.read()).members
        up = [it for it in self._roster.up(members) if it.id in wanted and it.id not in done]
        answers = await self._signed_in.each(
            up, lambda guest, channel, id_: call(guest, channel, wanted[id_])
        )
        failed = []
        for machine, answer in answers.items():
            if isinstance(answer, ProviderError):
                failed.append(answer)
            else:
                done[machine] = answer
        if failed:
            self._unfinished[key] = cast(dict[str, object], done)
            while len(self._unfinished) > MOST_UNFINISHED:
                del self._unfinished[next(iter(self._unfinished))]
            raise _first(failed)
        return done


class TellingMachineProvider(MachineProvider):
    """The provider of a cloud that tells of changes."""

    async def changed(self) -> Set[str]:
        """Wait until a machine changed, or who is signed in."""
        machines = asyncio.ensure_future(cast(TellsOfMachines, self._cloud).changed())
        sessions = asyncio.ensure_future(self._roster.sessions_changed.wait())
        try:
            done, _pending = await asyncio.wait((machines, sessions), return_when=FIRST_COMPLETED)
            for it in done:
                it.result()
        finally:
            machines.cancel()
            sessions.cancel()
        self._roster.sessions_changed.clear()
        return {self._environment}


def _first(errors: Iterable[ProviderError]) -> ProviderError:
    """Return the error to tell: one after which trying again may help, if there is one."""
    every = list(errors)
    return next((it for it in every if isinstance(it, ProviderBusy)), every[0])
