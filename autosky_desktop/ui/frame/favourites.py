"""The environments that stand first in the sidebar, and what is kept of that between two starts."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer

from autosky_desktop.domain.links import Place, link_to
from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import Preferences
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.sidebar.sidebar import Sidebar
from autosky_desktop.ui.widgets.hints import announce, copy_link
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

RECENT_KEPT = 20


class Favourites:
    """Keeps favourites and what was opened. The order is that of the start, as far as it is by use:
    opening an environment does not move it.
    """

    def __init__(self, window: MainWindow, store: Store, preferences: Preferences) -> None:
        self._window, self._store = window, store
        self._sidebar: Sidebar = window.sidebar
        self._preferences = preferences
        self._recent: tuple[str, ...] = ()
        self._shown: tuple[str, ...] | None = None
        self._of: Path | None = None
        self._arrange()
        preferences.watch(self._arrange)
        window.opened.connect(self._opened)
        self._sidebar.favoured.connect(self.favour)
        self._sidebar.link_asked.connect(self.copy_link)

    def favour(self, environment: str) -> None:
        """Make an environment a favourite, or one no longer."""
        if not environment:
            return
        favourites = self._preferences.settings.favourites
        known = environment in favourites
        self._keep(favourites=without(favourites, environment) + (() if known else (environment,)))
        said = _(labels.REMOVED_FROM_FAVOURITES) if known else _(labels.ADDED_TO_FAVOURITES)
        announce(self._window, said)

    def copy_link(self, environment: str) -> None:
        copy_link(self._window, link_to(self._store.me, Place.ENVIRONMENT, environment))

    def _opened(self, environment: str) -> None:
        """Keep that it was opened, once its page is shown: the disk is waited for."""
        QTimer.singleShot(1, self._window, lambda: self._keep_opened(environment))

    def _keep_opened(self, environment: str) -> None:
        recent = without(self._preferences.settings.recent, environment)
        self._keep(recent=(environment, *recent)[:RECENT_KEPT])

    def _keep(self, **changes: tuple[str, ...]) -> None:
        self._preferences.keep(msgspec.structs.replace(self._preferences.settings, **changes))

    def _arrange(self) -> None:
        settings, of = self._preferences.settings, self._preferences.plane_folder
        favourites = settings.favourites
        if favourites != self._shown or of != self._of:
            self._recent = self._recent if of == self._of else settings.recent
            self._of = of
            self._shown = favourites
            self._sidebar.arrange(favourites, self._recent)


def without(keys: Iterable[str], key: str) -> tuple[str, ...]:
    return tuple(it for it in keys if it != key)
