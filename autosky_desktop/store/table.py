"""Records by id, and what changed in them, told to whoever watches."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

import msgspec

from autosky_desktop.domain.guard import guarded

log = logging.getLogger(__name__)


class Identified(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Identified)


class Diff(msgspec.Struct, Generic[R], frozen=True):
    """The smallest change from what was known to what is: ids gone, records new or different."""

    removed: tuple[str, ...] = ()
    changed: tuple[R, ...] = ()
    added: tuple[R, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.changed or self.added)


Watcher = Callable[[Diff[R]], None]


class Table(Generic[R]):
    """Records in the order they became known. Watchers hear of real differences only."""

    def __init__(self) -> None:
        self._records: dict[str, R] = {}
        self._watchers: list[Watcher[R]] = []

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> R | None:
        return self._records.get(key)

    def replace(self, records: Iterable[R]) -> None:
        """Replace all records by these."""
        new = {record.id: record for record in records}
        old = self._records
        self._records = new
        self._tell(
            Diff(
                removed=tuple(key for key in old if key not in new),
                changed=tuple(r for key, r in new.items() if key in old and old[key] != r),
                added=tuple(r for key, r in new.items() if key not in old),
            )
        )

    def put(self, record: R) -> None:
        """Replace what is known of one record by this."""
        old = self._records.get(record.id)
        self._records[record.id] = record
        if old is None:
            self._tell(Diff(added=(record,)))
        elif old != record:
            self._tell(Diff(changed=(record,)))

    def remove(self, key: str) -> None:
        if self._records.pop(key, None) is not None:
            self._tell(Diff(removed=(key,)))

    def watch(self, watcher: Watcher[R]) -> None:
        """Call `watcher` with everything known now, and from then on with every difference."""
        self._watchers.append(watcher)
        watcher(Diff(added=tuple(self._records.values())))

    def unwatch(self, watcher: Watcher[R]) -> None:
        self._watchers.remove(watcher)

    def _tell(self, diff: Diff[R]) -> None:
        """Tell every watcher. One that fails ends neither the others nor whoever wrote."""
        if diff:
            for watcher in tuple(self._watchers):
                with guarded(log, "Showing a change"):
                    watcher(diff)
