"""A long record page by page, one question at a time."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, Protocol, TypeVar

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.system.tasks import Nursery

LIMIT = 200


class Page(Protocol):
    """One page of a record. `next` is the cursor of the one that follows; None: it is the last."""

    @property
    def next(self) -> str | None: ...


P = TypeVar("P", bound=Page)


class Pages(Generic[P]):
    """Reads a record page by page.

    `took` hears every page of what is wanted now, `failed` why the next one did not come.
    """

    def __init__(
        self,
        read: Callable[[Mapping[str, str]], Awaitable[P]],
        tasks: Nursery,
        took: Callable[[P], None],
        failed: Callable[[AutoskyError], None],
    ) -> None:
        self._read = read
        self._tasks = tasks
        self._took = took
        self._failed = failed
        self._wanted: Mapping[str, str] = {}
        self._asked = 0
        self.cursor: str | None = None
        self.begun = False
        self.busy = False

    @property
    def more(self) -> bool:
        """True while there is something that was not read yet."""
        return not self.begun or self.cursor is not None

    def restart(self, wanted: Mapping[str, str]) -> None:
        """Begin again, with another part of the record; what is under way is forgotten."""
        self._wanted = wanted
        self._asked += 1
        self.cursor, self.begun, self.busy = None, False, False

    def forget(self) -> None:
        """Tell nobody of what is under way: whoever asked is gone."""
        self._asked += 1

    def ask(self) -> None:
        """Ask for the next page, unless it is on its way or there is none."""
        if self.more and not self.busy:
            self.busy = True
            self._tasks.spawn(self._ask(self._asked), name="page")

    async def _ask(self, asked: int) -> None:
        cursor = {"cursor": self.cursor} if self.cursor else {}
        wanted = {"limit": str(LIMIT), **self._wanted, **cursor}
        try:
            page = await self._read(wanted)
        except AutoskyError as cause:
            if asked == self._asked:
                self.busy = False
                self._failed(cause)
            return
        if asked == self._asked:
            self.busy, self.begun, self.cursor = False, True, page.next
            self._took(page)
