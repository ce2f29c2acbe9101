"""The words of the window about the demo, and what can be switched there."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.flows.demo import DemoCloud
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.frame.demo_faults import FaultsBanner, FaultsMenu
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.words import demo as words
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane

Say = Callable[[str, str], None]


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

    def switch(self, faults: Iterable[str]) -> None:
        """Switch these faults on, and all others off."""
        self._tasks.spawn(self._switch(list(faults)), name="switch faults of the demo")

    async def _switch(self, faults: list[str]) -> None:
        try:
            await self.cloud.switch(faults)
        except AutoskyError as cause:
            title = _("The faults of the demo stay as they were")
            self._say(title, sentence(cause))

    def _refresh(self) -> None:
        if demo := self._store.demo:
            self._window.header.pace.say(words.pace(demo.speed), words.what_is_fast())
