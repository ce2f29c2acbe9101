"""The system's place for tray icons: whether there is one, and when one comes. Panels start late,
and are started again.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER = "org.kde.StatusNotifierWatcher"
TRIES = (500, 2_000, 8_000)
"""Milliseconds after a panel was heard of, in which it opens its tray."""


class TrayHost(QObject):
    """Emits `came` when there is a tray. The session bus announces one, so nothing has to be
    polled.
    """

    came = Signal()

    def __init__(self, ask: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable) -> None:
        super().__init__()
        self._ask = ask
        self.there = False
        self._listen()

    def look(self) -> bool:
        """Look whether there is a tray now."""
        before, self.there = self.there, bool(self._ask())
        if self.there and not before:
            self.came.emit()
        return self.there

    def _listen(self) -> None:
        if not _bus_is_there():
            return
        # here, as it costs a megabyte that is for nothing where there is no bus
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        if bus.isConnected():
            self._watcher = QDBusServiceWatcher(
                WATCHER, bus, QDBusServiceWatcher.WatchModeFlag.WatchForRegistration, self
            )
            self._watcher.serviceRegistered.connect(self._heard)

    def _heard(self, _service: str) -> None:
        for pause in TRIES:
            QTimer.singleShot(pause, self, self.look)


def _bus_is_there() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usual = bool(runtime) and Path(runtime or "", "bus").exists()
    return sys.platform == "linux" and (usual or bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")))
