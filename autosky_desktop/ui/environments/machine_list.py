"""The machines that were found, of which several can be chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.environments import Offer
from autosky_desktop.domain.searching import holds, plain
from autosky_desktop.domain.searching import words as words_of
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.search_field import FilterField
from autosky_desktop.words import adding as words
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _

MANY = 8
"""With more machines than that, there is a field to find one."""
MOST = 40
"""Machines shown at once: what is sought is found by its name."""


class MachineList(QWidget):
    """A box for each machine; those of another environment are grey. `chosen` tells their ids."""

    chosen = Signal(list)

    def __init__(self, name: str, offers: Sequence[Offer], chosen: Sequence[str]) -> None:
        super().__init__()
        self._offers = sorted(offers, key=lambda it: it.id not in chosen)
        self._chosen = list(chosen)
        self._boxes: dict[str, Option] = {}
        self._search = FilterField()
        self._search.setPlaceholderText(_(labels.FIND_A_MACHINE))
        self._search.setAccessibleName(f"{_(labels.FIND_A_MACHINE)}: {name}")
        self._search.setVisible(len(offers) > MANY)
        self._search.textChanged.connect(self._show)
        self._rest = QLabel()
        self._rest.setWordWrap(True)
        set_style(self._rest, TextStyle.SMALL, "text2")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._search)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._column.addLayout(self._list)
        self._column.addWidget(self._rest)
        self._show()

    def setFocus(self) -> None:  # type: ignore[override]
        """Give the keyboard to what is first in it."""
        first = next((it.box for it in self._boxes.values() if it.box.isEnabled()), None)
        (self._search if self._search.isVisibleTo(self) or first is None else first).setFocus()

    def _show(self) -> None:
        sought = words_of(self._search.text())
        found = [it for it in self._offers if holds(plain(f"{it.name}\n{it.about}"), sought)]
        shown = {it.id for it in found[:MOST]}
        for it in found[:MOST]:
            if it.id not in self._boxes:
                self._boxes[it.id] = self._make(it)
        for key, box in self._boxes.items():
            box.setVisible(key in shown)
        left = len(found) - len(shown)
        none = _(labels.NO_MACHINE_MATCHES).format(text=self._search.text().strip())
        said = words.more_machines(left) if left else "" if found or not sought else none
        self._rest.setText(said)
        self._rest.setVisible(bool(said))

    def _make(self, offer: Offer) -> Option:
        box = Option(offer.name, offer.about, checked=offer.id in self._chosen)
        box.box.setEnabled(not offer.taken)
        box.toggled.connect(lambda on: self._choose(offer.id, on))
        self._list.addWidget(box)
        return box

    def _choose(self, machine: str, chosen: bool) -> None:
        self._chosen = [it for it in self._chosen if it != machine] + [machine] * chosen
        self.chosen.emit(list(self._chosen))
