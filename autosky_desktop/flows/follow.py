"""Follow the control plane: the only writer of the store.

First the list of environments, then the feed from that moment on; an environment somebody opened
is read whole once and kept up by the feed. A gap in its revisions means that something was
missed: it is read whole again. After a break the feed goes on where it was left, when the control
plane still knows that place; only the list, which tells its clock too, is read each time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from autosky_desktop.domain.change import ChangeKind
from autosky_desktop.domain.environment import EnvironmentList, Me, Snapshot
from autosky_desktop.domain.errors import (
    AnotherPlane,
    AutoskyError,
    Busy,
    CannotStart,
    NotUnderstood,
    Refused,
    Unexpected,
)
from autosky_desktop.domain.pause import pause_after
from autosky_desktop.flows.apply import apply, apply_whole
from autosky_desktop.flows.last_known import confirm, forget_another
from autosky_desktop.flows.line import Clocks, while_it_answers
from autosky_desktop.store.store import Line, LineStatus, Store
from autosky_desktop.system import clock

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane
    from autosky_desktop.client.feed import Heard

log = logging.getLogger(__name__)

T = TypeVar("T")

SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 60.0

LONGER = 1.1
"""Qt's timers, which the loop of the window has, may come a twentieth early."""

READINGS = 100
"""As often as changes may overtake the reading of an environment."""
READINGS_BEHIND = 3
"""As often as what is read may be older than what had been heard before it was asked for."""
LONGEST_RESTART = 5.0
"""Seconds between two starts of a control plane that did start, and ended soon after."""

HELD = timedelta(seconds=10)
"""A line that was live for longer than this is tried again at once, not ever more slowly."""


class Connector(Protocol):
    """Connects to one control plane."""

    async def ended(self) -> bool:
        """Return whether its process is gone, so that the next try starts it again."""

    def connected(self) -> "AbstractAsyncContextManager[ControlPlane]": ...


class Follow:
    """Follows the control plane, which is `plane` while the line is live.

    `met` is told once which control plane it is, before anything else of it is taken. Should
    another one answer later, nothing of it is taken: what is open, and what is remembered here,
    belongs to the first one.

    `now` and `steady` are this computer's clocks; what is told follows the control plane's.
    """

    def __init__(
        self,
        store: Store,
        connector: Connector,
        now: Callable[[], datetime],
        steady: Callable[[], float] = clock.steady,
        met: Callable[[Me], None] = lambda _me: None,
    ) -> None:
        self.plane: ControlPlane | None = None
        self._store = store
        self._connector = connector
        self._met = met
        self._me: Me | None = None
        self._now = store.reckoned(now)
        self._clocks = Clocks(store, now, steady)
        self._position: int | None = None
        self._listed = 0
        self._seen: dict[str, int] = {}
        self._loading: dict[str, asyncio.Task[None]] = {}
        self._failures = 0

    @cached_property
    def _hurry(self) -> "asyncio.Event":
        """The end of a pause. Made late: the first picture is painted without asyncio."""
        return asyncio.Event()

    async def run(self) -> None:
        """Follow for ever; every way in which the line can break is told, and then tried again."""
        while True:
            try:
                await _foreseen(self._once())
            except AutoskyError as cause:
                await self._lost(cause)

    async def _once(self) -> None:
        """Follow until the line breaks, or the place in the feed is lost."""
        async with self._connector.connected() as plane:
            try:
                async with while_it_answers(plane):
                    await self._follow(plane)
            finally:
                self.plane = None
                await self._stop_loading()

    def give_up(self, defect: BaseException) -> None:
        """Say that a defect of ours has ended the following."""
        cause = Unexpected(repr(defect))
        self._store.set_connection(LineStatus(Line.FAILED, self._now(), None, cause))

    def open(self, environment: str) -> None:
        """Read an environment whole, because somebody looks at it, unless that was done."""
        if self._store.details(environment).revision is None:
            self._load(environment)

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._hurry.set()

    async def _follow(self, plane: "ControlPlane") -> None:
        me, listing = await asyncio.gather(
            self._meet(plane), self._clocks.measure(plane.environments)
        )
        self.plane = plane
        position = self._begin(me, listing)
        for name in await confirm(self._store, lambda it: _foreseen(self._read_once(plane, it))):
            self._load(name)
        async with aclosing(plane.events(after=position)) as feed:
            async for heard in feed:
                if heard is None:
                    self._live()
                elif heard.change is None:
                    self._lose_place(heard.id)
                    return
                else:
                    self._take(heard)
                if self._clocks.jumped():
                    self._alongside("clocks", self._compare_clocks(plane))

    def _lose_place(self, at: int) -> None:
        """Have everything read again: at once, unless that happens time and again."""
        log.info("The feed lost its place at %s; everything is read again", at)
        self._position = None
        if not self._held() and self._failures:
            raise NotUnderstood("the feed loses its place again and again")
        self._failures += 1

    def _held(self) -> bool:
        """Return whether the line was good for long enough to forget what went wrong before."""
        line = self._store.connection
        held = line.live and line.since and abs(self._now() - line.since) > HELD
        if held:
            self._failures = 0
        return bool(held)

    async def _meet(self, plane: "ControlPlane") -> Me:
        """Check whose control plane this is, while its list is read. Raises AnotherPlane."""
        me, before = await plane.me(), self._me
        if before is None:
            forget_another(self._store, me)
            self._met(me)
        elif before.control_plane_id != me.control_plane_id:
            raise AnotherPlane(f"{me.control_plane_id} instead of {before.control_plane_id}")
        return me

    def _begin(self, me: Me, listing: EnvironmentList) -> int:
        """Take the list; returns the place in the feed from which nothing is missed."""
        left = self._left(listing)
        if left is None:
            self._seen = {}
        self._position = listing.last_event if left is None else left
        self._listed = listing.last_event
        self._store.me = self._me = me
        self._store.environments.replace(listing.environments)
        for environment in listing.environments:
            self._seen.setdefault(environment.id, environment.revision)
        for name in self._store.opened:
            known = name in self._seen and self._store.details(name).confirmed
            if known and (left is None or not self._whole(name)):
                self._load(name)
        return self._position

    def _left(self, listing: EnvironmentList) -> int | None:
        """Return where the feed was left; None at first, and if its data were put back since."""
        if self._position is None:
            return None
        older = any(it.revision < self._seen.get(it.id, 0) for it in listing.environments)
        return None if older or listing.last_event < self._position else self._position

    def _whole(self, environment: str) -> bool:
        """Return whether the environment was read, and no event of it was missed."""
        details = self._store.details(environment)
        if details.revision is None or details.failure is not None:
            return False
        return details.revision >= self._seen.get(environment, 0)

    async def _compare_clocks(self, plane: "ControlPlane") -> None:
        """Compare the clocks again, because the computer slept or somebody set its clock."""
        try:
            await _foreseen(self._clocks.measure(plane.environments))
        except AutoskyError as cause:
            log.info("The clocks could not be compared: %r", cause)

    def _live(self) -> None:
        self._store.set_connection(LineStatus(Line.LIVE, self._now()))

    def _take(self, heard: "Heard") -> None:
        change = heard.change
        assert change is not None
        self._position = heard.id
        self._seen[change.environment] = change.revision
        if ChangeKind(change.kind) is ChangeKind.ENVIRONMENT_GONE:
            if reading := self._loading.get(change.environment):
                reading.cancel()  # it would be asked for again and again
            self._seen.pop(change.environment)
        try:
            if not apply(self._store, change, listed=heard.id <= self._listed):
                self._load(change.environment)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as cause:
            log.warning("A %s of %s could not be read: %s", change.kind, change.environment, cause)
            if change.environment in self._store.opened:
                self._load(change.environment)

    def _load(self, environment: str) -> None:
        if self.plane:
            self._alongside(environment, self._read(self.plane, environment))

    def _alongside(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do the work while the feed is followed, unless work of that name is being done."""
        if name in self._loading:
            work.close()
            return
        task = self._loading[name] = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(lambda _: self._loading.pop(name, None))

    async def _read(self, plane: "ControlPlane", environment: str) -> None:
        """Read an environment until it works: the line is good, so nothing else would try again."""
        details = self._store.details(environment)
        for failures in count():
            try:
                await _foreseen(self._read_once(plane, environment))
                return
            except AutoskyError as cause:
                log.info("%s could not be read: %r", environment, cause)
                details.failure = cause
                self._store.tell()
                pause = _pause(failures, cause)
            await self._pause(pause)

    async def _read_once(self, plane: "ControlPlane", environment: str) -> None:
        snapshot = await _as_new_as(
            lambda: self._seen.get(environment, 0), lambda: plane.snapshot(environment)
        )
        self._seen[environment] = snapshot.environment.revision
        self._store.environments.put(snapshot.environment)
        apply_whole(self._store.details(environment), snapshot)
        self._store.tell()

    async def _lost(self, cause: AutoskyError) -> None:
        log.warning("The line is lost: %r", cause)
        before, now = self._store.connection, self._now()
        self._held()
        line = await self._what_now(cause)
        pause = _pause(self._failures, cause)
        if line is Line.RESTARTING and before.live:
            pause = min(pause, LONGEST_RESTART) if self._failures else 0.0
        same = before.line in (line, Line.STARTING)  # the latter was never live
        since = before.since if same and before.since else now
        retry = now + timedelta(seconds=pause)
        self._store.set_connection(LineStatus(line, since, retry, cause))
        self._failures += 1
        await self._pause(pause)

    async def _what_now(self, cause: AutoskyError) -> Line:
        if isinstance(cause, CannotStart | Unexpected):
            return Line.FAILED
        if isinstance(cause, Refused | AnotherPlane):
            return Line.REFUSED
        return Line.RESTARTING if await self._connector.ended() else Line.OFFLINE

    async def _pause(self, seconds: float) -> None:
        self._hurry.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _stop_loading(self) -> None:
        tasks = tuple(self._loading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _as_new_as(
    heard: Callable[[], int], snapshot: Callable[[], Awaitable[Snapshot]]
) -> Snapshot:
    """Read an environment until it is as new as what was heard of it meanwhile, by revision."""
    behind = 0
    for _ in range(READINGS):
        before = heard()
        read = await snapshot()
        if read.environment.revision >= heard():
            return read
        behind += read.environment.revision < before
        if behind == READINGS_BEHIND:
            break
    raise NotUnderstood(f"{read.environment.id} stays older than its changes")


async def _foreseen(work: Awaitable[T]) -> T:
    """Do the work, and turn an error that nobody foresaw into one that is told and tried again."""
    try:
        return await work
    except AutoskyError:
        raise
    except Exception as defect:
        log.exception("Following failed unexpectedly")
        raise Unexpected(repr(defect)) from defect


def _pause(failures: int, cause: AutoskyError) -> float:
    """Return the seconds until the next try: ever more, and never less than was asked for."""
    seconds = pause_after(failures + 1, first=SHORTEST_PAUSE, longest=LONGEST_PAUSE)
    return max(seconds, cause.seconds * LONGER) if isinstance(cause, Busy) else seconds
