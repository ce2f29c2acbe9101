"""A table model that shows only the records somebody looks for."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from autosky_desktop.domain.searching import holds, plain, words
from autosky_desktop.ui.widgets.table.model import Column, R, RecordTableModel, RowChanges
from autosky_desktop.ui.widgets.table.table import RecordTable


class SearchedTableModel(RecordTableModel[R]):
    """A model that shows the records found; `searched` is what can be looked for in one."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        order: Callable[[R], Any],
        searched: Callable[[R], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, order=order, parent=parent)
        self._of = searched
        self._search = ""
        self._wanted: list[str] = []
        self._hidden: dict[str, R] = {}
        self._spelt: dict[str, tuple[R, str]] = {}

    @property
    def total(self) -> int:
        """The number of records there are, shown or not."""
        return len(self._records) + len(self._hidden)

    @property
    def searched(self) -> str:
        return self._search

    def search(self, text: str) -> None:
        """Show the records that have all words of `text` in what can be looked for.

        The model is reset, as thousands of rows may come and go at once; the function `search`
        keeps what was chosen.
        """
        wanted = plain(text).strip()
        if wanted == self._search:
            return
        narrower = wanted.startswith(self._search)
        self.beginResetModel()
        self._search, self._wanted = wanted, words(text)
        hidden = self._hidden if narrower else {}
        everything = list(self._records.values())
        if not narrower:
            everything += self._hidden.values()
        self._records, self._hidden = {}, hidden
        for record in everything:
            (self._records if self._matches(record) else hidden)[record.id] = record
        self._keys = sorted(map(self._key, self._records.values()))
        self.endResetModel()

    def apply(self, diff: RowChanges[R]) -> None:
        for key in diff.removed:
            self._spelt.pop(key, None)
        if not self._search:
            super().apply(diff)
            return
        removed = [*diff.removed]
        changed: list[R] = []
        added: list[R] = []
        for key in diff.removed:
            self._hidden.pop(key, None)
        for record in (*diff.changed, *diff.added):
            shown = record.id in self._records
            if self._matches(record):
                self._hidden.pop(record.id, None)
                (changed if shown else added).append(record)
            else:
                self._hidden[record.id] = record
                removed += [record.id] if shown else []
        self._take(removed, changed, added)

    def _matches(self, record: R) -> bool:
        """Tell whether a record is found. Its text is made once: that costs more than looking into
        it.
        """
        if not self._search:
            return True
        spelt = self._spelt.get(record.id)
        if spelt is None or spelt[0] is not record:
            spelt = self._spelt[record.id] = record, plain(self._of(record))
        return holds(spelt[1], self._wanted)


def search(table: RecordTable[R], model: SearchedTableModel[R], text: str) -> None:
    """Show what holds `text`; of what is still shown, what was chosen stays chosen."""
    chosen = [it.id for it in table.selected_records()]
    current = table.current_record()
    model.search(text)
    table.select_records(chosen, current.id if current else "")
