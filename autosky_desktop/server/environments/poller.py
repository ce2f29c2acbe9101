"""Keeps what we know equal to what the provider has, for every source of environments."""

import asyncio
import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.pause import pause_after
from autosky_desktop.domain.server import SETTLES, ServerState
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.coordination.port import Coordination
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments import reconcile
from autosky_desktop.server.environments.ownership import Ownership
from autosky_desktop.server.providers.provider import (
    Observed,
    Provider,
    ProviderError,
    ProviderRefused,
)
from autosky_desktop.server.providers.registry import EnvironmentSource, ProviderRegistry
from autosky_desktop.server.providers.retry import remedy_of, retry_briefly, trouble_of
from autosky_desktop.server.transactions.transaction import CONFIRMED_EVERY, Halt, Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import NOT_KEPT

CONFIRM_SECONDS = 45.0
AGAIN_SECONDS = 5.0
TOGETHER = 100
"""How many environments are recorded in one transaction, and windows woken once for them all;
whoever else writes waits for it.
"""

log = logging.getLogger(__name__)


class Reading(Struct, frozen=True):
    """A provider's answer: `turn` says in which order it was asked, `at` when it answered."""

    turn: int
    at: datetime
    came: Observed | ProviderError


class Round(Struct, frozen=True):
    """The result of reading several: whether a server moves, and which could not be read."""

    moving: bool
    failed: frozenset[str]


class Poller:
    """Reads the provider and records the differences."""

    def __init__(
        self, engine: AsyncEngine, provider: Provider, unit_of_work: UnitOfWork, now: Now
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._unit_of_work = unit_of_work
        self._now = now
        self._coordination = unit_of_work.coordination
        self._ownership = Ownership(engine, alone=self._coordination.alone)
        self._newest: dict[str, int] = {}
        self._recorded: dict[str, Observed] = {}
        self._confirmed: dict[str, datetime] = {}
        self._left: dict[str, set[str]] = {}

    async def read(self, environment: str) -> Observed:
        """Read one environment now and record it. Raises ProviderError, LookupError."""
        reading = await self._ask(environment, await self._coordination.reading())
        if isinstance(reading.came, ProviderError):
            raise reading.came
        if self._is_known(environment, reading):
            return reading.came
        if environment not in await self._record({environment: reading}):
            raise LookupError(environment)
        return reading.came

    async def look(self, environment: str) -> None:
        """Read the environment after something was accepted. If it cannot be read now, the next
        reading will tell of it.
        """
        try:
            await retry_briefly(lambda: self.read(environment))
        except ProviderError as error:
            log.warning("%s could not be read: %s", environment, error.detail)
        except StorageError as error:
            log.warning("what was read of %s could not be recorded: %s", environment, error)

    async def read_all(self, environments: Iterable[str]) -> Round:
        """Read each environment. One that cannot be read keeps its last confirmation, and why."""
        moving, failed = False, set[str]()
        for part in _parts(list(environments)):
            turn = await self._coordination.reading()
            answers = await asyncio.gather(*(self._ask(name, turn) for name in part))
            found = dict(zip(part, answers, strict=True))
            failed |= {name for name, it in found.items() if not _answered(it)}
            moving = moving or any(map(_moves, answers))
            await self._record_or_wait(found)
        return Round(moving, frozenset(failed))

    def forget(self, environment: str) -> None:
        """Forget an environment that is gone."""
        self._ownership.forget(environment)
        for known in (self._newest, self._recorded, self._confirmed, self._left):
            known.pop(environment, None)

    def left_over(self, requests: Iterable[tuple[str, str]]) -> None:
        """Remember requests of an earlier process, by environment: they wait to be seen done."""
        for identity, environment in requests:
            self._left.setdefault(environment, set()).add(identity)

    async def follow(self, source: EnvironmentSource) -> None:
        """Keep reading the environments of a source, until cancelled: those that its provider tells
        of, all of them now and then, and those that failed ever more slowly.
        """
        loop = asyncio.get_running_loop()
        read_at = dict.fromkeys(source.environments, -math.inf)
        failed, failures, moving = frozenset[str](), 0, False
        while True:
            confirm_at = _least(read_at, but=failed) + _between(source, moving=moving)
            again_at = math.inf
            if failed:
                pause = pause_after(failures, first=AGAIN_SECONDS, longest=CONFIRM_SECONDS)
                again_at = loop.time() + pause
            try:
                async with asyncio.timeout_at(min(confirm_at, again_at)):
                    changed = await source.changed()
            except ProviderError as error:
                log.warning("the provider cannot tell of changes: %s", error.detail)
                await asyncio.sleep(AGAIN_SECONDS)
                changed = frozenset(source.environments)
            except TimeoutError:
                confirm = loop.time() >= confirm_at
                changed = frozenset(source.environments) if confirm else failed
            read = await self.read_all(changed)
            failed = (failed - changed) | read.failed
            failures = failures + bool(read.failed) if failed else 0
            moving = read.moving
            read_at |= dict.fromkeys(changed, loop.time())

    async def _ask(self, environment: str, turn: int) -> Reading:
        try:
            observed = await self._provider.read(environment)
            await self._ownership.take(environment, observed)
        except ProviderError as error:
            return Reading(turn, self._now(), error)
        return Reading(turn, self._now(), observed)

    def _is_known(self, environment: str, reading: Reading) -> bool:
        """Return whether this is recorded and was told lately: nothing would be written."""
        told = self._confirmed.get(environment)
        if told is None or environment in self._left or abs(reading.at - told) >= CONFIRMED_EVERY:
            return False
        if self._recorded.get(environment) != reading.came:
            return False
        self._newest[environment] = max(reading.turn, self._newest.get(environment, 0))
        return True

    async def _record_or_wait(self, found: Mapping[str, Reading]) -> None:
        news = {name: it for name, it in found.items() if not self._is_known(name, it)}
        with guarded(log, f"recording {', '.join(news)}"):
            try:
                if news:
                    await self._record(news)
            except StorageError as error:
                log.warning("what was read could not be recorded: %s", error)
            return
        if len(news) > 1:  # the others are recorded without the one that cannot be
            for name, it in news.items():
                await self._record_or_wait({name: it})
        elif all(map(_answered, news.values())):  # nor does it seem to be as it was last read
            refused = ProviderRefused(_(NOT_KEPT))
            await self._record_or_wait({n: replace(it, came=refused) for n, it in news.items()})

    async def _record(self, found: Mapping[str, Reading]) -> Set[str]:
        """Record the readings and return the environments that exist. A reading older than the last
        recorded is dropped.
        """
        news = [name for name, it in found.items() if self._recorded.get(name) != it.came]
        written = []
        async with self._unit_of_work.transactions(list(found), preload=news) as transactions:
            for name, transaction in transactions.items():
                if found[name].turn > self._last_turn(transaction):
                    await self._write(transaction, found[name])
                    written.append(name)
        if not self._coordination.alone:
            return transactions.keys()  # what others wrote since is not known here
        for name in written:
            self._newest[name] = found[name].turn
            self._confirmed.pop(name, None)
            if isinstance(came := found[name].came, Observed):
                self._recorded[name] = came
                if (told := transactions[name].told_confirmed_at) is not None:
                    self._confirmed[name] = told
                self._left.pop(name, None)
        return transactions.keys()

    def _last_turn(self, transaction: Transaction) -> int:
        if self._coordination.alone:
            return self._newest.get(transaction.identity, 0)
        return transaction.reading

    async def _write(self, transaction: Transaction, reading: Reading) -> None:
        name, came = transaction.identity, reading.came
        if not self._coordination.alone:
            transaction.read_as(reading.turn)
        if isinstance(came, ProviderError):
            if transaction.halt.unreachable != came.detail:
                log.warning("%s could not be read: %s", name, came)
            transaction.halt = halt_of(came)
            return
        transaction.confirmed_at, transaction.halt = reading.at, Halt()
        if self._recorded.get(name) != came:
            await reconcile.record(transaction, came, left=await self._left_in(transaction))

    async def _left_in(self, transaction: Transaction) -> Set[str]:
        """Return the requests in the environment whose worker is gone."""
        if self._coordination.alone:
            return self._left.get(transaction.identity, frozenset())
        connection = transaction.connection
        return await activities.without_owner(connection, transaction.identity)


def halt_of(error: ProviderError) -> Halt:
    """Return why the environment cannot be read, as it tells of that error."""
    return Halt(error.detail, trouble_of(error), remedy_of(error))


def _least(read_at: Mapping[str, float], *, but: Set[str]) -> float:
    return min((at for name, at in read_at.items() if name not in but), default=math.inf)


def _between(source: EnvironmentSource, *, moving: bool) -> float:
    """Return the seconds between two readings of an environment of which nobody tells anything."""
    if source.tells:
        return CONFIRM_SECONDS
    return source.pace.moving_seconds if moving else source.pace.settled_seconds


def _parts(environments: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(environments), TOGETHER):
        yield environments[start : start + TOGETHER]


def _answered(reading: Reading) -> bool:
    return isinstance(reading.came, Observed)


def _moves(reading: Reading) -> bool:
    if isinstance(reading.came, ProviderError):
        return False
    return any(ServerState(server.status) in SETTLES for server in reading.came.servers)


class Followers:
    """Keeps one follower for each source, in one of the workers: a provider that hangs holds up its
    own.
    """

    def __init__(
        self, registry: ProviderRegistry, poller: Poller, coordination: Coordination
    ) -> None:
        self._registry = registry
        self._coordination = coordination
        self._poller = poller
        self._following: dict[str, tuple[EnvironmentSource, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Follow until cancelled."""
        try:
            while True:
                self._registry.news.clear()
                await self._adjust(self._registry.sources())
                await self._registry.news.wait()
        finally:
            await self._adjust({})

    async def _adjust(self, wanted: dict[str, EnvironmentSource]) -> None:
        """End the followers of what went or changed, and begin those of what came."""
        ended = [name for name, it in self._following.items() if wanted.get(name) != it[0]]
        tasks = [self._following.pop(name)[1] for name in ended]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in wanted.keys() - self._following.keys():
            follow = partial(self._keep_following, wanted[name])
            leading = self._coordination.lead(f"reading {name}", follow, shared_out=True)
            task = asyncio.create_task(leading)
            self._following[name] = wanted[name], task

    async def _keep_following(self, source: EnvironmentSource) -> None:
        while True:
            with guarded(log, f"following {', '.join(source.environments)}"):
                await self._poller.follow(source)
            await asyncio.sleep(AGAIN_SECONDS)
