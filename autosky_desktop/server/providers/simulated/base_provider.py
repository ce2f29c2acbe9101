"""Reaches an environment of the simulated cloud: its time, its faults, what is kept, its news."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Set
from contextlib import suppress
from datetime import datetime

from autosky_desktop.domain.demo import Fault
from autosky_desktop.domain.server import Server
from autosky_desktop.server.db.errors import of_files
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.simulated import calls, endpoints
from autosky_desktop.server.providers.simulated.advance import SLIGHTLY, caught_up, put_back
from autosky_desktop.server.providers.simulated.environment_store import EnvironmentStore
from autosky_desktop.server.providers.simulated.faults import (
    Faults,
    FaultsInForce,
    switched,
    switched_on,
)
from autosky_desktop.server.providers.simulated.real_endpoints import RealEndpoint
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]

LOOK_AGAIN_SECONDS = 1.0


class BaseProvider:
    """Reaches the environments for every call. Their time is worked out, not saved."""

    def __init__(
        self,
        store: EnvironmentStore,
        faults: Faults,
        clock: Clock,
        sleep: Sleep,
        real_endpoints: Mapping[str, RealEndpoint],
    ) -> None:
        self._store = store
        self._trouble = FaultsInForce(store.folder, faults)
        self._clock = clock
        self._sleep = sleep
        self._real_endpoints = real_endpoints
        self._news = ChangeSignal()
        self._seen = clock()

    async def close(self) -> None:
        """Save everything as it is now; the provider stays usable."""
        for environment in self._store.opened:
            self._now(environment)
            self._store.save(environment)

    @property
    def faults(self) -> Faults:
        return self._trouble.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._trouble.begin(faults)
        self._news.tell(*self._store.opened)

    def faults_on(self) -> list[Fault]:
        """Return the faults that are on, as Breakable says."""
        self._look_at_faults()
        return switched_on(self._trouble.faults)

    def switch_faults(self, wanted: Collection[Fault]) -> None:
        """Switch these faults on and all others off, as Breakable says."""
        self._look_at_faults()
        self._trouble.keep(switched(self._trouble.faults, wanted))
        self._news.tell(*self._store.opened)

    async def changed(self) -> Set[str]:
        """Wait until something is due or a call changed something, as TellsOfChanges says."""
        while True:
            for environment in self._store.due(self._time()):
                self._now(environment)
                await asyncio.sleep(0)  # after a sleep many are due, and others want an answer
            if told := self._news.taken():
                return told
            due = self._store.next_due()
            await self._news.wait((due - self._clock()).total_seconds() if due else None)

    def _told(self, server: Server) -> Server:
        return endpoints.with_real_addresses(server, self._real_endpoints.get(server.name))

    async def _reached(self, environment: str) -> tuple[SimulatedEnvironment, Faults]:
        """Return the environment now and the faults in force there, unless one is in the way."""
        self._look_at_faults()
        faults, throttled = self._trouble.met(environment)
        while faults.hangs:
            await self._until_other_faults()
            faults, throttled = self._trouble.met(environment)
        if faults.slow:
            await self._sleep(faults.slow)
        if throttled:
            raise ProviderBusy("Rate exceeded: too many requests, try again later.")
        try:
            return self._now(environment), faults
        except KeyError as error:
            raise ProviderRefused(
                f"There is no environment {environment}.", kind=RefusalKind.NOT_FOUND
            ) from error

    def _look_at_faults(self) -> None:
        if self._trouble.has_news():
            self._news.tell(*self._store.opened)

    async def _until_other_faults(self) -> None:
        """Wait for other faults. Nothing tells of the file, so it is looked at."""
        others = self._trouble.others
        while not others.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await others.wait()
            self._look_at_faults()

    def _now(self, environment: str) -> SimulatedEnvironment:
        now = self._time()
        before = self._store[environment]
        free = before if self._trouble.faults.image_stuck else calls.freed(before)
        state = caught_up(free, now=now)
        if state is not before:
            self._store.put(state)
            self._news.tell(environment)
        return state

    def _time(self) -> datetime:
        """Return the clock's time. If it was put back, what was to come stays as far ahead."""
        now, seen = self._clock(), self._seen
        self._seen = max(now, seen)
        if seen - now > SLIGHTLY:
            self._seen = now
            for environment in self._store.opened:
                self._store.put(put_back(self._store[environment], by=seen - now, now=now))
                self._news.tell(environment)
        return now

    def _keep(self, state: SimulatedEnvironment) -> SimulatedEnvironment:
        if state is not self._store[state.environment]:
            try:
                self._store.keep(state)
            except OSError as error:
                if storage := of_files(error):  # the data folder's trouble, and told as such
                    raise storage from error
                raise ProviderBusy(f"The simulated cloud could not be saved: {error}") from error
            self._news.tell(state.environment)
        return state


class ChangeSignal:
    """Gathers the environments that changed and wakes whoever waits for one."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._stir = asyncio.Event()

    def tell(self, *environments: str) -> None:
        self._changed.update(environments)
        self._stir.set()

    def taken(self) -> frozenset[str]:
        """Return the environments that changed, and forget them."""
        self._stir.clear()
        told, self._changed = frozenset(self._changed), set()
        return told

    async def wait(self, seconds: float | None) -> None:
        """Wait until an environment changes, but no longer than so many seconds.

        It does without `asyncio.wait_for`: before Python 3.12 that loses a cancellation that comes
        together with the news, and whoever wants to end this waits for ever.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._stir.wait()
        except TimeoutError:
            return
