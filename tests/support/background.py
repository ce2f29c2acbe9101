"""The evening's window with reminders, on parts of the system that only the test sees."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec

from autosky_desktop.domain.environment import Environment, Preparation
from autosky_desktop.domain.inbox import Kept
from autosky_desktop.domain.server import ScheduledShutdown, Server, ShutdownRequest
from autosky_desktop.flows.remind import Keeping
from autosky_desktop.system.notifications import Notifier
from autosky_desktop.ui.background.parts import SystemParts
from autosky_desktop.ui.background.services import BackgroundServices
from autosky_desktop.ui.tray.host import TrayHost
from tests.support.evening import (
    NOW,
    Evening,
    a_preparation_server,
    an_environment,
    an_evening,
)
from tests.support.notifier import FakeNotifier

SEVEN = NOW.replace(hour=19, minute=0, second=0)
"""27 minutes after the evening's present moment."""


@dataclass
class Kepts:
    kept: Kept = field(default_factory=Kept)

    def load(self) -> Kept:
        return self.kept

    def save(self, kept: Kept) -> None:
        self.kept = kept


@dataclass
class Quiet:
    """An alarm that the test rings."""

    ring: Callable[[], None]
    seconds: float | None = None

    def ring_in(self, seconds: float | None) -> None:
        self.seconds = seconds

    def close(self) -> None: ...


@dataclass
class Watched:
    """The watching window as a test sees it."""

    evening: Evening
    services: BackgroundServices
    notifier: FakeNotifier
    kept: Keeping
    alarms: list[Quiet]

    def sleeps(self, minutes: float) -> None:
        """Sleep so long as a computer: the clock on the wall has gone on, and the alarms ring."""
        self.evening.clock.at += timedelta(minutes=minutes)
        for alarm in self.alarms:
            was_set, alarm.seconds = alarm.seconds is not None, None
            if was_set:
                alarm.ring()

    def passes(self, minutes: float) -> None:
        """Let it be so many minutes after the evening's present moment."""
        self.evening.store.set_clock_ahead(timedelta(minutes=minutes))


def stops_at(
    at: datetime | None, environment: Environment | None = None, **more: Any
) -> Environment:
    """Return ERP Production with its preparation server about to stop then."""
    shutdown = ScheduledShutdown(at=at, **{"reason": "daily", **more}) if at else None
    prep = Preparation(id="prep", name="PREP-ERP-PROD-01", status="running", shutdown=shutdown)
    return msgspec.structs.replace(environment or an_environment(), preparation=prep)


@asynccontextmanager
async def a_watched_evening(
    at: datetime | None = SEVEN,
    *,
    tray: bool = False,
    notifier: Notifier | None = None,
    kept: Keeping | None = None,
) -> AsyncIterator[Watched]:
    async with an_evening() as evening:
        evening.show(environment=stops_at(at))
        memory, shown = kept or Kepts(), notifier or FakeNotifier()
        alarms: list[Quiet] = []

        def an_alarm(ring: Callable[[], None]) -> Quiet:
            alarms.append(Quiet(ring))
            return alarms[-1]

        outside = SystemParts(memory, shown, an_alarm, TrayHost(lambda: tray))
        evening.desktop.background.watch(lambda: outside)
        evening.desktop.background.begin()
        services = evening.desktop.background.services
        assert services
        yield Watched(evening, services, cast("FakeNotifier", shown), memory, alarms)


class Mover:
    """A control plane that moves shutdowns, as far as its `limit`."""

    def __init__(self, evening: Evening, limit: datetime | None = None) -> None:
        self.asked: list[ShutdownRequest] = []
        self.error: Exception | None = None
        self._evening = evening
        self._limit = limit
        self._at: datetime | None = None
        plane: Any = evening.plane
        plane.move_shutdown, plane.server = self.move_shutdown, self.server

    async def move_shutdown(self, _server: str, request: ShutdownRequest, *, key: str) -> None:
        self.asked.append(request)
        if self.error:
            raise self.error
        self._at = min(request.to, self._limit) if request.to and self._limit else request.to
        self._evening.show(environment=stops_at(self._at, reason="moved"))

    async def server(self, _server: str) -> Server:
        shutdown = ScheduledShutdown(at=self._at) if self._at else None
        return a_preparation_server(shutdown=shutdown)
