"""Judges when somebody could sign in to a new instance, which is later than its machine runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.provider import Member
from autosky_desktop.server.providers.signed_in import SignedIn

AGENT_COMES = timedelta(minutes=3)
"""How long a new system may take until it can be asked: before that, some channels know nothing of
its agent.
"""
LEAVING = frozenset({InstanceState.STOPPING, InstanceState.TERMINATED})
UP = frozenset({InstanceState.AVAILABLE, InstanceState.BLOCKED, InstanceState.DRAINING})


class Arrivals:
    """Judges the new instances of one environment, by what their systems answered."""

    def __init__(self, signed_in: SignedIn, now: Now) -> None:
        self._signed_in, self._now = signed_in, now
        self._refused_since: dict[str, datetime] = {}

    def judged(self, members: Sequence[Member]) -> list[Member]:
        """Return the instances as they were looked at just now. One that comes in place of another
        is starting until its system answers, whatever its cloud says.
        """
        there = {it.instance.id for it in members}
        self._refused_since = {id_: at for id_, at in self._refused_since.items() if id_ in there}
        staying = {it.instance.id for it in members if it.instance.status not in LEAVING}
        return [
            _starting(it) if it.replaces in staying and not self._can_be_used(it) else it
            for it in members
        ]

    def _can_be_used(self, new: Member) -> bool:
        """Return whether its system answered. Where it cannot be asked, its cloud is believed:
        after a while, if that of the old one can be.
        """
        id_ = new.instance.id
        if new.instance.status not in UP or self._signed_in.has_answered(id_):
            return True
        if not self._signed_in.cannot_be_asked(id_):
            return False
        since = self._refused_since.setdefault(id_, self._now())
        waited = abs(self._now() - since) >= AGENT_COMES
        return waited or self._signed_in.cannot_be_asked(new.replaces)


def _starting(member: Member) -> Member:
    instance = replace(member.instance, status=InstanceState.STARTING.value, sessions=None)
    return replace(member, instance=instance)
