"""Somebody owns every task."""

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger(__name__)


class Nursery:
    """Keeps every task alive while it runs and ends them all when the application closes."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(
        self,
        work: Coroutine[Any, Any, None],
        *,
        name: str,
        failed: Callable[[BaseException], None] | None = None,
    ) -> "asyncio.Task[None]":
        """Run `work`; an error nobody foresaw goes to the log, and to `failed`."""
        import asyncio  # here, as buttons of the first paint know of this class

        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(lambda ended: self._ended(ended, failed))
        return task

    async def close(self) -> None:
        import asyncio

        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(
        self, task: "asyncio.Task[None]", failed: Callable[[BaseException], None] | None
    ) -> None:
        self._tasks.discard(task)
        if task.cancelled() or not (cause := task.exception()):
            return
        log.error("%s ended", task.get_name(), exc_info=cause)
        if failed:
            failed(cause)
