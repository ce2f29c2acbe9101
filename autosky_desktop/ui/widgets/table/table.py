"""A table of records: rows change in place, everything is reachable by keyboard."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableView,
    QWidget,
)

from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.button import ENTER
from autosky_desktop.ui.widgets.scrolled import give_viewport
from autosky_desktop.ui.widgets.table.cells import (
    EDGE,
    CellDelegate,
    RowLook,
    content_rect,
    icon_rect,
)
from autosky_desktop.ui.widgets.table.column_widths import LOOKED_AT, share
from autosky_desktop.ui.widgets.table.fade import Fade, update_row
from autosky_desktop.ui.widgets.table.model import (
    END,
    START,
    CellKind,
    Column,
    Record,
    RecordTableModel,
    RowChanges,
)

__all__ = ["END", "START", "CellKind", "Column", "Record", "RecordTable", "RecordTableModel",
           "RowChanges"]  # fmt: skip

R = TypeVar("R", bound=Record)

_ROW, _COMPACT_ROW = 37, 32
_KEEP = QItemSelectionModel.SelectionFlag.NoUpdate
_REPLACE = QItemSelectionModel.SelectionFlag.ClearAndSelect
_SORTING = {
    int(Qt.Key.Key_Up): Qt.SortOrder.AscendingOrder,
    int(Qt.Key.Key_Down): Qt.SortOrder.DescendingOrder,
}
"""The keys that sort by the column of the current cell, pressed with Alt."""
_COPIED_MS = 2000


HEAD = 30


def set_up_view(view: QTableView) -> None:
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setMouseTracking(True)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setWordWrap(False)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    give_viewport(view).setAutoFillBackground(False)


def set_up_rows(rows: QHeaderView, height: int) -> None:
    rows.hide()
    rows.setMinimumSectionSize(1)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(height)


def set_up_heads(head: QHeaderView, *, shown: bool) -> None:
    head.setVisible(shown)
    head.setFixedHeight(scaled(HEAD))
    head.setMinimumSectionSize(1)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    head.setHighlightSections(False)


def set_up_sorting(head: QHeaderView, model: RecordTableModel[R]) -> None:
    head.setSectionsClickable(any(column.sort for column in model.columns))
    head.sectionClicked.connect(model.sort_by)


class RecordTable(QTableView, Generic[R]):
    """Shows a `RecordTableModel`, as high as its rows (at most `most_rows`): the page scrolls.

    A record is told by `menu_requested` (⋮, right click, Menu key; with a place on the screen),
    `info_requested` (the icon after a date) and `activated_record` (Enter).
    """

    menu_requested = Signal(object, QPoint)
    info_requested = Signal(object)
    activated_record = Signal(object)

    def __init__(
        self,
        model: RecordTableModel[R],
        parent: QWidget | None = None,
        *,
        compact: bool = False,
        most_rows: int = 0,
        heads: bool = True,
        several: bool = False,
    ) -> None:
        super().__init__(parent)
        self._records = model
        self._look = RowLook(keeps=several)
        self._most_rows = most_rows
        self._row_height = scaled(_COMPACT_ROW if compact else _ROW)
        self._copied = QTimer(self, interval=_COPIED_MS, singleShot=True)
        self._copied.timeout.connect(self._forget_copy)
        self._menu = QTimer(self, interval=0, singleShot=True)
        self._menu.timeout.connect(self.open_menu)
        self.setModel(model)
        set_up_view(self)
        set_up_rows(self.verticalHeader(), self._row_height)
        set_up_heads(self.horizontalHeader(), shown=heads)
        set_up_sorting(self.horizontalHeader(), model)
        if several:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        if not most_rows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(CellDelegate(self, self._look))
        for grew in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            grew.connect(self._fit_height)
            grew.connect(self._share_width)
        self._fade = Fade(self, model, self._look)
        model.records_changed.connect(self._fade.begin)
        model.records_changed.connect(self._share_width)
        self._fit_height()

    def current_record(self) -> R | None:
        index = self.currentIndex()
        return self._records.record(index.row()) if index.isValid() else None

    def selected_records(self) -> list[R]:
        """Return every selected record, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._records.record(row) for row in rows]

    def select_records(self, keys: Iterable[str], current: str = "") -> None:
        """Select those of these ids that are shown, and make one the current row."""
        chosen, model = QItemSelection(), self._records
        for row in (row for key in keys if (row := model.row_of(key)) is not None):
            chosen.select(model.index(row, 0), model.index(row, len(model.columns) - 1))
        if (row := model.row_of(current)) is not None:
            self.selectionModel().setCurrentIndex(model.index(row, 0), _KEEP)
        self.selectionModel().select(chosen, _REPLACE)

    def open_menu(self) -> None:
        """Ask for the menu of the current row, at the current cell."""
        if (record := self.current_record()) is not None:
            rect = self.visualRect(self.currentIndex())
            self.menu_requested.emit(record, self._below(rect))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        spec, record = self._cell(index)
        rect = self.visualRect(index)
        if spec.kind == "menu":
            self.menu_requested.emit(record, self._below(rect))
        elif icon_rect(content_rect(rect, index.column()), spec, record).contains(place):
            if spec.kind == "date-info":
                self.info_requested.emit(record)
            elif spec.kind == "address" and spec.text(record) is not None:
                self._copy(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        self._hover(index.row())
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor
            if index.isValid() and self._is_target(index, place)
            else Qt.CursorShape.ArrowCursor
        )

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._menu.start()
            return
        index = self.indexAt(event.pos())
        if index.isValid():
            if self.selectionModel().isSelected(index):
                self.selectionModel().setCurrentIndex(index, _KEEP)
            else:
                self.setCurrentIndex(index)
            self.menu_requested.emit(self._records.record(index.row()), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = event.key(), self.current_record()
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and shifted):
            # some systems send a context menu event as well: the timer makes one of both
            self._menu.start()
        elif key in ENTER and current is not None:
            if not event.isAutoRepeat():
                self.activated_record.emit(current)
        elif event.matches(QKeySequence.StandardKey.Copy) and current is not None:
            self._copy(self.currentIndex())
        elif key in _SORTING and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self._records.sort(self.currentIndex().column(), _SORTING[key])
        else:
            super().keyPressEvent(event)

    def _fit_height(self) -> None:
        rows = self._records.rowCount()
        if self._most_rows:
            rows = min(rows, self._most_rows)
        head = scaled(HEAD) if not self.horizontalHeader().isHidden() else 0
        self.setFixedHeight(head + rows * self._row_height)
        # the Tab key leads to no empty table, which could show nothing of the focus
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if rows else Qt.FocusPolicy.NoFocus)

    def _share_width(self) -> None:
        columns = self._records.columns
        width = self.viewport().width()
        shown = [c for c in columns if width >= scaled(c.hide_below)]
        sharing = [c for c in shown if not c.width]
        room = width - EDGE - sum(scaled(c.width) for c in shown)
        count = min(self._records.rowCount(), LOOKED_AT)
        widths = iter(share(sharing, room, map(self._records.record, range(count))))
        end = 0.0
        for place, column in enumerate(columns):
            self.setColumnHidden(place, column not in shown)
            if column not in shown:
                continue
            begin = end
            end += scaled(column.width) or next(widths)
            end += EDGE if place == 0 else 0
            self.setColumnWidth(place, round(end) - round(begin))

    def _cell(self, index: QModelIndex) -> tuple[Column[R], R]:
        return self._records.columns[index.column()], self._records.record(index.row())

    def _is_target(self, index: QModelIndex, place: QPoint) -> bool:
        spec, record = self._cell(index)
        if spec.kind == "menu":
            return True
        if spec.kind == "address" and spec.text(record) is None:
            return False
        inner = content_rect(self.visualRect(index), index.column())
        known = spec.kind in ("address", "date-info")
        return known and icon_rect(inner, spec, record).contains(place)

    def _below(self, rect: QRect) -> QPoint:
        return self.viewport().mapToGlobal(rect.bottomLeft())

    def _copy(self, index: QModelIndex) -> None:
        spec, record = self._cell(index)
        if text := spec.text(record) if spec.status is None else spec.shown(record):
            QGuiApplication.clipboard().setText(text)
            self._look.copied = (record.id, index.column())
            self._copied.start()
            self._update_row(record.id)

    def _forget_copy(self) -> None:
        if self._look.copied is not None:
            key, self._look.copied = self._look.copied[0], None
            self._update_row(key)

    def _hover(self, row: int) -> None:
        if row != self._look.hovered:
            self._look.hovered = row
            self.viewport().update()

    def _update_row(self, key: str) -> None:
        if (row := self._records.row_of(key)) is not None:
            update_row(self, row)
