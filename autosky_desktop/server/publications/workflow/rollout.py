"""Decides which instances come and go next while a version is rolled out; pure.

A new instance is started, and when it is up the old one goes: so many at once that about ROUNDS
batches follow one another. All of it is read from the instances as they are, so that whoever goes
on after a crash decides the same.
"""

from collections.abc import Sequence
from functools import cached_property
from math import ceil

from msgspec import Struct

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.publication import ADDED, is_addition
from autosky_desktop.server.providers.provider import Admission, Member

ROUNDS = 6
"""So many replacements follow one another; the bigger the environment, the more at once."""

UP = frozenset({InstanceState.AVAILABLE, InstanceState.BLOCKED, InstanceState.DRAINING})
LEAVING = frozenset({InstanceState.STOPPING, InstanceState.TERMINATED})


class RolloutTask(Struct, frozen=True, kw_only=True):
    """The task: to replace what is not on `model`, of `only` if that is not None. `failed` stay:
    their successors did not come up. Without `end_sessions` nobody is disconnected. `wanted`: how
    many instances there are to be at least; what is missing is started.
    """

    model: str
    end_sessions: bool
    only: frozenset[str] | None = None
    failed: frozenset[str] = frozenset()
    wanted: int = 0

    def includes(self, id_: str) -> bool:
        return self.only is None or id_ in self.only


def outdated(members: Sequence[Member], model: str) -> list[Member]:
    """Return, by name, those that are not on the model and stay unless they are replaced."""
    lasting = (it for it in members if _state(it) not in (LEAVING | {InstanceState.STARTING}))
    return sorted((it for it in lasting if it.model != model), key=lambda it: it.instance.name)


class Rollout:
    """The instances at one moment, and what is to be done with them next."""

    def __init__(self, members: Sequence[Member], task: RolloutTask) -> None:
        self.members = members
        self._task = task
        self._there = {
            it.instance.id: it for it in members if _state(it) is not InstanceState.TERMINATED
        }
        self.outdated = outdated(members, task.model)

    @property
    def is_done(self) -> bool:
        under_way = [id_ for id_ in self._in_hand if self._task.includes(id_)]
        adds = self._missing_now or self.coming
        return not (self._left or under_way or adds or self.abandoned or self.staying)

    @property
    def is_waiting(self) -> bool:
        """Return whether nothing goes on before somebody signs out."""
        adds = self.adding or self.coming
        if self._task.end_sessions or adds or self.starting or self._moving:
            return False
        return any(self._task.includes(it.instance.id) and _occupied(it) for it in self.outdated)

    @property
    def succeeded(self) -> list[Member]:
        """The new ones that are up in the place of another, which may go now or is gone."""
        return [
            it
            for id_, it in self._successors.items()
            if is_up(it)
            and (self._task.includes(id_) if id_ in self._there else it.model == self._task.model)
        ]

    @property
    def failures(self) -> list[Member]:
        """The new ones that will never come up."""
        return [
            it
            for id_, it in self._in_hand.items()
            if it.failed and not is_up(it) and self._task.includes(id_)
        ] + [it for it in self.coming if it.failed]

    @property
    def abandoned(self) -> list[Member]:
        """The new ones that come up for nobody: their place was given up before."""
        return [
            it
            for it in self._there.values()
            if it.replaces in self._there
            and not is_up(it)
            and not leaves(it)
            and self._successors.get(it.replaces) is not it
        ] + [it for it in self._added if it not in self.coming]

    @property
    def staying(self) -> list[Member]:
        """The old ones that were drained and are not replaced after all."""
        failed = (self._there[id_] for id_ in self._task.failed if id_ in self._there)
        return [it for it in failed if it.admission is Admission.DRAINING]

    @property
    def lacking(self) -> int:
        """The number of those that are to be there and are not up, also because they failed."""
        return max(0, self._task.wanted - len(self._lasting))

    @property
    def missing(self) -> list[str]:
        """The places of those that nobody has begun. They follow those that are taken, so whoever
        looks before a new one is seen finds the same place.
        """
        failed = sum(map(is_addition, self._task.failed))
        taken = len(self._lasting) + len(self.coming) + failed
        return [f"{ADDED}{number}" for number in range(taken + 1, self._task.wanted + 1)]

    @cached_property
    def coming(self) -> list[Member]:
        """The new ones that replace none and are not up yet."""
        return [it for it in self._added if stands_for(it) not in self._task.failed]

    @cached_property
    def adding(self) -> list[str]:
        """The places of those that begin now, before others are replaced: they take nobody's."""
        return self._missing_now[: self._room]

    @cached_property
    def starting(self) -> list[Member]:
        """The old ones whose successors begin now: those that are drained first, and the emptiest.

        Those of whom it is not known who is on them may be empty.
        """
        ends = self._task.end_sessions
        room = self._room - len(self.adding)
        return [it for it in self._next if ends or not it.instance.sessions][:room]

    @property
    def draining(self) -> list[Member]:
        """The old ones that let nobody new on from now on: all that go soon, once people find a
        place on others that are new enough, or if these are blocked. Before that only as many as
        are replaced at once.
        """
        room = self._room - len(self.adding) - len(self.starting)
        waiting = [it for it in self._next if it.instance.sessions and it not in self.starting]
        leaving = [
            it
            for place, it in enumerate(waiting)
            if self._elsewhere or it.admission is Admission.BLOCKED or place < room
        ]
        wanted = (*self.starting, *leaving)
        return [it for it in wanted if it.admission is not Admission.DRAINING]

    @cached_property
    def _successors(self) -> dict[str, Member]:
        """Return the new ones by the ids of those they replace. One that was made for an earlier
        rollout serves as well once it is up.
        """
        replacing = [it for it in self._there.values() if it.replaces and not leaves(it)]
        coming = {
            it.replaces: it
            for it in replacing
            if it.model == self._task.model and it.replaces not in self._task.failed
        }
        return coming | {it.replaces: it for it in replacing if is_up(it)}

    @cached_property
    def _in_hand(self) -> dict[str, Member]:
        return {id_: it for id_, it in self._successors.items() if id_ in self._there}

    @property
    def _missing_now(self) -> list[str]:
        return [it for it in self.missing if self._task.includes(it)]

    @cached_property
    def _added(self) -> list[Member]:
        wanted = self._task.wanted
        return [it for it in self._there.values() if wanted and is_added(it, self._task.model)]

    @cached_property
    def _lasting(self) -> list[Member]:
        """Return those that are there to stay, or until a successor takes their place."""
        return [
            it
            for id_, it in self._there.items()
            if it.replaces not in self._there
            and it not in self._added
            and (not leaves(it) or id_ in self._in_hand)
        ]

    @cached_property
    def _left(self) -> list[Member]:
        return [
            it
            for it in self.outdated
            if self._task.includes(it.instance.id) and it.instance.id not in self._task.failed
        ]

    @cached_property
    def _next(self) -> list[Member]:
        """Return those whose turn it is, in order."""
        left = [it for it in self._left if it.instance.id not in self._in_hand]
        return sorted(
            left,
            key=lambda it: (it.admission is not Admission.DRAINING, it.instance.sessions or 0),
        )

    @cached_property
    def _room(self) -> int:
        """Return how many more may begin."""
        places = [it for it in self._there.values() if it.replaces not in self._there]
        at_once = ceil(max(len(places), self._task.wanted) / ROUNDS)
        return max(0, at_once - len(self._in_hand) - len(self.coming))

    @cached_property
    def _elsewhere(self) -> bool:
        return any(
            it.model == self._task.model and _state(it) is InstanceState.AVAILABLE
            for it in self._there.values()
        )

    @cached_property
    def _moving(self) -> bool:
        return any(not is_up(it) or leaves(self._there[id_]) for id_, it in self._in_hand.items())


def is_up(member: Member) -> bool:
    return _state(member) in UP


def leaves(member: Member) -> bool:
    return _state(member) in LEAVING


def is_added(member: Member, model: str) -> bool:
    """Return whether it comes up on the model and replaces none."""
    starts = _state(member) is InstanceState.STARTING
    return starts and member.model == model and not member.replaces


def stands_for(member: Member) -> str:
    """Return what is left undone if it does not come up: the old one's id, or a name for that."""
    return member.replaces or f"{ADDED}{member.instance.id}"


def _state(member: Member) -> InstanceState:
    return InstanceState(member.instance.status)


def _occupied(member: Member) -> bool:
    """Return whether somebody is, or may be, on it."""
    return member.instance.sessions != 0
