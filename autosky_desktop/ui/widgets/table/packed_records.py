"""Very many records by id in little memory: those nobody looked at lately lie packed in boxes."""

import zlib
from collections.abc import Iterator, MutableMapping
from typing import Generic, TypeVar

import msgspec

from autosky_desktop.ui.widgets.table.model import Record

R = TypeVar("R", bound=Record)

TOGETHER = 200
"""Records in a box: a page of a long table. It takes 2 ms to open one, and to pack one."""
OPEN = 10
"""Boxes that lie open: what is looked at, and what was scrolled past just now."""
_QUICK = 1


class Box(Generic[R]):
    """A box with some of the records, open or packed."""

    __slots__ = ("_kind", "_packed", "_records")

    def __init__(self) -> None:
        self._records: dict[str, R] | None = {}
        self._packed = b""
        self._kind: type[R] | None = None

    @property
    def records(self) -> dict[str, R]:
        """The records, to look at: reading this opens the box."""
        if self._records is None:
            unpacked = msgspec.msgpack.decode(
                zlib.decompress(self._packed),
                type=list[self._kind],  # type: ignore[name-defined]
            )
            self._records = {it.id: it for it in unpacked}
        return self._records

    def put(self, record: R) -> None:
        self.records[record.id] = record
        self._kind, self._packed = type(record), b""

    def take(self, key: str) -> None:
        del self.records[key]
        self._packed = b""

    def pack(self) -> None:
        """Pack the box. When nothing has changed since it was packed last, it only forgets its
        records.
        """
        if not self._packed:
            whole = msgspec.msgpack.encode(list(self.records.values()))
            self._packed = zlib.compress(whole, _QUICK)
        self._records = None


class PackedRecords(MutableMapping[str, R]):
    """All records of one type. Those that came one after another lie in the same box."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box[R]] = {}
        self._open: list[Box[R]] = []
        self._filling: Box[R] = self._opened(Box())

    def __getitem__(self, key: str) -> R:
        return self._opened(self._boxes[key]).records[key]

    def __setitem__(self, key: str, record: R) -> None:
        if key not in self._boxes:
            if len(self._opened(self._filling).records) >= TOGETHER:
                self._filling = Box()
            self._boxes[key] = self._filling
        self._opened(self._boxes[key]).put(record)

    def __delitem__(self, key: str) -> None:
        self._opened(self._boxes.pop(key)).take(key)

    def __contains__(self, key: object) -> bool:
        return key in self._boxes

    def __iter__(self) -> Iterator[str]:
        return iter(self._boxes)

    def __len__(self) -> int:
        return len(self._boxes)

    def clear(self) -> None:
        """Remove all records at once, without looking at any."""
        self._boxes.clear()
        self._open.clear()
        self._filling = self._opened(Box())

    def _opened(self, box: Box[R]) -> Box[R]:
        """Open one more box; the one that was opened first is packed when too many are open."""
        if box not in self._open:
            self._open.append(box)
            if len(self._open) > OPEN:
                self._open.pop(0).pack()
        return box
