"""Extending and cancelling a scheduled shutdown, for any environment, opened or not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.actions.shutdown_moves import ShutdownMoves
from autosky_desktop.domain import extending
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.server import ShutdownMove, ShutdownRequest
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from autosky_desktop.ui.servers.shutdown.dialog import About


class ShutdownQuestions:
    """Asks about shutdowns; `moves` tells what is under way and what was answered."""

    def __init__(
        self,
        window: QWidget,
        store: Store,
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        self.moves = ShutdownMoves(store, intents, now)
        self._window = window
        self._store = store
        self._tasks = tasks
        self._now = now
        self._open: Dialog | None = None

    def extend(self, environment: str, hours: int) -> None:
        """Move the shutdown by so many hours beyond the moment that stands, at once."""
        if shutdown := self.moves.shutdown(environment):
            to = extending.later(shutdown, timedelta(hours=hours), now=self._now())
            self.extend_to(environment, to)

    def extend_to(self, environment: str, to: datetime) -> None:
        if shutdown := self.moves.shutdown(environment):
            request = ShutdownRequest(move=ShutdownMove.EXTEND, expected=shutdown.at, to=to)
            self._tasks.spawn(self._ask(environment, request), name="extend")

    def extend_until(self, environment: str) -> None:
        """Ask until when the server shall run."""
        from autosky_desktop.ui.servers.shutdown.extend_dialog import ExtendUntil

        record = self._store.environments.get(environment)
        if record and self.moves.shutdown(environment) and not self._asks():
            self._show(ExtendUntil, record)

    def cancel(self, environment: str) -> None:
        """Ask whether to skip this shutdown or to have none."""
        from autosky_desktop.ui.servers.shutdown.dialog import CancelShutdown

        record = self._store.environments.get(environment)
        if record and self.moves.shutdown(environment) and not self._asks():
            self._show(CancelShutdown, record)

    def undo(self, environment: str) -> None:
        """Have the shutdown again that was cancelled or skipped, at once."""
        if to := self.moves.undoable(environment):
            stands = self.moves.shutdown(environment)
            expected = stands.at if stands else None
            request = ShutdownRequest(move=ShutdownMove.SET, expected=expected, to=to)
            self._tasks.spawn(self._ask(environment, request), name="undo")

    def set_time(self, environment: str) -> None:
        """Ask when a server that runs without a shutdown shall stop."""
        from autosky_desktop.ui.servers.shutdown.extend_dialog import SetShutdown

        record = self._store.environments.get(environment)
        if record and self.moves.runs_without(environment) and not self._asks():
            self._show(SetShutdown, record)

    def _asks(self) -> bool:
        """Bring a question that is open already to the front, and return whether there is one."""
        if self._open:
            self._open.raise_()
            self._open.activateWindow()
        return self._open is not None

    def _show(self, kind: "Callable[[QWidget, About], Dialog]", environment: Environment) -> None:
        from autosky_desktop.ui.servers.shutdown.dialog import About

        about = About(environment, self.moves, self._tasks, self._now)
        dialog = self._open = kind(self._window, about)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self._open = None

    async def _ask(self, environment: str, request: ShutdownRequest) -> None:
        try:
            await self.moves.ask(environment, request)
        except AutoskyError:
            return  # the strip says why
