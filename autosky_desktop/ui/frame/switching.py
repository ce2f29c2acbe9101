"""Which environments stand first in the sidebar, and what is kept of it between two starts."""

from collections.abc import Iterable

import msgspec
from PySide6.QtGui import QGuiApplication

from autosky_desktop.domain.links import Link, Place
from autosky_desktop.system.settings import Preferences
from autosky_desktop.ui.frame.sidebar import Sidebar
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.widgets.announce import announce
from autosky_desktop.ui.words.language import translate

RECENT_KEPT = 20


class Switching:
    """Keeps favourites and what was opened. The order is that of the start, as far as it is by
    use: opening an environment does not move it.
    """

    def __init__(self, window: MainWindow, preferences: Preferences) -> None:
        self._window = window
        self._sidebar: Sidebar = window.sidebar
        self._preferences = preferences
        self._recent = preferences.settings.recent
        self._shown: tuple[str, ...] | None = None
        self._arrange()
        preferences.watch(self._arrange)
        window.opened.connect(self._opened)
        self._sidebar.favoured.connect(self.favour)
        self._sidebar.link_asked.connect(self.copy_link)

    def favour(self, environment: str) -> None:
        """Make it a favourite, or one no longer."""
        if not environment:
            return
        favourites = self._preferences.settings.favourites
        known = environment in favourites
        self._keep(favourites=without(favourites, environment) + (() if known else (environment,)))
        said = (
            translate("Switching", "Removed from favourites")
            if known
            else translate("Switching", "Added to favourites")
        )
        announce(self._window, said)

    def copy_link(self, environment: str) -> None:
        QGuiApplication.clipboard().setText(str(Link(Place.ENVIRONMENT, environment)))
        announce(self._window, translate("Switching", "Link copied"))

    def _opened(self, environment: str) -> None:
        recent = without(self._preferences.settings.recent, environment)
        self._keep(recent=(environment, *recent)[:RECENT_KEPT])

    def _keep(self, **changes: tuple[str, ...]) -> None:
        self._preferences.keep(msgspec.structs.replace(self._preferences.settings, **changes))

    def _arrange(self) -> None:
        favourites = self._preferences.settings.favourites
        if favourites != self._shown:
            self._shown = favourites
            self._sidebar.arrange(favourites, self._recent)


def without(keys: Iterable[str], key: str) -> tuple[str, ...]:
    return tuple(it for it in keys if it != key)
