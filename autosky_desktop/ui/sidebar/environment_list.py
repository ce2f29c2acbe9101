"""The environments as a list model: fed by differences, filtered by an index of its own."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from autosky_desktop.domain.attention import attention, grows_at, needs
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.environment_order import (
    EnvironmentOrder,
    EnvironmentPlace,
    Group,
    runs,
)
from autosky_desktop.domain.searching import holds, plain, words
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.words import counts, states
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind

Index = QModelIndex | QPersistentModelIndex

ROOT = QModelIndex()
# views ask with plain ints
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
DESCRIPTION = int(Qt.ItemDataRole.AccessibleDescriptionRole)
TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
RECORD = int(Qt.ItemDataRole.UserRole)
LOOK, BADGE, HEADING = RECORD + 1, RECORD + 2, RECORD + 3


class Row(NamedTuple):
    """The contents of a row, said and drawn: the rest of a record may change without a repaint."""

    name: str
    label: str
    sessions: int | None
    look: states.Look
    needs: int
    badge: str
    searched: str


class EnvironmentModel(QAbstractListModel):
    """The environments in rows: favourites, last used, the others. Selection and scroll position
    survive every change.
    """

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._records: dict[str, Environment] = {}
        self._rows: dict[str, Row] = {}
        self._shown: list[EnvironmentPlace] = []
        self._order = EnvironmentOrder()
        self._search: list[str] = []
        self._confirmed = True
        self._needing: set[str] = set()
        self._heads: dict[int, str] | None = None
        self.next_growth: datetime | None = None
        """The moment at which a row will say something else by time alone."""

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if not index.isValid():
            return None
        place = self._shown[index.row()]
        row = self._rows[place.id]
        if role == RECORD:
            return self._records[place.id]
        if role == DISPLAY:
            return row.name
        if role == LOOK:
            return row.look
        if role == BADGE:
            return row.badge
        if role == HEADING:
            return self.heads.get(index.row(), "")
        if role == ACCESSIBLE:
            return _spoken(row)
        if role == DESCRIPTION:
            return heading(place.group, first=True)
        return _tip(self._records[place.id], self._now()) if role == TOOL_TIP else None

    def apply(self, diff: Diff[Environment]) -> None:
        """Take what changed; rows come, go and repaint one by one."""
        for key in diff.removed:
            self._forget(key)
        self._records.update({record.id: record for record in diff.changed})
        self._repaint([record.id for record in diff.changed if self._update(record)])
        self._records.update({record.id: record for record in diff.added})
        if not self._shown:
            self._order.crowd(len(self._records))
        for record in diff.added:
            self._rows[record.id] = self._row(record)
            self._note(record)
        self._insert(self._matching(diff.added))

    def arrange(self, favourites: Iterable[str], recent: Sequence[str]) -> None:
        """Put these environments first."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        stood = [self._shown[index.row()].id for index in held]
        self._order = EnvironmentOrder(tuple(favourites), tuple(recent))
        self._order.crowd(len(self._records))
        self._shown = sorted(self._order.place(self._records[it.id]) for it in self._shown)
        self._heads = None
        self.changePersistentIndexList(held, [self.row_of(key) for key in stood])
        self.layoutChanged.emit()

    def confirm(self, confirmed: bool) -> None:
        """Show the states as they are from now on, or as they were when the line was lost."""
        self._confirmed = confirmed
        self.pass_time()

    def pass_time(self) -> None:
        """Bring up to date what changes by time alone."""
        self.next_growth = None
        self._repaint([key for key, record in self._records.items() if self._update(record)])

    def search(self, text: str) -> None:
        """Show only what has all words of `text` in its name, label or state."""
        self._search = words(text)
        kept = {record.id for record in self._matching(self._records.values())}
        gone = [row for row, place in enumerate(self._shown) if place.id not in kept]
        for first, last in runs(gone):
            self._take_away(first, last)
        there = {place.id for place in self._shown}
        self._insert([self._records[key] for key in kept if key not in there])

    @property
    def total(self) -> int:
        return len(self._records)

    @property
    def needing(self) -> int:
        """The number of environments that need a person."""
        return len(self._needing)

    @property
    def heads(self) -> dict[int, str]:
        """The headings, by the first row of each group, while there is more than one group."""
        if self._heads is None:
            self._heads = self._find_heads()
        return self._heads

    def row_of(self, environment: str) -> QModelIndex:
        """Return the row of an environment; invalid when it is not shown."""
        row = self._find(environment)
        return ROOT if row is None else self.index(row)

    def place_of(self, environment: str) -> EnvironmentPlace | None:
        """Return where an environment stands, or would if the search found it; None when it is
        unknown.
        """
        record = self._records.get(environment)
        return self._order.place(record) if record else None

    def nearest(self, place: EnvironmentPlace) -> str:
        """Return the id of the environment that stands there or next, the last where none does;
        empty when there is none at all. One of the same name stands there.
        """
        row = min(bisect_left(self._shown, place._replace(id="")), len(self._shown) - 1)
        return self._shown[row].id if row >= 0 else ""

    def _find(self, environment: str) -> int | None:
        place = self.place_of(environment)
        return self._stands(place) if place else None

    def _stands(self, place: EnvironmentPlace) -> int | None:
        row = bisect_left(self._shown, place)
        return row if row < len(self._shown) and self._shown[row] == place else None

    def _forget(self, key: str) -> None:
        row = self._find(key)
        if row is not None:
            self._take_away(row, row)
        del self._records[key], self._rows[key]
        self._needing.discard(key)

    def _update(self, record: Environment) -> bool:
        """Put its row where it belongs now, if it is shown; returns whether it is to be painted
        anew.
        """
        before, after = self._rows[record.id], self._row(record)
        self._rows[record.id] = after
        self._note(record)
        if before == after:
            return False
        row = self._stands(self._order.place_of(record.id, before.name))
        if row is not None and holds(after.searched, self._search):
            self._move(self._shown[row], self._order.place(record))
            return True
        if row is not None:
            self._take_away(row, row)
        self._insert(self._matching([record]))
        return False

    def _repaint(self, keys: Iterable[str]) -> None:
        rows = sorted(row for key in keys if (row := self._find(key)) is not None)
        for first, last in runs(rows):
            self.dataChanged.emit(self.index(first), self.index(last))

    def _note(self, record: Environment) -> None:
        (self._needing.add if self._rows[record.id].needs else self._needing.discard)(record.id)
        grows = grows_at(record, self._now())
        if grows and (self.next_growth is None or grows < self.next_growth):
            self.next_growth = grows

    def _row(self, record: Environment) -> Row:
        return _read(record, self._now(), confirmed=self._confirmed)

    def _matching(self, records: Iterable[Environment]) -> list[Environment]:
        return [it for it in records if holds(self._rows[it.id].searched, self._search)]

    def _find_heads(self) -> dict[int, str]:
        heads = {}
        for group in Group:
            row = bisect_left(self._shown, EnvironmentPlace(group, -1, "", ""))
            if row < len(self._shown) and self._shown[row].group is group:
                heads[row] = heading(group, first=row == 0)
        return {row: text for row, text in heads.items() if text}

    def _insert(self, records: Iterable[Environment]) -> None:
        """Insert the rows of these environments, neighbours together."""
        coming: dict[int, list[EnvironmentPlace]] = {}
        for place in sorted(self._order.place(record) for record in records):
            coming.setdefault(bisect_left(self._shown, place), []).append(place)
        for row, places in sorted(coming.items(), reverse=True):
            self.beginInsertRows(ROOT, row, row + len(places) - 1)
            self._shown[row:row] = places
            self._heads = None
            self.endInsertRows()

    def _take_away(self, first: int, last: int) -> None:
        self.beginRemoveRows(ROOT, first, last)
        del self._shown[first : last + 1]
        self._heads = None
        self.endRemoveRows()

    def _move(self, before: EnvironmentPlace, after: EnvironmentPlace) -> None:
        if before == after:
            return
        row = bisect_left(self._shown, before)
        others = self._shown[:row] + self._shown[row + 1 :]
        goal = bisect_left(others, after)
        if goal == row:
            self._shown[row] = after
            self._heads = None
            return
        # Qt names the row before which the moved one lands, in the order before the move
        self.beginMoveRows(ROOT, row, row, ROOT, goal + (goal > row))
        others.insert(goal, after)
        self._shown = others
        self._heads = None
        self.endMoveRows()


def _spoken(row: Row) -> str:
    """Word a row for people who listen: ERP Production, Production, Running, 37 sessions, 2 need
    you.
    """
    parts = [row.name, states.label(row.label), row.look[1]]
    if row.sessions is not None:
        parts.append(counts.sessions(row.sessions))
    if row.needs:
        parts.append(counts.need_you(row.needs))
    return ", ".join(filter(None, parts))


def _read(record: Environment, now: datetime, *, confirmed: bool) -> Row:
    look = (states.environment_look if confirmed else states.environment_was)(record, now=now)
    searched = plain("\n".join((record.name, states.label(record.label), look[1])))
    wanted = attention(record, now)
    badge = _badge(record, wanted, now)
    return Row(record.name, record.label, record.sessions, look, wanted, badge, searched)


def _badge(record: Environment, wanted: int, now: datetime) -> str:
    """Count the things that need a person and that the state's word does not tell: "2", or "+1"
    beside it.
    """
    kind, _word = states.environment_look(record, now=now)
    told = kind in (StatusKind.WARN, StatusKind.BAD) or record.unreachable is not None
    if wanted == int(told):
        return ""
    return f"+{wanted - 1}" if told else str(wanted)


def _tip(record: Environment, now: datetime) -> str:
    """Word the tool tip: the name, and what needs a person."""
    return tip("\n".join((record.name, *states.needs(needs(record, now)))))


def heading(group: Group, *, first: bool) -> str:
    """Return the heading of a group; the only one there is needs no name."""
    if group is Group.FAVOURITES:
        return _(labels.FAVOURITES)
    if group is Group.LAST_USED:
        return _(labels.LAST_USED)
    return "" if first else _(labels.ALL_OTHERS)
