"""The nursery: somebody owns every task."""

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
        self._closed = False

    def spawn(
        self,
        work: Coroutine[Any, Any, None],
        *,
        name: str,
        failed: Callable[[BaseException], None] | None = None,
    ) -> "asyncio.Task[None]":
        """Run `work` as a task; an error that nobody foresaw goes to the log, and to `failed`.

        After the nursery was closed nothing is begun any more: what Qt had put off until then would
        run on without an owner.
        """
        import asyncio  # here, as buttons of the first paint know of this class

        if self._closed:
            work.close()
            work = _nothing()
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(lambda ended: self._ended(ended, failed))
        return task

    async def close(self) -> None:
        """Cancel what runs and wait for its end."""
        import asyncio

        self._closed = True
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


async def _nothing() -> None:
    """Do nothing, in place of work that comes too late."""
