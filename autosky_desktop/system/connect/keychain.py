"""The operating system's keychain. It may answer late or never, so it is asked from a thread."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.system.connect.secret import Secret

if TYPE_CHECKING:
    from types import ModuleType

T = TypeVar("T")

LOOK_SECONDS = 2.0
SECONDS = 5.0
"""For a keychain that is ready: it takes 40 ms."""

UNLOCK_SECONDS = 120.0
"""For one that is locked: the system asks the person for its password."""


class KeychainState(StrEnum):
    """`locked` includes one that has yet to be made: both are asked of the person at first use."""

    READY = "ready"
    LOCKED = "locked"
    NONE = "none"
    BROKEN = "broken"


class KeychainFailed(AutoskyError):
    """Nothing was read, kept or deleted. `state` says why and is never `ready`."""

    def __init__(self, state: KeychainState) -> None:
        super().__init__(state.value)
        self.state = state


class Keychain(Protocol):
    """Secrets by the id of an entry. Everything but `state` raises KeychainFailed.

    After `seconds` the wait is over: what comes later is dropped, what is kept later is deleted.
    """

    async def state(self) -> KeychainState:
        """How it is, without asking the person anything."""

    async def get(self, entry: str, *, seconds: float = SECONDS) -> Secret | None:
        """The secret of that entry, None without one. A locked keychain asks the person."""

    async def put(self, entry: str, secret: Secret, *, seconds: float = SECONDS) -> None:
        """Keep it, in the place of an older one."""

    async def delete(self, entry: str, *, seconds: float = SECONDS) -> None:
        """Nothing happens where there is none."""


class SystemKeychain:
    """Asked one question at a time. While an answer is overdue, every other is `broken` at once."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._last: _Question | None = None

    async def state(self) -> KeychainState:
        try:
            return cast("KeychainState", await self._ask(lambda it: it.look(), LOOK_SECONDS))
        except KeychainFailed as failed:
            return failed.state

    async def get(self, entry: str, *, seconds: float = SECONDS) -> Secret | None:
        return cast("Secret | None", await self._ask(lambda it: it.get(entry), seconds))

    async def put(self, entry: str, secret: Secret, *, seconds: float = SECONDS) -> None:
        text = secret.reveal().decode()
        await self._ask(lambda it: it.put(entry, text), seconds, undo=lambda it: it.delete(entry))

    async def delete(self, entry: str, *, seconds: float = SECONDS) -> None:
        await self._ask(lambda it: it.delete(entry), seconds)

    async def _ask(self, call: "Call", seconds: float, *, undo: "Call | None" = None) -> object:
        try:
            async with asyncio.timeout(seconds), self._turn:
                if self._last and not self._last.over:
                    raise KeychainFailed(KeychainState.BROKEN)
                self._last = _Question(call, undo)
                return await self._last.answer()
        except TimeoutError:
            raise KeychainFailed(KeychainState.BROKEN) from None


Call = Callable[["ModuleType"], Any]
"""What is asked of the module for this system, which is imported in the thread: it takes 60 ms."""


class _Question:
    """One call in a thread of its own, which dies with the program. `over`: the thread is free."""

    def __init__(self, call: Call, undo: Call | None) -> None:
        self.over = False
        self._call, self._undo = call, undo
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[object] = self._loop.create_future()
        self._lock = Lock()
        self._given_up = self._done = False

    async def answer(self) -> object:
        Thread(target=self._work, name="keychain", daemon=True).start()
        try:
            return await self._future
        except asyncio.CancelledError:
            self._give_up()
            raise

    def _give_up(self) -> None:
        with self._lock:
            self._given_up = True
            late = self._done
        if late:
            Thread(target=self._take_back, name="keychain", daemon=True).start()

    def _work(self) -> None:
        answer, state = None, KeychainState.BROKEN
        try:
            answer, state = _tried(self._call)
            with self._lock:
                self._done = state is KeychainState.READY
                late = self._done and self._given_up
            if late:
                self._take_back()
        finally:
            self.over = True
            with suppress(RuntimeError):  # the program has ended meanwhile
                self._loop.call_soon_threadsafe(self._tell, answer, state)

    def _take_back(self) -> None:
        if self._undo:
            _tried(self._undo)

    def _tell(self, answer: object, state: KeychainState) -> None:
        if self._future.done():
            return
        if state is KeychainState.READY:
            self._future.set_result(answer)
        else:
            self._future.set_exception(KeychainFailed(state))


def _tried(call: Call) -> tuple[object, KeychainState]:
    if sys.platform in ("win32", "darwin"):
        from autosky_desktop.system.connect import keyring_entries as system
    else:
        from autosky_desktop.system.connect import secret_service as system

    try:
        return call(system), KeychainState.READY
    except system.FAILURES as cause:
        # the cause ends here: its frames hold what was to be kept
        return None, system.state_of(cause)
