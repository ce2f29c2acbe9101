"""A table of a record too long to be read at once: it grows at its end and is fed at its head."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.status import spin
from autosky_desktop.ui.widgets.table.model import Column, Record, RecordTableModel
from autosky_desktop.ui.widgets.table.packed_records import PackedRecords
from autosky_desktop.ui.widgets.table.table import RecordTable

R = TypeVar("R", bound=Record)

AHEAD = 20
"""Rows from the end at which more are wanted."""


class LongModel(RecordTableModel[R]):
    """The records, newest first. All rows are there, but few whole records: see `PackedRecords`."""

    def __init__(
        self, columns: Sequence[Column[R]], *, order: Callable[[R], Any], descending: bool = False
    ) -> None:
        super().__init__(columns, order=order, descending=descending)
        self._records = PackedRecords()

    def clear(self) -> None:
        """Remove all records at once, however many there are."""
        self.beginResetModel()
        self._records.clear()
        self._keys.clear()
        self.endResetModel()

    def _add(self, records: Sequence[R]) -> None:
        """Add the records; a page of older ones comes as one insertion."""
        new = {it.id: it for it in records if it.id not in self._records}
        keys = sorted(map(self._key, new.values()))
        if not (self._keys and keys and keys[-1] < self._keys[0]):
            super()._add(records)
            return
        rows = self.rowCount()
        self.beginInsertRows(QModelIndex(), rows, rows + len(keys) - 1)
        self._records.update(new)
        self._keys[:0] = keys
        self.endInsertRows()


class LongTable(RecordTable[R]):
    """A table that is at most `most_rows` high, and scrolls. `end_near`: older records are about to
    be looked at.

    It paints its own ground: the corners of the card must not be under it.
    """

    end_near = Signal()

    def __init__(
        self,
        model: LongModel[R],
        parent: QWidget | None = None,
        *,
        most_rows: int,
        several: bool = False,
    ) -> None:
        super().__init__(model, parent, most_rows=most_rows, several=several)
        # what Qt knows to be opaque it moves on when one scrolls, and paints only what comes in
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._look.rounded_foot = False
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def rowsInserted(
        self, parent: QModelIndex | QPersistentModelIndex, first: int, last: int
    ) -> None:
        """Keep what is looked at in its place when something new comes in above it."""
        above = self.verticalScrollBar().value() > 0 and first <= self.rowAt(0)
        super().rowsInserted(parent, first, last)
        if above:
            self.updateGeometries()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (last - first + 1) * self._row_height)
            self.viewport().update()  # Qt has moved on what stood still

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.end()
        super().paintEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll, and let what turns go on at its new place: it is moved there without being
        painted.
        """
        super().scrollContentsBy(dx, dy)
        spin().moved(self.viewport(), dx, dy)

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - AHEAD * self._row_height:
            self.end_near.emit()
