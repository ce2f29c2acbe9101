"""The fields for when users are disconnected, and how often they are warned before."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.plan import MOST_MINUTES
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import counts
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

USUAL, USUAL_AGAIN = 10, 2
AGAIN_MINUTES = (0, 1, 2, 5)
"""What is offered; 0 is never."""


class ReconnectionTimes(QWidget):
    """Asks for minutes until the end, and minutes between warnings (0: none)."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, row: bool = False) -> None:
        super().__init__(parent)
        self._minutes = Number(1, MOST_MINUTES)
        self._minutes.name(_(labels.DISCONNECT_USERS_AFTER_MINUTES))
        hint = _(labels.FROM_1_TO_N_MINUTES).format(n=MOST_MINUTES)
        self._field = Labelled(_(labels.DISCONNECT_USERS_AFTER), self._minutes, hint=hint)
        self._again = Select()
        self._again_field = Labelled(_(labels.WARN_AGAIN), self._again)
        side_by_side, column = WrappingRow(), QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field in (self._field, self._again_field):
            if row:
                side_by_side.add(field, share=1)
            else:
                column.addWidget(field, 1)
        if row:
            column.addWidget(side_by_side)
        self._minutes.limited.connect(self._limited)
        self._minutes.valueChanged.connect(self._changed)
        self._again.currentIndexChanged.connect(self.changed)
        self.reset()

    @property
    def minutes(self) -> int:
        return self._minutes.value()

    @property
    def again_minutes(self) -> int:
        return int(self._again.currentData() or 0)

    def reset(self) -> None:
        self.put(USUAL, USUAL_AGAIN)

    def put(self, minutes: int, again: int) -> None:
        self._minutes.setValue(minutes)
        self._count()
        self._offer(again)

    @property
    def first(self) -> QWidget:
        return self._minutes

    _corrected = 0

    def _changed(self) -> None:
        if self.minutes != self._corrected:
            self._corrected = 0
            self._field.remark("")
        self._count()
        self._offer(self.again_minutes)
        self.changed.emit()

    def _count(self) -> None:
        self._minutes.setSuffix(counts.minutes_after(self.minutes))

    def _offer(self, again: int) -> None:
        """Offer the pauses between warnings that are shorter than the whole."""
        offered = [it for it in AGAIN_MINUTES if it < self.minutes or not it]
        present = [self._again.itemData(index) for index in range(self._again.count())]
        if offered != present:
            self._again.blockSignals(True)
            self._again.clear()
            for it in offered:
                self._again.addItem(self._word(it), it)
            self._again.blockSignals(False)
        nearest = max((it for it in offered if it <= again), default=0)
        self._again.setCurrentIndex(offered.index(nearest))

    def _word(self, minutes: int) -> str:
        if not minutes:
            return _(labels.NEVER)
        if minutes == 1:
            return _(labels.EVERY_MINUTE)
        return counts.every_minutes(minutes)

    def _limited(self, nearest: int) -> None:
        self._corrected = nearest
        most = counts.at_most_minutes(nearest)
        least = _(labels.AT_LEAST_1_MINUTE)
        self._field.remark(least if nearest == 1 else most)
