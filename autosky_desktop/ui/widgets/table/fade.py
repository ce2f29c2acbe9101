"""Rows that have just changed glow for a second, so that the eye finds them."""

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTableView

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.widgets.table.cells import RowLook
from autosky_desktop.ui.widgets.table.model import RecordTableModel

_STEP_MS, _STEPS = 50, 18
_CROWD = 12
"""The most rows that glow: with more nothing is pointed out, and all would be painted."""
_CALM_MS = 1_000


class Fade(QObject):
    """The fading of rows of `view` that can be seen; `look` is what its cells are painted by."""

    def __init__(self, view: QTableView, records: RecordTableModel[Any], look: RowLook) -> None:
        super().__init__(view)
        self._view = view
        self._records = records
        self._look = look
        self._steps = QTimer(self, interval=_STEP_MS)
        self._steps.timeout.connect(self._step)
        self._crowd = QTimer(self, interval=_CALM_MS, singleShot=True)

    @property
    def active(self) -> bool:
        return self._steps.isActive()

    def begin(self, keys: list[str]) -> None:
        """Let the rows of these records glow, as they have just changed."""
        if not theme.current().motion or not self._view.isVisible():
            return
        seen, row_of = self._rows_seen(), self._records.row_of
        fading = dict.fromkeys((key for key in keys if row_of(key) in seen), 1.0)
        if not fading:
            return
        if self._crowd.isActive() or len(self._look.fading) + len(fading) > _CROWD:
            self._crowd.start()
            self._end()
            return
        self._look.fading.update(fading)
        if not self.active:
            self._steps.start()

    def _rows_seen(self) -> range:
        """Return the rows in sight, as far as the page is scrolled: the table itself may be as high
        as all its rows.
        """
        seen = self._view.viewport().visibleRegion().boundingRect()
        first, last = self._view.rowAt(seen.top()), self._view.rowAt(seen.bottom())
        return range(max(first, 0), (last if last >= 0 else self._records.rowCount()) + 1)

    def _step(self) -> None:
        for key, strength in tuple(self._look.fading.items()):
            self._look.fading[key] = strength - 1 / _STEPS
            if self._look.fading[key] <= 0:
                del self._look.fading[key]
            if (row := self._records.row_of(key)) is not None:
                update_row(self._view, row)
        if not (self._look.fading and self._view.isVisible() and theme.current().motion):
            self._end()

    def _end(self) -> None:
        if self._look.fading:
            self._look.fading.clear()
            self._view.viewport().update()
        self._steps.stop()


def update_row(view: QTableView, row: int) -> None:
    """Paint a row again."""
    viewport = view.viewport()
    viewport.update(0, view.rowViewportPosition(row), viewport.width(), view.rowHeight(row))


def update_column(view: QTableView, column: int) -> None:
    """Paint what can be seen of a column again: a sixth of the table's work."""
    viewport = view.viewport()
    left, width = view.columnViewportPosition(column), view.columnWidth(column)
    viewport.update(left, 0, width, viewport.height())
