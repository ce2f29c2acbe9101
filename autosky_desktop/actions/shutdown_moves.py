"""Shutdowns that are being moved: what was asked, and what the control plane made of it."""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.activity import ActivityKind, Outcome
from autosky_desktop.domain.environment import Preparation
from autosky_desktop.domain.errors import AutoskyError, Refused
from autosky_desktop.domain.server import (
    ON,
    ScheduledShutdown,
    Server,
    ServerRole,
    ServerState,
    ShutdownMove,
    ShutdownRequest,
)
from autosky_desktop.store.store import Store
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.errors import sentence

log = logging.getLogger(__name__)


class Asked(Struct, frozen=True):
    """A request that was sent.

    `read_back`: the answer is there, and the store will soon say the same.
    """

    request: ShutdownRequest
    read_back: bool = False


class Answer(Struct, frozen=True):
    """The words about the last request, to be said while the shutdown is at one of `stands`."""

    text: str
    stands: tuple[datetime | None, ...]
    failed: bool


class Undoable(Struct, frozen=True):
    """A shutdown that was cancelled or skipped `at` a time.

    It can be had again while the shutdown is at `stands`.
    """

    at: datetime
    was: datetime
    stands: datetime | None


class ShutdownMoves:
    """Moves shutdowns, one request at a time for each environment.

    `watch` hears of what is asked and answered.
    """

    def __init__(self, store: Store, intents: Intents, now: Callable[[], datetime]) -> None:
        self._store = store
        self._intents = intents
        self._now = now
        self._asked: dict[str, Asked] = {}
        self._answers: dict[str, Answer] = {}
        self._undoable: dict[str, Undoable] = {}
        self._orders: dict[str, tuple[ShutdownRequest, Order[Server]]] = {}
        self._watchers: list[Callable[[str, str], None]] = []

    def watch(self, watcher: Callable[[str, str], None]) -> None:
        """Call `watcher` with an environment and, when an answer came, what to say of it."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[str, str], None]) -> None:
        self._watchers.remove(watcher)

    def watch_shutdown(self, environment: str, look: Callable[[], None]) -> Callable[[], None]:
        """Call `look` when the shutdown may have moved, until what is returned is called."""

        def heard(_diff: object) -> None:
            look()

        self._store.environments.watch(heard)
        servers = self._store.details(environment).servers if self._is_read(environment) else None
        if servers is not None:
            servers.watch(heard)

        def stop() -> None:
            self._store.environments.unwatch(heard)
            if servers is not None:
                servers.unwatch(heard)

        return stop

    def server(self, environment: str) -> Preparation | None:
        """Return the environment's preparation server as it is known best, opened or not."""
        if self._is_read(environment):
            for it in self._store.details(environment).servers:
                if it.role == ServerRole.PREPARATION:
                    return Preparation(
                        id=it.id, name=it.name, status=it.status, shutdown=it.shutdown
                    )
        record = self._store.environments.get(environment)
        return record.preparation if record else None

    def shutdown(self, environment: str) -> ScheduledShutdown | None:
        server = self.server(environment)
        return server.shutdown if server else None

    def runs_without(self, environment: str) -> bool:
        """Return whether the preparation server is on and nothing switches it off."""
        server = self.server(environment)
        return server is not None and server.shutdown is None and ServerState(server.status) in ON

    def undoable(self, environment: str) -> datetime | None:
        """Return when a server would have stopped, had nobody cancelled or skipped that shutdown.

        That was done from here, or as the record says, whichever was last: it may have been
        somebody else.
        """
        server = self.server(environment)
        if server is None or ServerState(server.status) not in ON:
            return None
        found = (self._undoable.get(environment), self._recorded(environment))
        last = max((it for it in found if it), key=lambda it: it.at, default=None)
        if last is None or last.stands != self._stands(environment) or last.was <= self._now():
            return None
        return last.was

    def _recorded(self, environment: str) -> Undoable | None:
        """Return the shutdown that was cancelled or skipped last since the server was started."""
        if not self._is_read(environment):
            return None
        details = self._store.details(environment)
        started = max(
            (it.since for it in details.servers if it.role == ServerRole.PREPARATION), default=None
        )
        cancelled = [
            it
            for it in details.activity
            if it.kind in (ActivityKind.CANCEL_SHUTDOWN, ActivityKind.SKIP_SHUTDOWN)
            and it.outcome == Outcome.DONE
            and started
            and it.at >= started
        ]
        last = max(cancelled, key=lambda it: it.at, default=None)
        return (
            Undoable(last.at, last.moved_from, last.moved_to) if last and last.moved_from else None
        )

    def under_way(self, environment: str) -> ShutdownRequest | None:
        """Return what is being asked; None once the new moment was read back and is known here."""
        asked = self._asked.get(environment)
        if asked and asked.read_back and self._stands(environment) != asked.request.expected:
            self._asked.pop(environment)
            return None
        return asked.request if asked else None

    def answer(self, environment: str) -> Answer | None:
        """Return what has to be said of the last request, until the shutdown is moved again."""
        answer = self._answers.get(environment)
        if answer is None or self._stands(environment) in answer.stands:
            return answer
        if answer.failed:  # put back, it is asked for anew
            self._answers.pop(environment)
            self._orders.pop(environment, None)
        return None

    async def ask(self, environment: str, request: ShutdownRequest) -> Server | None:
        """Send the request, and return the server as it was read back. Raises AutoskyError.

        None: another request is under way.
        """
        server = self.server(environment)
        if server is None or self.waits(environment):
            return None
        order = self._order(environment, server.id, request)
        self._asked[environment] = Asked(request)
        self._answers.pop(environment, None)
        self._tell(environment)
        try:
            answer = await order.send()
            self._settle(environment, request, answer)
        except AutoskyError as error:
            log.info("The shutdown of %s was not moved: %r", server.name, error)
            self._fail(environment, request, error)
            raise
        finally:
            if self.waits(environment):
                self._asked.pop(environment)
        return answer

    def waits(self, environment: str) -> bool:
        """Return whether an answer is still to come."""
        asked = self._asked.get(environment)
        return asked is not None and not asked.read_back

    def _is_read(self, environment: str) -> bool:
        return environment in self._store.opened

    def _order(self, environment: str, server: str, request: ShutdownRequest) -> Order[Server]:
        """Return the order of that request: the same one for the same request, so that what was not
        heard is not done twice.
        """
        known = self._orders.get(environment)
        if known is None or known[0] != request:
            known = (request, self._intents.move_shutdown(server, request))
            self._orders[environment] = known
        return known[1]

    def _settle(self, environment: str, request: ShutdownRequest, server: Server) -> None:
        self._orders.pop(environment, None)
        at = server.shutdown.at if server.shutdown else None
        if at == request.expected:
            self._asked.pop(environment, None)
        else:
            self._asked[environment] = replace(self._asked[environment], read_back=True)
        now = self._now()
        self._undoable.pop(environment, None)
        ends = request.move in (ShutdownMove.CANCEL, ShutdownMove.SKIP)
        if ends and request.expected and at != request.expected:
            self._undoable[environment] = Undoable(now, request.expected, at)
        if text := words.differs(server, request, now):
            self._answers[environment] = Answer(text, (at,), failed=False)
        self._tell(environment, words.done(server, request, now))

    def _fail(self, environment: str, request: ShutdownRequest, error: AutoskyError) -> None:
        self._asked.pop(environment, None)
        stands: tuple[datetime | None, ...] = (request.expected,)
        if isinstance(error, Refused):
            stands = (request.expected, error.problem.at)
        text = sentence(error, self._now())
        self._answers[environment] = Answer(text, stands, failed=True)
        self._tell(environment, text)

    def _stands(self, environment: str) -> datetime | None:
        shutdown = self.shutdown(environment)
        return shutdown.at if shutdown else None

    def _tell(self, environment: str, said: str = "") -> None:
        for watcher in tuple(self._watchers):
            watcher(environment, said)
