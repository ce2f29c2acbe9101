"""The records of a table as rows: columns that say what to show, and a model that only ever hears
differences.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from typing import Any, Generic, Literal, Protocol, TypeVar, cast

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter

from autosky_desktop.words.states import StatusKind

Index = QModelIndex | QPersistentModelIndex
CellKind = Literal["text", "name", "address", "status", "date-info", "quiet", "menu"]

# Views hand roles over as plain ints, so `is` with the enum's member never holds, and `==` with
# it costs more than the rest of data(): compare ints
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_SAID = [_DISPLAY, _ACCESSIBLE]
_NOWHERE = QModelIndex()

START = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Record(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)


class RowChanges(Protocol[R_co]):
    """The changes that lead from the rows there are to those there shall be."""

    @property
    def removed(self) -> tuple[str, ...]: ...
    @property
    def changed(self) -> tuple[R_co, ...]: ...
    @property
    def added(self) -> tuple[R_co, ...]: ...


class Column(Struct, Generic[R], frozen=True):
    """One column of a table of `R`.

    `text` gives what is shown (None: there is nothing, and `missing` is said), `status` the shape
    and word of a "status" column, `sort` what to sort by (else not sortable). `accessible` is the
    whole spoken text; without it "{title}: {text}". `width` is fixed pixels; without it the
    column gets its share (`weight`) of what is left, and is cut last if it is `whole`. Below
    `hide_below` pixels of table it goes. `paint` draws the cell instead of its text, which is still
    what is said. `ticks`: it changes by time alone, which is no news.
    """

    title: str
    text: Callable[[R], str | None] = lambda _record: ""
    kind: CellKind = "text"
    weight: int = 1
    width: int = 0
    align: Qt.AlignmentFlag = START
    status: Callable[[R], tuple[StatusKind, str]] | None = None
    sort: Callable[[R], Any] | None = None
    accessible: Callable[[R], str] | None = None
    missing: str = ""
    hide_below: int = 0
    whole: bool = False
    paint: Callable[[QPainter, QRect, R], None] | None = None
    ticks: bool = False

    def shown(self, record: R) -> str:
        if self.status is not None:
            return self.status(record)[1]
        text = self.text(record)
        return self.missing if text is None else text

    def said(self, record: R) -> str:
        if self.accessible is not None:
            return self.accessible(record)
        return f"{self.title}: {self.shown(record)}"


_Key = tuple[bool, Any, str]


class RecordTableModel(QAbstractTableModel, Generic[R]):
    """Rows in the order of `order`, which is ascending unless `newest_first`.

    Never reset: selection, current cell and scroll position survive every difference.
    """

    records_changed = Signal(list)
    """The ids of rows that say something else than before, beyond what ticks."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        order: Callable[[R], Any],
        descending: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._order = order
        self._descending = descending
        self._sorted = -1
        self._records: MutableMapping[str, R] = {}
        self._keys: list[_Key] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> str | None:
        if role == _DISPLAY:
            return self.columns[index.column()].shown(self.record(index.row()))
        if role == _ACCESSIBLE:
            return self.columns[index.column()].said(self.record(index.row()))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY
    ) -> str | Qt.AlignmentFlag | None:
        if orientation is not _HORIZONTAL:
            return None
        if role == _DISPLAY:
            return self.columns[section].title + self._arrow(section)
        if role == _ALIGNMENT:
            return self.columns[section].align
        return None

    def record(self, row: int) -> R:
        return self._records[self._keys[self._place(row)][2]]

    def get(self, key: str) -> R | None:
        return self._records.get(key)

    def row_of(self, key: str) -> int | None:
        """Return the row in which the record of this id stands now; None when it is not shown."""
        record = self._records.get(key)
        if record is None:
            return None
        return self._place(bisect_left(self._keys, self._key(record)))

    def apply(self, diff: RowChanges[R]) -> None:
        """Show what `diff` leads to, with the fewest signals."""
        self._take(diff.removed, diff.changed, diff.added)

    def _take(self, removed: Sequence[str], changed: Sequence[R], added: Sequence[R]) -> None:
        for first, last in runs(self._rows_of(removed), falling=True):
            self._take_away(first, last)
        news = [record.id for record in changed if self._is_news(record)]
        for record in changed:
            self._change(record)
        for first, last in runs(self._rows_of([record.id for record in changed])):
            self.dataChanged.emit(
                self.index(first, 0), self.index(last, len(self.columns) - 1), _SAID
            )
        self._add(added)
        if news:
            self.records_changed.emit(news)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        wanted = self.columns[column].sort if 0 <= column < len(self.columns) else None
        if wanted is None:
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        stood = [(self.record(index.row()).id, index.column()) for index in held]
        self._order, self._sorted = wanted, column
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._keys = sorted(map(self._key, self._records.values()))
        now = [self.index(cast("int", self.row_of(key)), column) for key, column in stood]
        self.changePersistentIndexList(held, now)
        self.layoutChanged.emit()
        self.headerDataChanged.emit(_HORIZONTAL, 0, len(self.columns) - 1)

    def sort_by(self, column: int) -> None:
        """Sort by a column, ascending; the other way round when it is sorted by this column
        already.
        """
        falls = self._sorted == column and not self._descending
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        self.sort(column, down if falls else up)

    def _arrow(self, column: int) -> str:
        return (" ↓" if self._descending else " ↑") if column == self._sorted else ""

    def _is_news(self, record: R) -> bool:
        old = self._records.get(record.id)
        words = [column.shown for column in self.columns if not column.ticks]
        return old is not None and any(shown(old) != shown(record) for shown in words)

    def _key(self, record: R) -> _Key:
        value = self._order(record)
        return (value is None, value, record.id)

    def _place(self, row: int) -> int:
        """Turn a row into its place in the keys, which are always ascending, and back."""
        return len(self._keys) - 1 - row if self._descending else row

    def _rows_of(self, keys: Iterable[str]) -> list[int]:
        return [row for key in keys if (row := self.row_of(key)) is not None]

    def _take_away(self, first: int, last: int) -> None:
        self.beginRemoveRows(_NOWHERE, first, last)
        begin, end = sorted((self._place(first), self._place(last)))
        for key in self._keys[begin : end + 1]:
            del self._records[key[2]]
        del self._keys[begin : end + 1]
        self.endRemoveRows()

    def _change(self, record: R) -> None:
        old = self._records.get(record.id)
        if old is None:
            return
        before, after = self._key(old), self._key(record)
        if before != after:
            self._move(before, after)
        self._records[record.id] = record

    def _move(self, before: _Key, after: _Key) -> None:
        place = bisect_left(self._keys, before)
        target = bisect_left(self._keys, after)  # as if it still stood at its old place
        settled = target - (target > place)
        if settled == place:
            self._keys[place] = after
            return
        row = self._place(place)
        # Qt names the row before which the moved one lands, in the order before the move
        goal = self._place(settled)
        self.beginMoveRows(_NOWHERE, row, row, _NOWHERE, goal + (goal > row))
        del self._keys[place]
        self._keys.insert(settled, after)
        self.endMoveRows()

    def _add(self, records: Sequence[R]) -> None:
        new = [record for record in records if record.id not in self._records]
        if not self._keys and new:
            self.beginInsertRows(_NOWHERE, 0, len(new) - 1)
            self._records.update({record.id: record for record in new})
            self._keys = sorted(map(self._key, new))
            self.endInsertRows()
            return
        for record in new:
            key = self._key(record)
            place = bisect_left(self._keys, key)
            row = len(self._keys) - place if self._descending else place
            self.beginInsertRows(_NOWHERE, row, row)
            self._records[record.id] = record
            insort(self._keys, key)
            self.endInsertRows()


def runs(rows: Iterable[int], *, falling: bool = False) -> Iterator[tuple[int, int]]:
    """Yield first and last row of each unbroken run; `falling`: the lowest in the table first."""
    ends: list[tuple[int, int]] = []
    for row in sorted(rows):
        if ends and ends[-1][1] == row - 1:
            ends[-1] = (ends[-1][0], row)
        else:
            ends.append((row, row))
    return iter(reversed(ends) if falling else ends)
