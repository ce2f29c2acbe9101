"""The demo in the window: its pace, and its faults in a menu and a banner."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.flows.demo import DemoCloud
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words import demo as words
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_offline

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane


Say = Callable[[str, str], None]


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
        Wording(self, lambda: self.setTitle(_(labels.DEMO_FAULTS)))
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
        none = "" if on else _(labels.NO_FAULT_IS_ON)
        off = self.add(_(labels.SWITCH_ALL_OFF), reason=offline or none)
        off.triggered.connect(lambda: self._switch(()))


def all_off() -> str:
    """Return the whole name of the switch, where nothing around it says of what."""
    return _(labels.SWITCH_ALL_FAULTS_OFF)


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
            _(labels.FAULTS_OF_DEMO_ARE_ON),
            words.faults(demo.faults),
            icon="alert-triangle",
            button=_(labels.SWITCH_ALL_OFF),
        )
        self.button.setAccessibleName(all_off())


class DemoControls:
    """Shows the demo's pace in the header, its faults in a menu and a banner.

    `say` tells what went wrong.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        plane: "Callable[[], ControlPlane | None]",
        tasks: Nursery,
        say: Say,
    ) -> None:
        self._window, self._store, self._tasks, self._say = window, store, tasks, say
        self.cloud = DemoCloud(store, plane, tasks.spawn)
        self.banner = FaultsBanner(store)
        self.banner.pressed.connect(lambda: self.switch(()))
        self.menu = FaultsMenu(window, store, self.cloud.ask, self.switch)
        store.watch(self._refresh)
        Wording(window, self._refresh)

    def switch(self, faults: Iterable[str]) -> None:
        """Switch these faults on, and all others off."""
        self._tasks.spawn(self._switch(list(faults)), name="switch faults of the demo")

    async def _switch(self, faults: list[str]) -> None:
        try:
            await self.cloud.switch(faults)
        except AutoskyError as cause:
            title = _(labels.FAULTS_STAY)
            self._say(title, sentence(cause))

    def _refresh(self) -> None:
        if demo := self._store.demo:
            self._window.header.pace.say(words.pace(demo.speed), words.what_is_fast())
