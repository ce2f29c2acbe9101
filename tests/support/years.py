"""The years of a computer in fast motion: it sleeps, its clock is set, servers are extended, held
and called off, the program is restarted. What the real reminders say in them is written down.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from autosky_desktop.domain.environment import Preparation
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.flows.remind import Remind
from autosky_desktop.store.store import Line, LineStatus, Store
from autosky_desktop.system.settings import Settings
from tests.support.evening import an_environment

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")
STOPS = (time(19), time(2, 30), time(23, 59), time(0, 1))
"""One of them falls into the hour that a summer's first night leaves out."""

Shutdown = ScheduledShutdown | None


@dataclass(frozen=True)
class Said:
    """A message, and when it was told: in true seconds, and by the clock of the computer."""

    second: float
    clock: float
    entry: Entry


@dataclass(frozen=True)
class Span:
    """A stretch in which nothing changed: awake or not, the clock's error, what was known."""

    begin: float
    end: float
    awake: bool
    error: float
    known: dict[str, Shutdown]


@dataclass
class Record:
    spans: list[Span] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


class FakeAlarm:
    """An alarm like the kernel's: by the clock of the computer, and whenever that was set."""

    def __init__(self, ring: Callable[[], None], computer: "Computer") -> None:
        self.ring = ring
        self.at: float | None = None
        self._computer = computer

    def ring_in(self, seconds: float | None) -> None:
        self.at = None if seconds is None else self._computer.clock + seconds

    def close(self) -> None:
        self.at = None


class Memory:
    """The file that survives a restart."""

    def __init__(self) -> None:
        self.kept = Kept()

    def load(self) -> Kept:
        return self.kept

    def save(self, kept: Kept) -> None:
        self.kept = kept


class Computer:
    """A computer and the program on it, moved through time by `live`."""

    def __init__(self, seed: int, make: Callable[..., Remind] = Remind, servers: int = 2) -> None:
        self.chance = random.Random(seed)
        self.record = Record()
        self.second = 0.0
        self.error = 0.0
        self.awake = True
        self._make = make
        self._memory = Memory()
        self._keys = [f"server-{number}" for number in range(servers)]
        self._truth: dict[str, Shutdown] = dict.fromkeys(self._keys)
        self._known: dict[str, Shutdown] = dict.fromkeys(self._keys)
        self._begin()
        self._hear()

    @property
    def clock(self) -> float:
        return self.second + self.error

    def live(self, days: int) -> Record:
        for day in range(days):
            for second, _, work in self._day(day):
                self._until(max(second, self.second + 0.01))
                work()
        return self.record

    def _now(self) -> datetime:
        return FIRST + timedelta(seconds=self.clock)

    def _begin(self) -> None:
        self._store = Store()
        said = self.record.said
        self._remind = self._make(
            self._store, Settings, self._memory, lambda ring: FakeAlarm(ring, self),
            lambda entry: said.append(Said(self.second, self.clock, entry)),
            lambda _entry: None, self._now,
        )  # fmt: skip
        self._alarm: FakeAlarm = self._remind._alarm  # type: ignore[assignment]
        self._remind.start()

    def _hear(self) -> None:
        """Hear how things are from the control plane; asleep, that has to wait."""
        if self.awake:
            self._known = dict(self._truth)
            environments = [self._environment(key) for key in self._keys]
            self._store.environments.replace(environments)
            self._store.set_connection(LineStatus(Line.LIVE, FIRST))

    def _environment(self, key: str) -> object:
        status = "running" if self._truth[key] else "stopped"
        prep = Preparation(id=key, name=key, status=status, shutdown=self._truth[key])
        return an_environment(key, key, preparation=prep)

    def _until(self, second: float) -> None:
        """Let time pass, ringing what rings on the way."""
        while self.awake and self._alarm.at is not None:
            rings = max(self._alarm.at - self.error, self.second)
            if rings >= second:
                break
            self._pass(rings)
            self._alarm.at = None
            self._alarm.ring()
        self._pass(second)

    def _pass(self, second: float) -> None:
        if second > self.second:
            self.record.spans.append(Span(self.second, second, self.awake, self.error, self._known))
            self.second = second

    def _day(self, day: int) -> Iterator[tuple[float, int, Callable[[], None]]]:
        """Yield what happens on one day, in order."""
        chance, begin = self.chance, day * DAY
        happen: list[tuple[float, int, Callable[[], None]]] = []

        def on(second: float, work: Callable[[], None]) -> None:
            heapq.heappush(happen, (max(second, self.second), len(happen), work))

        for number, key in enumerate(self._keys):
            self._a_servers_day(on, key, day, number)
        for _ in range(chance.randrange(4)):
            asleep = begin + chance.random() * DAY
            on(asleep, self._sleep)
            on(asleep + chance.choice([5.0, MINUTE, HOUR, 8 * HOUR]) * chance.random(), self._wake)
        for _ in range(chance.choice([0, 0, 1, 2])):
            when, most = begin + chance.random() * DAY, chance.choice([2.0, 90.0, 2 * HOUR])
            on(when, partial(self._set, most * chance.uniform(-1, 1)))
            on(when + chance.random() * HOUR, lambda: self._set(0.0))
        if chance.random() < 0.3:
            on(begin + chance.random() * DAY, self._restart)
        while happen and happen[0][0] < begin + 2 * DAY:
            yield heapq.heappop(happen)

    def _a_servers_day(
        self, on: Callable[[float, Callable[[], None]], None], key: str, day: int, number: int
    ) -> None:
        chance = self.chance
        zone = ZoneInfo(ZONES[(number + day // 500) % len(ZONES)])
        date = (FIRST + timedelta(days=day, hours=12)).astimezone(zone).date()
        stop = datetime.combine(date, STOPS[(number + day // 50) % len(STOPS)], zone)
        at = (stop.astimezone(UTC) - FIRST).total_seconds()
        on(at - chance.random() * 10 * HOUR, lambda: self._plan(key, at))
        for _ in range(chance.randrange(3)):
            when = at - chance.random() * 2 * HOUR
            later = at + chance.choice([-0.5, 1.0, 2.0, 1.37]) * HOUR
            on(when, partial(self._plan, key, later))
        if chance.random() < 0.1:
            on(at - chance.random() * MINUTE, lambda: self._hold(key))
        on(at + (3 + chance.random()) * HOUR, lambda: self._plan(key, None))

    def _plan(self, key: str, at: float | None) -> None:
        moment = None if at is None else ScheduledShutdown(at=FIRST + timedelta(seconds=at))
        self._truth[key] = moment
        self._hear()

    def _hold(self, key: str) -> None:
        if shutdown := self._truth[key]:
            self._truth[key] = ScheduledShutdown(at=shutdown.at, held=True)
            self._hear()

    def _sleep(self) -> None:
        self.awake = False

    def _wake(self) -> None:
        """Wake up: the alarm rings at once; the control plane is heard a little later."""
        if not self.awake:
            self.awake = True
            self._ring_soon()
            self._until(self.second + self.chance.random() * 20)
            self._hear()

    def _ring_soon(self) -> None:
        """Ring soon: a program that was stopped takes a moment to go on."""
        self._pass(self.second + self.chance.random() * 0.5)
        if self._alarm.at is not None:
            self._alarm.at = None
            self._alarm.ring()

    def _set(self, error: float) -> None:
        self.error = error
        if self.awake:
            self._ring_soon()

    def _restart(self) -> None:
        """Restart the program after a while; the environments are heard of after that."""
        self._remind.close()
        self.awake = False
        self._pass(self.second + self.chance.choice([1.0, HOUR, 9 * HOUR]) * self.chance.random())
        self.awake = True
        self._begin()
        self._until(self.second + self.chance.random() * 20)
        self._hear()
