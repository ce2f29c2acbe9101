"""The environments as a list model: fed by differences, filtered by an index of its own."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from autosky_desktop.domain.environment import Environment
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.widgets.tip import tip
from autosky_desktop.ui.words import counts, states

Index = QModelIndex | QPersistentModelIndex

ROOT = QModelIndex()
DISPLAY = Qt.ItemDataRole.DisplayRole
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
TOOL_TIP = Qt.ItemDataRole.ToolTipRole
RECORD = Qt.ItemDataRole.UserRole
LOOK = Qt.ItemDataRole.UserRole + 1


class EnvironmentList(QAbstractListModel):
    """Rows in alphabetical order. Selection and scroll position survive every change."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._records: dict[str, Environment] = {}
        self._shown: list[str] = []
        self._search = ""
        self._confirmed = True

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if not index.isValid():
            return None
        record = self._records[self._shown[index.row()]]
        if role == RECORD:
            return record
        if role == DISPLAY:
            return record.name
        if role == TOOL_TIP:
            return tip(record.name)
        if role == LOOK:
            return self._look(record)
        return self._spoken(record) if role == ACCESSIBLE else None

    def apply(self, diff: Diff[Environment]) -> None:
        """Take what changed; rows come, go and repaint one by one."""
        for key in diff.removed:
            self._hide(key)
            del self._records[key]
        for record in (*diff.changed, *diff.added):
            before = self._records.get(record.id)
            self._records[record.id] = record
            if not self._matches(record):
                self._hide(record.id)
            elif record.id not in self._shown:
                self._show(record)
            elif before is None or _picture(before) != _picture(record):
                index = self.index(self._shown.index(record.id))
                self.dataChanged.emit(index, index)

    def confirm(self, confirmed: bool) -> None:
        """Show the states as they are, or as they were when the line was lost."""
        if confirmed != self._confirmed:
            self._confirmed = confirmed
            if self._shown:
                self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def search(self, text: str) -> None:
        """Show only what has `text` in its name, label or state."""
        self._search = text.strip().casefold()
        for record in self._records.values():
            shown = record.id in self._shown
            if shown and not self._matches(record):
                self._hide(record.id)
            elif not shown and self._matches(record):
                self._show(record)

    @property
    def total(self) -> int:
        return len(self._records)

    def row_of(self, environment: str) -> QModelIndex:
        """Its row, or an invalid one when it is not shown."""
        return self.index(self._shown.index(environment)) if environment in self._shown else ROOT

    def _matches(self, record: Environment) -> bool:
        return self._search in self._spoken(record).casefold()

    def _look(self, record: Environment) -> states.Look:
        known = states.environment_look if self._confirmed else states.environment_was
        return known(record)

    def _spoken(self, record: Environment) -> str:
        """ERP Production, Production, Running, 37 sessions."""
        parts = [record.name, states.label(record.label), self._look(record)[1]]
        if record.sessions is not None:
            parts.append(counts.sessions(record.sessions))
        return ", ".join(parts)

    def _show(self, record: Environment) -> None:
        place = _place(record)
        row = sum(_place(self._records[key]) < place for key in self._shown)
        self.beginInsertRows(ROOT, row, row)
        self._shown.insert(row, record.id)
        self.endInsertRows()

    def _hide(self, key: str) -> None:
        if key in self._shown:
            row = self._shown.index(key)
            self.beginRemoveRows(ROOT, row, row)
            del self._shown[row]
            self.endRemoveRows()


def _place(record: Environment) -> tuple[str, str]:
    return record.name.casefold(), record.id


def _picture(record: Environment) -> tuple[Any, ...]:
    """What the row draws: the rest of a record may change without a repaint."""
    return record.name, record.label, record.sessions, states.environment_look(record)
