"""The first start: two doors, what is behind them, and the tour that comes once after it."""

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import Preferences
from autosky_desktop.ui.frame.window import MainWindow

SETTLING = 400
"""Milliseconds after the first servers were painted."""


class FirstRun(QObject):
    """Leads on from the doors of the window, if it has any. `add` asks for an environment."""

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        preferences: Preferences,
        add: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._preferences = window, store, preferences
        self._add, self._demo = add, False
        if doors := window.doors:
            self._pressed = asyncio.Event()
            doors.demo_asked.connect(partial(self._press, demo=True))
            doors.environment_asked.connect(partial(self._press, demo=False))

    async def begins_with_demo(self) -> bool:
        """Wait until a door was pressed; returns whether it was that of the demo."""
        await self._pressed.wait()
        return self._demo

    def _press(self, *, demo: bool) -> None:
        self._demo = demo
        self._pressed.set()
        self._window.close_doors()
        if not demo:
            self._store.watch(self._ask_once_live)
        self._window.servers_painted.connect(self._lead_around)

    def _ask_once_live(self) -> None:
        if self._store.connection.live:
            self._store.unwatch(self._ask_once_live)
            QTimer.singleShot(0, self, self._add)

    def _lead_around(self) -> None:
        """Show the tour once, when there is something to lead around in."""
        self._window.servers_painted.disconnect(self._lead_around)
        if not self._preferences.settings.toured:
            self._preferences.change(toured=True)
            QTimer.singleShot(SETTLING, self, self._show_tour)

    def _show_tour(self) -> None:
        from autosky_desktop.ui.frame.tour import show_tour

        show_tour(self._window)
