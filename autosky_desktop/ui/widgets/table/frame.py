"""The frame of a table: no grid, fixed rows, heads that sort."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QSizePolicy, QTableView

from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.table.model import Record, RecordTableModel
from autosky_desktop.ui.widgets.viewport import give_viewport

R = TypeVar("R", bound=Record)

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
