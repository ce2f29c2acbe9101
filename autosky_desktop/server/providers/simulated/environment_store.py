"""Keeps the environments of the simulated cloud: on disk until somebody asks for one, then here."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from autosky_desktop.server.providers.demo_seed import DemoEnvironment
from autosky_desktop.server.providers.simulated import disk
from autosky_desktop.server.providers.simulated.advance import next_due
from autosky_desktop.server.providers.simulated.seed import awakened, seeded
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment

log = logging.getLogger(__name__)


class EnvironmentStore:
    """The environments of the cloud in a folder, which goes on if there is one. `begin` is what an
    empty folder begins with, and what an environment whose file is lost is made from again.
    """

    def __init__(
        self,
        folder: Path,
        begin: Sequence[DemoEnvironment],
        *,
        speed: float,
        churn: bool,
        clock: Callable[[], datetime],
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._speed = speed
        self._churn = churn
        self._clock = clock
        self._store: dict[str, SimulatedEnvironment] = {}
        self._saved: dict[str, SimulatedEnvironment | None] = {}
        self._due: dict[str, datetime] = {}
        self._begin = {each.id: each for each in begin}
        saved = disk.saved(folder)
        ours = not saved or not self._begin.keys().isdisjoint(saved)
        self._names = {*saved, *self._begin} if ours else set(saved)
        for name in self._names.difference(saved):
            self._open(name)
            self.save(name)

    def __getitem__(self, environment: str) -> SimulatedEnvironment:
        """Return the environment by its id. Raises KeyError if it is not there or unreadable."""
        if environment not in self._names:
            raise KeyError(environment)
        if environment not in self._store:
            self._open(environment)
        return self._store[environment]

    def server_names(self) -> set[str]:
        """Return the names of the servers in all environments: each is opened for it."""
        environments = [self[name] for name in sorted(self._names)]
        return {it.server.name for state in environments for it in state.machines.values()}

    def begin(self, demo: DemoEnvironment) -> bool:
        """Begin another environment, or go on with it if it is on the disk.

        Returns whether it is another one: what is there already stays what it is.
        """
        if demo.id in self._begin:
            return False
        self._begin[demo.id] = demo
        if demo.id not in self._names:
            self._names.add(demo.id)
            self._open(demo.id)
            self.save(demo.id)
        return True

    @property
    def opened(self) -> list[str]:
        return list(self._store)

    def put(self, state: SimulatedEnvironment) -> None:
        self._store[state.environment] = state
        self._note(state)

    def keep(self, state: SimulatedEnvironment) -> None:
        """Save the state, then use it: what is not on the disk did not happen. Raises OSError."""
        disk.save(self.folder, state)
        self._saved[state.environment] = state
        self.put(state)

    def save(self, environment: str) -> None:
        """Save the environment if it has changed. Raises OSError."""
        state = self._store[environment]
        if self._saved.get(environment) is not state:
            self.keep(state)

    def save_if_possible(self, environment: str) -> None:
        try:
            self.save(environment)
        except OSError as error:  # nothing is lost: it follows from what was saved before
            log.warning("%s was not saved: %s", environment, error)

    def due(self, now: datetime) -> Iterator[str]:
        """Return those in which something has happened by itself."""
        return iter([name for name, due in self._due.items() if due <= now])

    def next_due(self) -> datetime | None:
        return min(self._due.values(), default=None)

    def _open(self, environment: str) -> None:
        saved = disk.load(self.folder, environment)
        if saved is None and environment not in self._begin:
            self._names.discard(environment)
            raise KeyError(environment)
        now = self._clock()
        state = saved or seeded(self._begin[environment], now=now, speed=self._speed)
        state = awakened(state, now=now, speed=self._speed, churn=self._churn)
        self.put(state)
        if state == saved:
            self._saved[environment] = state
        else:
            self.save_if_possible(environment)

    def _note(self, state: SimulatedEnvironment) -> None:
        due = next_due(state)
        if due is None:
            self._due.pop(state.environment, None)
        else:
            self._due[state.environment] = due
