"""The faults of the demo: a menu that switches them, and a banner while any is on."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from autosky_desktop.store.store import Store
from autosky_desktop.ui.servers.menu import why_offline
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.words import demo as words
from autosky_desktop.words.language import _

Switch = Callable[[Iterable[str]], object]


class FaultsMenu(Menu):
    """The menu of the demo's faults, each with a check mark while it is on. Its line in the main
    menu is there for a demo alone.

    `ask` has the control plane say which faults are on, `switch` tells it.
    """

    def __init__(
        self, parent: QWidget, store: Store, ask: Callable[[], object], switch: Switch
    ) -> None:
        super().__init__(parent)
        self.setTitle(_("Demo faults"))
        self._store, self._switch = store, switch
        self.menuAction().setVisible(False)
        self.aboutToShow.connect(ask)
        self.aboutToShow.connect(self._fill)
        store.watch(self._refresh)

    def _refresh(self) -> None:
        self.menuAction().setVisible(self._store.demo is not None)
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        self.clear()
        on = set(self._store.demo.faults) if self._store.demo else set[str]()
        offline = "" if self._store.connection.live else why_offline()
        for fault in words.FAULTS:
            line = self.add(words.fault(fault), reason=offline)
            line.setCheckable(True)
            line.setChecked(fault.value in on)
            wanted = on ^ {fault.value}
            line.triggered.connect(lambda _checked, wanted=wanted: self._switch(wanted))
        self.addSeparator()
        none = "" if on else _("No fault is on")
        off = self.add(_("Switch all off"), reason=offline or none)
        off.triggered.connect(lambda: self._switch(()))


def all_off() -> str:
    """Return the whole name of the switch, where nothing around it says of what."""
    return _("Switch all faults of the demo off")


class FaultsBanner(Banner):
    """Says which faults of the demo are on; its button is to switch them off."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        store.watch(self._refresh)

    def _refresh(self) -> None:
        demo = self._store.demo
        if demo is None or not demo.faults:
            self.hide()
            return
        self.tell(
            _("Faults of the demo are on:"),
            words.faults(demo.faults),
            icon="alert-triangle",
            button=_("Switch all off"),
        )
        self.button.setAccessibleName(all_off())
