"""The operating system's keychain. It may answer late or never, so it is asked from a thread."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, cast

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect.secrets import Secret, Turn

if TYPE_CHECKING:
    from autosky_desktop.system.connect.keyring_entries import KeyringEntries

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
SECONDS = 5.0
"""For a keychain that asks nobody anything: it takes 40 ms."""

PERSON_SECONDS = 120.0
"""From the moment on when it asks the person: for its password, or whether we may read an entry."""


class SystemKeychain:
    """The keychain, asked one question at a time. While one is overdue, all others fail at once."""

    def __init__(self, seconds: float = SECONDS, person_seconds: float = PERSON_SECONDS) -> None:
        self._seconds, self._person_seconds = seconds, person_seconds
        self._turn = asyncio.Lock()
        self._last: _Question | None = None
        self._entries: list[KeyringEntries] = []

    async def state(self) -> KeychainState:
        try:
            seconds = min(LOOK_SECONDS, self._seconds)
            return cast("KeychainState", await self._ask(lambda it, _: it.look(), seconds))
        except KeychainFailed as failed:
            return failed.state

    async def get(self, entry: str) -> Secret | None:
        return cast("Secret | None", await self._ask(lambda it, turn: it.get(entry, turn)))

    async def put(self, entry: str, secret: Secret) -> None:
        text = secret.reveal().decode()
        await self._ask(
            lambda it, turn: it.put(entry, text, turn), undo=lambda it, turn: it.delete(entry, turn)
        )

    async def delete(self, entry: str) -> None:
        await self._ask(lambda it, turn: it.delete(entry, turn))

    async def _ask(
        self, call: "Call", seconds: float | None = None, *, undo: "Call | None" = None
    ) -> object:
        try:
            async with asyncio.timeout(seconds or self._seconds) as limit, self._turn:
                if self._last and not self._last.over:
                    raise KeychainFailed(self._overdue())
                self._last = _Question(self._entries, call, undo, self._longer(limit))
                return await self._last.answer()
        except TimeoutError:
            raise KeychainFailed(self._overdue()) from None

    def _overdue(self) -> KeychainState:
        asking = self._last is not None and self._last.asking
        return KeychainState.LOCKED if asking else KeychainState.BROKEN

    def _longer(self, limit: asyncio.Timeout) -> Callable[[], None]:
        loop = asyncio.get_running_loop()
        return lambda: limit.reschedule(loop.time() + self._person_seconds)


Call = Callable[["KeyringEntries", Turn], Any]
"""What is asked of the entries, whose module is imported in the thread: it takes 60 ms."""


class _Question:
    """A call in a thread of its own, which dies with the program. `over`: the thread is free."""

    def __init__(
        self,
        entries: "list[KeyringEntries]",
        call: Call,
        undo: Call | None,
        longer: Callable[[], None],
    ) -> None:
        self.over = self.asking = self.given_up = False
        self._entries, self._call, self._undo, self._longer = entries, call, undo, longer
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[object] = self._loop.create_future()
        self._lock = Lock()
        self._done = False

    async def answer(self) -> object:
        Thread(target=self._work, name="keychain", daemon=True).start()
        try:
            return await self._future
        except asyncio.CancelledError:
            self._give_up()
            raise

    def asks(self) -> None:
        with suppress(RuntimeError):  # the program has ended meanwhile
            self._loop.call_soon_threadsafe(self._lengthen)

    def _lengthen(self) -> None:
        if not self._future.done():
            self.asking = True
            self._longer()

    def _give_up(self) -> None:
        with self._lock:
            self.given_up = True
            late = self._done
        if late:
            Thread(target=self._take_back, name="keychain", daemon=True).start()

    def _work(self) -> None:
        answer, state = None, KeychainState.BROKEN
        try:
            answer, state = self._tried(self._call, self)
            with self._lock:
                self._done = state is KeychainState.READY
                late = self._done and self.given_up
            if late:
                self._take_back()
        finally:
            self.over = True
            with suppress(RuntimeError):  # the program has ended meanwhile
                self._loop.call_soon_threadsafe(self._tell, answer, state)

    def _take_back(self) -> None:
        if self._undo:
            self._tried(self._undo, _Unattended())

    def _tell(self, answer: object, state: KeychainState) -> None:
        if self._future.done():
            return
        if state is KeychainState.READY:
            self._future.set_result(answer)
        else:
            self._future.set_exception(KeychainFailed(state))

    def _tried(self, call: Call, turn: Turn) -> tuple[object, KeychainState]:
        """Return the answer and the state. A cause is not told: it holds what was to be kept."""
        try:
            if not self._entries:
                from autosky_desktop.system.connect.keyring_entries import KeyringEntries

                self._entries.append(KeyringEntries())
            return call(self._entries[0], turn), KeychainState.READY
        except KeychainFailed as failed:
            return None, failed.state
        except Exception as cause:  # noqa: BLE001 - its words may hold what was to be kept
            log.warning("The keychain failed unexpectedly: %s", type(cause).__name__)
            return None, KeychainState.BROKEN


class _Unattended:
    """The turn of a call that nobody waits for: the person is not asked."""

    given_up = True

    def asks(self) -> None:
        """Say nothing, as nobody waits any longer for the answer."""
