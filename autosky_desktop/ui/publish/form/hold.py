"""The holds: a publication stops by itself after the first instances, or at the first failure."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.plan import MOST_NAMED, Hold, Plan
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import counts
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

NONE, INSTANCES, SHARE, NAMED = "none", "instances", "share", "named"
BAKES = (None, 5, 10, 30, 60)
"""Minutes; None: a person says go on."""


class HoldFields(QWidget):
    """Asks which hold there shall be, and whether one failure stops everything."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._named: list[str] = []
        self._once_named: list[str] = []
        self._there: list[str] = []
        self._kind, self._then = Select(), Select()
        self._first = Number(1, 99)
        self._first.name(_(labels.REPLACED_FIRST))
        for text, kind in (
            (_(labels.ALL_WITHOUT_PAUSE), NONE),
            (_(labels.SOME_INSTANCES_THEN_WAIT), INSTANCES),
            (_(labels.SHARE_THEN_WAIT), SHARE),
            (_(labels.CHOSEN_ONES_THEN_WAIT), NAMED),
        ):
            self._kind.addItem(text, kind)
        for minutes in BAKES:
            self._then.addItem(self._bake(minutes), minutes)
        self._stop = Option(
            _(labels.STOP_AT_FIRST_FAILURE),
            _(labels.OFF_FAILED_INSTANCES_STAY),
            checked=True,
        )
        self._lay_out()
        self._kind.currentIndexChanged.connect(self._changed)
        self._then.currentIndexChanged.connect(self.changed)
        self._first.valueChanged.connect(self.changed)
        self._stop.toggled.connect(lambda _on: self.changed.emit())
        self._changed()

    def chosen(self) -> dict[str, Any]:
        """Return the part of a Plan that it decides."""
        return {"hold": self._hold(), "stop_at_first_failure": self._stop.checked()}

    def _hold(self) -> Hold | None:
        kind, number, minutes = (
            self._kind.currentData(),
            self._first.value(),
            self._then.currentData(),
        )
        if kind == NONE or self.problem():
            return None
        return Hold(
            first=number if kind == INSTANCES else None,
            share=number if kind == SHARE else None,
            named=tuple(self._named) if kind == NAMED else (),
            bake_seconds=None if minutes is None else minutes * 60,
        )

    def problem(self) -> str:
        """Say what has to be mended before it can be published."""
        if self._kind.currentData() != NAMED or 1 <= len(self._named) <= MOST_NAMED:
            return ""
        if self._named:
            return _(labels.CHOOSE_AT_MOST_N).format(n=MOST_NAMED)
        return _(labels.CHOOSE_WHO_GOES_FIRST)

    def show_instances(self, instances: Sequence[Instance]) -> None:
        """Offer these to be chosen by name."""
        self._there = [it.name for it in instances]
        self._show_names()

    def put(self, plan: Plan) -> None:
        """Show what was chosen before."""
        hold = plan.hold
        self._named = list(hold.named) if hold else []
        self._once_named = list(self._named)
        kind = NONE if hold is None else _kind_of(hold)
        self._kind.setCurrentIndex(self._kind.findData(kind))
        self._show_names(anew=True)
        if hold:
            self._first.setValue(hold.first or hold.share or 1)
            minutes = None if hold.bake_seconds is None else max(1, round(hold.bake_seconds / 60))
            if self._then.findData(minutes) < 0:
                self._then.addItem(self._bake(minutes), minutes)
            self._then.setCurrentIndex(self._then.findData(minutes))
        self._stop.set_checked(plan.stop_at_first_failure)

    def reset(self) -> None:
        self.put(Plan())

    def _changed(self) -> None:
        kind = self._kind.currentData()
        self._first.setSuffix(_(labels.PERCENT) if kind == SHARE else "")
        self._number.setVisible(kind in (INSTANCES, SHARE))
        self._show_names()
        self._wait.setVisible(kind != NONE)
        self.changed.emit()

    _shown: tuple[object, ...] = ()

    def _show_names(self, *, anew: bool = False) -> None:
        """Show those that are there, and those that were chosen before they went."""
        chooses = self._kind.currentData() == NAMED
        self._names.setVisible(chooses)
        gone = [it for it in self._once_named if it not in self._there]
        if not chooses or (self._shown == (shown := (self._there, gone)) and not anew):
            return
        from autosky_desktop.actions.environments import Offer
        from autosky_desktop.ui.environments.machine_list import MachineList

        self._shown = shown
        offers = [Offer(it, it) for it in self._there]
        offers += [Offer(it, it, _(labels.NOT_THERE_NOW)) for it in gone]
        chooser = MachineList(_(labels.REPLACED_FIRST), offers, self._named)
        chooser.chosen.connect(self._choose)
        while old := self._list.takeAt(0):
            if widget := old.widget():
                widget.hide()
                widget.deleteLater()
        self._list.addWidget(chooser)

    def _choose(self, names: list[str]) -> None:
        self._named = names
        self._once_named += [it for it in names if it not in self._once_named]
        self.changed.emit()

    def _bake(self, minutes: int | None) -> str:
        if minutes is None:
            return _(labels.UNTIL_I_PRESS_GO_ON)
        return counts.minutes_then_go_on(minutes)

    def _lay_out(self) -> None:
        self._number = Labelled(_(labels.REPLACED_FIRST), self._first)
        self._wait = Labelled(_(labels.WAIT), self._then)
        row = WrappingRow()
        row.add(Labelled(_(labels.REPLACE_INSTANCES), self._kind), share=3)
        row.add(self._number, share=2)
        row.add(self._wait, share=3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(row)
        self._names = QWidget()
        self._list = QVBoxLayout(self._names)
        self._list.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._names)
        column.addWidget(self._stop)


def _kind_of(hold: Hold) -> str:
    return NAMED if hold.named else INSTANCES if hold.first else SHARE


class MoreOptions(QWidget):
    """Opens, by one line, the options that few need; `body` is what it opens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = Button("", "link")
        self.button.setProperty("flush", "left")
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        self.button.clicked.connect(lambda: self.open(opened=self._inside.isHidden()))
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._inside)
        self.open(opened=False)

    def open(self, *, opened: bool) -> None:
        self._inside.setVisible(opened)
        self.button.setText(_(labels.FEWER_OPTIONS) if opened else _(labels.MORE_OPTIONS))
