"""A table as high as there is room, which grows at its end and is fed at its head."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from autosky_desktop.domain.activity import Activity
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.status import StatusKind
from autosky_desktop.ui.widgets.table import RecordTable
from autosky_desktop.ui.widgets.table_model import Column, RecordTableModel
from autosky_desktop.ui.words import activity as words
from autosky_desktop.ui.words.language import translate

LEAST = 200
AHEAD = 20
"""Rows from the end at which more are wanted."""


class ActivityModel(RecordTableModel[Activity]):
    """The newest first."""

    def clear(self) -> None:
        """At once, however many there are."""
        self.beginResetModel()
        self._records.clear()
        self._keys.clear()
        self.endResetModel()

    def _add(self, records: Sequence[Activity]) -> None:
        """A page of older ones comes as one."""
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


class ActivityTable(RecordTable[Activity]):
    """`end_near`: older entries are about to be looked at."""

    end_near = Signal()

    def __init__(self, model: ActivityModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent, most_rows=1)
        self.setAccessibleName(self.tr("Activity"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(scaled(LEAST))
        self.set_rounded_foot(False)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), scaled(LEAST))

    def rowsInserted(
        self, parent: QModelIndex | QPersistentModelIndex, first: int, last: int
    ) -> None:
        """What is looked at stays where it is when something new comes in above it."""
        above = self.verticalScrollBar().value() > 0 and first <= self.rowAt(0)
        super().rowsInserted(parent, first, last)
        if above:
            self.updateGeometries()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (last - first + 1) * self._row_height)

    def _fit_height(self) -> None:
        """As the page gives it, not as many as there are rows."""

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - AHEAD * self._row_height:
            self.end_near.emit()


def columns(
    now: Callable[[], datetime], result: Callable[[Activity], tuple[StatusKind, str]]
) -> tuple[Column[Activity], ...]:
    return (
        Column(
            translate("ActivityTable", "Time"),
            lambda it: words.when(it, now=now()),
            kind="quiet",
            width=136,
        ),
        Column(translate("ActivityTable", "What"), words.in_full, weight=52),
        Column(translate("ActivityTable", "By whom"), words.by, kind="quiet", width=112),
        Column(
            translate("ActivityTable", "Server or version"),
            words.subject,
            weight=21,
            hide_below=820,
        ),
        Column(translate("ActivityTable", "Result"), kind="status", width=152, status=result),
    )
