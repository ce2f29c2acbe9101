"""The plan of warnings of scheduled shutdowns: pure, with the time handed in.

What was told is remembered by the moment of the shutdown: one that is moved is warned of afresh.
After a sleep the most urgent warning speaks for all it overtook; those it spoke for come in their
own time again only when the clock is set back before them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import ServerState
from autosky_desktop.domain.wire import Word

KEPT = timedelta(days=2)
"""How long after its moment a shutdown is remembered: longer than a clock is ever wrong."""

Minutes = tuple[int, ...]


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """One server that is about to stop at `at`, and how many minutes before to warn of it."""

    server: str
    name: str
    environment: str
    at: datetime
    minutes: Minutes
    reason: str = ""
    held: bool = False

    @property
    def key(self) -> str:
        """Return the key of the server; two environments may both claim one."""
        return f"{self.environment}/{self.server}"


class WarningsGiven(msgspec.Struct, frozen=True, kw_only=True):
    """The warnings given of one shutdown. `overtaken` are those that a later one stood in for."""

    of: Watched
    said: Minutes = ()
    overtaken: Minutes = ()
    held: bool = False
    missed: bool = False

    @property
    def open(self) -> bool:
        """Return whether the last warning was neither given nor overtaken nor told as missed."""
        last = min(self.of.minutes, default=None)
        return not self.missed and last is not None and last not in self.said + self.overtaken


class Kind(Word):
    """The kind of a reminder: it stops `soon`, a publication has it `held`, or it was `missed`."""

    SOON = "soon"
    HELD = "held"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell; `ahead` are the minutes of the warning that fell due."""

    kind: str
    of: Watched
    ahead: int = 0


Memory = Mapping[str, WarningsGiven]
"""By the key of the server: what was told of the shutdown it has now."""


def watched(environment: Environment, minutes: Minutes) -> Watched | None:
    """Return the shutdown of its preparation server to warn of; None if there is none."""
    server = environment.preparation
    if not (server and server.shutdown) or ServerState(server.status) is ServerState.STOPPED:
        return None
    return Watched(
        server=server.id,
        name=server.name,
        environment=environment.id,
        at=server.shutdown.at,
        minutes=tuple(sorted({it for it in minutes if it > 0}, reverse=True)),
        reason=server.shutdown.reason,
        held=server.shutdown.held,
    )


def due_reminders(
    servers: Iterable[Watched], memory: Memory, *, now: datetime
) -> tuple[list[Reminder], dict[str, WarningsGiven]]:
    """Return what has to be told now, one thing a server at most, and the memory afterwards."""
    reminders, after = [], _by_key(memory)
    for server in servers:
        before = after.get(server.key)
        told = _follow(before, server, now)
        reminder = _due(told, now)
        if reminder:
            told = _and_told(told, reminder, now)
            reminders.append(reminder)
        if told != before:
            after[server.key] = told
    return reminders, after


def ended(
    memory: Memory, servers: Iterable[Watched], known: Iterable[str], *, now: datetime
) -> tuple[list[Reminder], dict[str, WarningsGiven]]:
    """Drop shutdowns that are no more; one that nobody was told of becomes a missed one.

    `known` are the environments the control plane has told of: of others, nothing has ended.
    """
    there, certain = {it.key for it in servers}, set(known)
    reminders, after = [], {}
    for key, told in _by_key(memory).items():
        gone = key not in there and told.of.environment in certain
        if gone and told.open and not told.of.held and told.of.at <= now:
            reminders.append(Reminder(kind=Kind.MISSED.value, of=told.of))
        if not gone and now < told.of.at + KEPT:
            after[key] = told
    return reminders, after


def next_check(servers: Iterable[Watched], *, now: datetime) -> datetime | None:
    """Return when something falls due next: the only timer that is needed.

    While a shutdown stands there is always one, as an alarm also hears that the clock was set.
    """
    moments = (moment for server in servers for moment in _moments(server))
    return min((moment for moment in moments if moment > now), default=None)


def _by_key(memory: Memory) -> dict[str, WarningsGiven]:
    """Return the memory by server and environment; earlier versions kept it by the server alone."""
    return {told.of.key: told for told in memory.values()}


def _moments(server: Watched) -> list[datetime]:
    if not server.minutes:
        return []
    return [
        server.at + KEPT,
        server.at,
        *(server.at - timedelta(minutes=it) for it in server.minutes),
    ]


def _passed(server: Watched, now: datetime) -> Minutes:
    return tuple(it for it in server.minutes if server.at - timedelta(minutes=it) <= now)


def _follow(told: WarningsGiven | None, server: Watched, now: datetime) -> WarningsGiven:
    """Return what was told of this shutdown, nothing if it is another one or was moved."""
    if told is None or told.of.at != server.at:
        return WarningsGiven(of=server)
    passed = _passed(server, now)
    overtaken = tuple(it for it in told.overtaken if it in passed)
    return msgspec.structs.replace(told, of=server, overtaken=overtaken)


def _due(told: WarningsGiven, now: datetime) -> Reminder | None:
    server = told.of
    if not server.minutes:
        return None
    if server.held:
        return None if told.held else Reminder(kind=Kind.HELD.value, of=server)
    if server.at <= now:
        return Reminder(kind=Kind.MISSED.value, of=server) if told.open else None
    passed = _passed(server, now)
    nearest = min(passed, default=None)
    if nearest is None or nearest in told.said + told.overtaken:
        return None
    return Reminder(kind=Kind.SOON.value, of=server, ahead=nearest)


def _and_told(told: WarningsGiven, reminder: Reminder, now: datetime) -> WarningsGiven:
    replace = msgspec.structs.replace
    if reminder.kind == Kind.HELD:
        return replace(told, held=True)
    if reminder.kind == Kind.MISSED:
        return replace(told, missed=True)
    overtaken = (it for it in _passed(told.of, now) if it not in (*told.said, reminder.ahead))
    return replace(told, said=(*told.said, reminder.ahead), overtaken=tuple(overtaken))
