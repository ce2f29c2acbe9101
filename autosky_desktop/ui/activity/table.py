"""The table that shows the activity record."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from autosky_desktop.domain.activity import Activity
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.table.long_table import LongModel, LongTable
from autosky_desktop.ui.widgets.table.model import Column
from autosky_desktop.words import activity as words
from autosky_desktop.words.labels import activity as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind

LEAST = 200


class ActivityModel(LongModel[Activity]):
    """The entries of the record, as the table shows them."""


class ActivityTable(LongTable[Activity]):
    """The table of the record, as high as there is room."""

    def __init__(self, model: ActivityModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent, most_rows=1)
        self.setAccessibleName(_(labels.ACTIVITY))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(scaled(LEAST))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), scaled(LEAST))

    def _fit_height(self) -> None:
        """Leave the height to the page: it does not follow from the number of rows."""


def columns(
    now: Callable[[], datetime], result: Callable[[Activity], tuple[StatusKind, str]]
) -> tuple[Column[Activity], ...]:
    return (
        Column(
            _(labels.TIME),
            lambda it: words.when(it, now=now()),
            kind="quiet",
            weight=136,
            whole=True,
        ),
        Column(_(labels.WHAT), words.in_full, weight=400),
        Column(
            _(labels.BY_WHOM),
            words.by,
            kind="quiet",
            weight=112,
            hide_below=560,
        ),
        Column(
            _(labels.SERVER_OR_VERSION),
            words.subject,
            weight=160,
            hide_below=820,
        ),
        Column(_(labels.RESULT), kind="status", weight=152, status=result),
    )
