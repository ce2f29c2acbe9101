"""Carries out what a rollout needs next: starts, drains and retires instances at the provider.

Each call has a key of its own, so a process that is killed at any moment does nothing twice: the
next one reads from the instances what is under way, and asks again for what it is not sure of.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.pause import begun_anew
from autosky_desktop.server.providers.provider import (
    Admission,
    Member,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.publications.workflow.rollout import (
    Rollout,
    is_added,
    is_up,
    leaves,
    stands_for,
)
from autosky_desktop.server.publications.workflow.step_context import ProviderTools
from autosky_desktop.server.publications.workflow.together import errors_of, together
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import DID_NOT_COME_UP, NEW_ONE_DID_NOT_COME_UP

LONGEST_START_MINUTES = 10

T = TypeVar("T")


class FailedSuccessor(Struct, frozen=True):
    """The id of an instance whose successor did not come up, or what stands for one that was to be
    added, and the sentence why.
    """

    instance: str
    detail: str


class InstanceReplacer:
    """Starts instances on a model and retires those they replace. The keys of its calls begin with
    `key`; what was undone when an `attempt` failed is done again in the next. `wanted` is how many
    instances there are to be, known when they have been read.
    """

    def __init__(
        self, tools: ProviderTools, environment: str, model: str, *, key: str, attempt: int = 0
    ) -> None:
        self._tools = tools
        self._provider = tools.provider
        self._environment = environment
        self._model = model
        self._key = key
        self._attempt = attempt
        self.wanted: int | None = None
        self._ended: dict[str, int] = {}
        self._latest: dict[str, datetime] = {}

    @property
    def sessions_ended(self) -> int:
        """Return how many sessions ended with what was retired, in all attempts."""
        return sum(self._ended.values())

    async def members(self) -> list[Member]:
        """Return the instances; a new one that takes too long to come up has failed."""
        if self.wanted is None:
            observed = await self._ask(lambda: self._provider.read(self._environment))
            self.wanted = observed.wanted
        now = self._tools.now()
        found = await self._ask(lambda: self._provider.members(self._environment))
        return [self._judged(it, now) for it in found]

    def failures(self, rollout: Rollout) -> list[FailedSuccessor]:
        """Return those whose successors did not come up, or were begun and never seen."""
        now = self._tools.now()
        return [
            *(FailedSuccessor(stands_for(it), it.failed) for it in rollout.failures),
            *(
                FailedSuccessor(it.instance.id, _not_up(it))
                for it in rollout.starting
                if it.instance.id in self._latest and self._is_late(it.instance.id, now)
            ),
            *(
                FailedSuccessor(place, _never_seen())
                for place in rollout.adding
                if place in self._latest and self._is_late(place, now)
            ),
        ]

    async def finish(self, rollout: Rollout, *, end_sessions: bool) -> None:
        """Let the old ones go whose successors are up. Asked for again after a crash, it is told
        once more how many sessions ended.
        """

        async def finished(old: str) -> None:
            ended = await self._retire(old, end_sessions=end_sessions)
            if ended is not None:
                self._ended[old] = ended

        up = (it.replaces for it in rollout.succeeded)
        await together(finished, [old for old in up if old not in self._ended])

    async def begin(self, rollout: Rollout, *, end_sessions: bool) -> None:
        """Let nobody new on what goes soon, and start what comes up in its place. What was given up
        before is put right first.
        """
        retire, drain = partial(self._retire, end_sessions=True), self._drain
        await together(retire, [it.instance.id for it in rollout.abandoned])
        await together(partial(drain, draining=False), rollout.staying)
        for place in rollout.adding:
            await self._start(place)
        await together(partial(drain, draining=True, end_sessions=end_sessions), rollout.draining)
        for old in rollout.starting:
            await self._start(old.instance.id, replaces=old.instance.id)

    async def give_up(self) -> list[Member]:
        """Leave the instances as people can use them, and return them: what has not come up goes,
        what was to go takes sessions again. Nobody is disconnected.
        """
        members = await self.members()
        there = {it.instance.id: it for it in members if not leaves(it)}
        new = [it for it in there.values() if it.replaces in there]
        new += [it for it in there.values() if self.wanted and is_added(it, self._model)]
        drained = [it for it in there.values() if it.admission is Admission.DRAINING]
        errors = await errors_of(self._leave_one, new)
        errors += await errors_of(partial(self._drain, draining=False), drained)
        if errors:
            raise errors[0]
        return await self.members()

    async def _leave_one(self, new: Member) -> None:
        """Keep either the new one or the one it replaces: that which people can use, or are on."""
        if not is_up(new):
            await self._retire(new.instance.id, end_sessions=True)
        elif await self._retire(new.replaces, end_sessions=False) is None:
            await self._retire(new.instance.id, end_sessions=False)

    async def _start(self, what: str, *, replaces: str = "") -> None:
        key = self._key_of("start", what)
        self._is_late(what, self._tools.now())
        await self._ask(
            lambda: self._provider.start_instance(
                self._environment, model=self._model, replaces=replaces, key=key
            )
        )

    async def _retire(self, id_: str, *, end_sessions: bool) -> int | None:
        """Return how many sessions ended with it; None: somebody is on it, and it stays."""
        key = f"{self._key}:retire:{id_}"
        try:
            return await self._ask(
                lambda: self._provider.retire_instance(
                    self._environment, id_, end_sessions=end_sessions, key=key
                )
            )
        except ProviderRefused as refused:
            if refused.kind is not RefusalKind.IN_USE:
                raise
            return None

    async def _drain(self, old: Member, *, draining: bool, end_sessions: bool = False) -> None:
        id_ = old.instance.id
        await self._ask(
            lambda: self._provider.drain(
                self._environment,
                id_,
                draining=draining,
                end_sessions=end_sessions,
                key=self._key_of("drain" if draining else "admit", id_),
            )
        )

    def _key_of(self, verb: str, id_: str) -> str:
        return f"{self._key}:{verb}:{id_}:{self._attempt}"

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        return await self._tools.ask(call)

    def _judged(self, member: Member, now: datetime) -> Member:
        replaces = member.model == self._model and member.replaces and not is_up(member)
        coming = replaces or is_added(member, self._model)
        if not coming or member.failed or not self._is_late(stands_for(member), now):
            return member
        return replace(member, failed=_not_up(member))

    def _is_late(self, replaced: str, now: datetime) -> bool:
        lasts = self._tools.pace.lasting(minutes=LONGEST_START_MINUTES)
        latest = begun_anew(self._latest.get(replaced, now + lasts), lasts, now)
        self._latest[replaced] = latest
        return now >= latest


def _never_seen() -> str:
    return _(NEW_ONE_DID_NOT_COME_UP).format(minutes=LONGEST_START_MINUTES)


def _not_up(member: Member) -> str:
    name = member.instance.name
    return _(DID_NOT_COME_UP).format(name=name, minutes=LONGEST_START_MINUTES)
