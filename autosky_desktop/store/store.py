"""The store: the one place from which the window reads."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto

import msgspec

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.demo import Demo
from autosky_desktop.domain.environment import Environment, Instance, Me
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.server import Server
from autosky_desktop.store.table import Table

log = logging.getLogger(__name__)


STALE = timedelta(seconds=60)
"""What was confirmed longer ago is shown with its age, and asked for again before acting on it."""


def is_stale(confirmed: datetime, *, now: datetime) -> bool:
    """Return whether it was confirmed too long ago, or in the future: then a clock was wrong."""
    return abs(now - confirmed) > STALE


class Line(Enum):
    STARTING = auto()
    """The control plane on this computer is being started for the first time."""
    LIVE = auto()
    """The feed is open: a change would have been heard."""
    OFFLINE = auto()
    """No answer; trying again at `retry_at`."""
    RESTARTING = auto()
    """The control plane on this computer ended unexpectedly and is being started again."""
    REFUSED = auto()
    """It answers, but not to us."""
    FAILED = auto()
    """The control plane on this computer cannot start; `cause` says why."""


class LineStatus(msgspec.Struct, frozen=True):
    """The state of the line. `since` is when `line` became so; of one that was never live it is
    when what is shown was so, and None where nothing is. `cause` is what was raised, for words and
    the log.
    """

    line: Line = Line.STARTING
    since: datetime | None = None
    retry_at: datetime | None = None
    cause: Exception | None = None

    @property
    def live(self) -> bool:
        return self.line is Line.LIVE


class EnvironmentDetails:
    """The details of one opened environment. `revision` None: not read yet. `confirmed` False: they
    are from an earlier start, and were not read again yet.
    """

    def __init__(self) -> None:
        self.revision: int | None = None
        self.confirmed = True
        self.servers: Table[Server] = Table()
        self.instances: Table[Instance] = Table()
        self.publications: Table[Publication] = Table()
        self.operations: Table[Operation] = Table()
        self.activity: Table[Activity] = Table()
        self.failure: Exception | None = None


class Store:
    def __init__(self) -> None:
        self.environments: Table[Environment] = Table()
        self.me: Me | None = None
        self.demo: Demo | None = None
        self._details: dict[str, EnvironmentDetails] = {}
        self._connection = LineStatus()
        self._clock_ahead = timedelta()
        self._watchers: list[Callable[[], None]] = []

    @property
    def connection(self) -> LineStatus:
        return self._connection

    def set_connection(self, connection: LineStatus) -> None:
        if connection != self._connection:
            self._connection = connection
            self.tell()

    @property
    def clock_ahead(self) -> timedelta:
        """Return how far the control plane's clock is ahead of this one; negative: behind."""
        return self._clock_ahead

    def set_clock_ahead(self, ahead: timedelta) -> None:
        if ahead != self._clock_ahead:
            self._clock_ahead = ahead
            self.tell()

    def reckoned(self, ours: Callable[[], datetime]) -> Callable[[], datetime]:
        """Return a clock that shows the control plane's time by `ours`; countdowns follow it."""
        return lambda: ours() + self._clock_ahead

    def details(self, environment: str) -> EnvironmentDetails:
        """Return what is known of it; at first an empty entry, which the follower fills."""
        return self._details.setdefault(environment, EnvironmentDetails())

    @property
    def opened(self) -> list[str]:
        """Return the environments somebody looked at, in that order."""
        return list(self._details)

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` when the connection, the account, the demo or what is read of an
        environment moves.
        """
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        self._watchers.remove(watcher)

    def tell(self) -> None:
        """Call every watcher. One that fails ends neither the others nor whoever wrote."""
        for watcher in tuple(self._watchers):
            with guarded(log, "Showing how the line stands"):
                watcher()
