"""The system's wish for things that stand still, followed while the program runs."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCall,
    QDBusPendingCallWatcher,
    QDBusVariant,
)
from PySide6.QtWidgets import QApplication

from autosky_desktop.system import motion

SERVICE, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.Settings"

Key = tuple[str, str]

SAYS_STILL: Mapping[Key, Callable[[object], bool]] = {
    ("org.freedesktop.appearance", "reduced-motion"): lambda value: value == 1,
    ("org.gnome.desktop.interface", "enable-animations"): lambda value: value is False,
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"): motion.duration_is_none,
}
"""The portal's keys for the wish on each desktop, and what their value says."""


class SystemMotion(QObject):
    """The system's wish for reduced motion. `changed` tells that it has become another one.

    On a system without a portal it is read anew whenever somebody comes back to the window.
    """

    changed = Signal()

    def __init__(self, app: QApplication, bus: QDBusConnection | None = None) -> None:
        super().__init__(app)
        self._still: dict[Key, bool] = {}
        self._here = motion.is_reduced()
        app.applicationStateChanged.connect(self._look)
        if bus is None and sys.platform == "linux":
            bus = QDBusConnection.sessionBus()
        if bus is not None and bus.isConnected():
            self._ask(bus)

    @property
    def reduced(self) -> bool:
        return self._here or any(self._still.values())

    def _ask(self, bus: QDBusConnection) -> None:
        """Ask the portal without waiting for its answers, as it may have to be started."""
        slot = cast("bytes", SLOT("_told(QDBusMessage)"))  # a str, and only that is taken
        bus.connect(SERVICE, PLACE, INTERFACE, "SettingChanged", self, slot)
        for key in SAYS_STILL:
            message = QDBusMessage.createMethodCall(SERVICE, PLACE, INTERFACE, "Read")
            message.setArguments(list(key))
            call = bus.asyncCall(message)
            watcher = QDBusPendingCallWatcher(call, self)
            watcher.finished.connect(partial(self._answered, key, call, watcher))

    def _answered(self, key: Key, call: QDBusPendingCall, watcher: QDBusPendingCallWatcher) -> None:
        watcher.deleteLater()
        reply = call.reply()
        if reply.type() is QDBusMessage.MessageType.ReplyMessage and reply.arguments():
            self._heed(key, reply.arguments()[0])

    @Slot(QDBusMessage)
    def _told(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [str(namespace), str(name), value]:
                self._heed((namespace, name), value)

    def _heed(self, key: Key, value: object) -> None:
        while isinstance(value, QDBusVariant):
            value = value.variant()
        if says := SAYS_STILL.get(key):
            before, self._still[key] = self.reduced, says(value)
            self._tell(before)

    def _look(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            before, self._here = self.reduced, motion.is_reduced()
            self._tell(before)

    def _tell(self, before: bool) -> None:
        if before != self.reduced:
            self.changed.emit()
