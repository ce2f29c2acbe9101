"""Publications that wait for their time: when, what, by whom, and what can be done about them."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.domain.publication import Publication, is_scheduled
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.publish.schedule.rows import (
    ScheduledTable,
    TableWithButtons,
    begins,
    columns,
)
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.refreshing import MINUTE
from autosky_desktop.ui.widgets.table.model import RecordTableModel
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class ScheduledCard(Card):
    """Lists what waits for its time.

    Moving and cancelling are buttons in each row; its menu has them too, and editing. `menu_asked`
    carries the publication and the place of its menu.
    """

    move_asked = Signal(object)
    cancel_asked = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(
        self, environment: str, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(_(labels.SCHEDULED_PUBLICATIONS), "", parent=parent)
        self._name, self._now = environment, now
        self._known: dict[str, Publication] = {}
        self._reason = ""
        self._model: RecordTableModel[Publication] = RecordTableModel(columns(now), order=begins)
        self.table = ScheduledTable(self._model)
        self.table.setAccessibleName(_(labels.SCHEDULED_PUBLICATIONS))
        self.table.menu_requested.connect(self.menu_asked)
        self.table.activated_record.connect(self.move_asked)
        self._rows = TableWithButtons(self.table)
        self._rows.move_asked.connect(self.move_asked)
        self._rows.cancel_asked.connect(self.cancel_asked)
        self._empty = QLabel(_(labels.NOTHING_IS_SCHEDULED_FOR_NAME).format(name=environment))
        self._empty.setContentsMargins(16, 12, 16, 12)
        self._empty.setWordWrap(True)
        set_style(self._empty, TextStyle.BODY, "text2")
        self.set_table(self._rows)
        self.body.addWidget(self._empty)
        self._show_empty()

    def apply(self, diff: Diff[Publication]) -> None:
        """Keep, of all publications, those that wait; they go when they start."""
        wait = {it.id: it for it in (*diff.changed, *diff.added) if is_scheduled(it)}
        over = [it.id for it in diff.changed if not is_scheduled(it)]
        gone = tuple(it for it in (*diff.removed, *over) if it in self._known)
        added = tuple(it for key, it in wait.items() if key not in self._known)
        changed = tuple(it for key, it in wait.items() if key in self._known)
        for key in gone:
            del self._known[key]
        self._known.update(wait)
        self._model.apply(Diff(removed=gone, changed=changed, added=added))
        self._show_empty()

    def allow(self, reason: str) -> None:
        """Free what changes something, or say why it is off."""
        self._reason = reason
        self._show_buttons()

    def tick(self) -> int | None:
        """Renew how long it is until they start."""
        self.table.viewport().update()
        self._show_buttons()
        return MINUTE if self._known else None

    def _show_empty(self) -> None:
        rows = self._model.rowCount()
        self._empty.setVisible(rows == 0)
        self._rows.setVisible(rows > 0)
        waiting = _(labels.N_WAITING_FOR_NAME).format(n=rows, name=self._name)
        self.set_purpose(waiting if rows else "")
        self._show_buttons()

    def _show_buttons(self) -> None:
        runs = [self._model.record(row) for row in range(self._model.rowCount())]
        self._rows.show_runs(runs, self._now(), self._reason)
