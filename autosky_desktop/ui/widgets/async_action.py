"""The one bridge from a click to a coroutine."""

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from autosky_desktop.domain.errors import AutoskyError, Unexpected
from autosky_desktop.system.tasks import Nursery

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
Report = Callable[[Exception], None]


class AsyncAction(QAction):
    """Runs `work` when triggered, is off while it runs, and reports how it failed.

    Being allowed and being busy are two facts: menus, buttons and shortcuts that show this action
    go grey and come back together, with the reason in the status tip.
    """

    def __init__(
        self, text: str, work: Work, report: Report, tasks: Nursery, parent: QObject
    ) -> None:
        super().__init__(text, parent)
        self._work = work
        self._report = report
        self._tasks = tasks
        self._allowed = True
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        self.triggered.connect(self._start)

    busy_changed = Signal(bool)

    def allow(self, reason: str = "") -> None:
        """Permit it, or say why the state of things does not: `reason` is shown beside it."""
        self._allowed = not reason
        self.setStatusTip(reason)
        self._refresh()

    @property
    def busy(self) -> bool:
        return self._busy

    def _start(self) -> None:
        if not self._busy:
            self._set_busy(True)
            self._task = self._tasks.spawn(self._run(), name=self.text())

    def stop(self) -> None:
        """End the work that runs, where nothing was done yet."""
        if self._task:
            self._task.cancel()

    async def _run(self) -> None:
        try:
            await self._work()
        except AutoskyError as error:
            log.info("%s: %r", self.text(), error)
            self._report(error)
        except Exception:
            log.exception("%s failed", self.text())
            self._report(Unexpected(self.text()))
        finally:
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._refresh()
        self.busy_changed.emit(busy)

    def _refresh(self) -> None:
        self.setEnabled(self._allowed and not self._busy)
