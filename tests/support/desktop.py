"""The real window over the real client, put together as the application does it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autosky_desktop.actions.looking_first import LookingFirst
from autosky_desktop.client.control_plane import ControlPlane, connected
from autosky_desktop.flows.follow import Connector, Follow
from autosky_desktop.flows.last_known import show
from autosky_desktop.store.store import Store
from autosky_desktop.system import last_known
from autosky_desktop.system.before_ids import Before
from autosky_desktop.system.clock import now
from autosky_desktop.system.known_planes import KnownPlanes
from autosky_desktop.system.settings import Preferences, Settings
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.frame.window import MainWindow

DATA = Path("/somewhere")


@dataclass
class At:
    """The way to a control plane that somebody else started."""

    url: str
    token: str

    async def ended(self) -> bool:
        return False

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[ControlPlane]:
        async with connected(self.url, self.token) as plane:
            yield plane


@asynccontextmanager
async def desktop_at(
    connector: Connector,
    kept: Settings | None = None,
    *,
    settings: Path | None = None,
    data: Path = DATA,
) -> AsyncIterator[Desktop]:
    """Yield a window on that control plane, closed afterwards. What it keeps is in `settings`; what
    it remembers of the control plane it has met is that of the one with the folder `data`.
    """
    with TemporaryDirectory() as folder:
        store = Store()
        settings = settings or Path(folder)
        planes = KnownPlanes(settings, data, Before(settings, data, data))
        follow = Follow(store, connector, now, met=lambda me: desktop.meet(me, planes))
        window = MainWindow(store, store.reckoned(now))
        preferences = Preferences(settings)
        preferences.go_to(planes.folder)
        preferences.keep(kept or preferences.settings)
        window.remember(preferences.settings)
        if known := last_known.read(planes.folder):
            show(store, known)
        window.show()
        window.activateWindow()
        reckoned = store.reckoned(now)
        intents = LookingFirst(follow, store, reckoned)
        desktop = Desktop(window, store, intents, follow, preferences, reckoned)
        desktop.tasks.spawn(follow.run(), name="follow", failed=follow.give_up)
        try:
            yield desktop
        finally:
            await desktop.close()
            desktop.window.deleteLater()
