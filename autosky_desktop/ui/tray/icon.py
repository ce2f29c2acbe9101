"""The icon in the tray: how things are at a glance, and a click away."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from autosky_desktop.domain.attention import attention, grows_at
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import ServerState
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.notifications import Note
from autosky_desktop.ui.tray.picture import State, picture, words
from autosky_desktop.words import tray as labels
from autosky_desktop.words.language import _

SOON = 250
"""Milliseconds in which changes are taken together."""
LONGEST = 24 * 3_600_000


class TrayIcon(QObject):
    """The tray icon. It changes with the store and when a shutdown comes near; else it rests."""

    def __init__(
        self, store: Store, menu: QMenu, opened: Callable[[], None], now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._store = store
        self._now = now
        self._menu = menu
        self._clicked: Callable[[], None] | None = None
        self._opened = opened
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self._message_clicked)
        self.look()
        self._icon.show()
        store.environments.watch(self._changed)

    @property
    def state(self) -> State:
        """The gravest state of all that there is."""
        now, every = self._now(), list(self._store.environments)
        if any(attention(it, now) for it in every):
            return State.NEEDS_YOU
        if any(it.publishing for it in every):
            return State.PUBLISHING
        return State.RUNNING if any(map(_is_on, every)) else State.IDLE

    def say(self, note: Note, clicked: Callable[[], None]) -> None:
        """Show a balloon without buttons, where notifications cannot be shown."""
        self._clicked = clicked
        self._icon.showMessage(note.title, note.body, picture(self.state))

    def close(self) -> None:
        self._store.environments.unwatch(self._changed)
        self._timer.stop()
        self._icon.hide()
        self._icon.setContextMenu(None)  # type: ignore[arg-type]
        self._menu.deleteLater()
        self.deleteLater()

    def _changed(self, _diff: Diff[Environment]) -> None:
        if not 0 <= self._timer.remainingTime() <= SOON:
            self._timer.start(SOON)

    def look(self) -> None:
        """Show how things are by now, and look again when that changes by time alone."""
        state, now = self.state, self._now()
        self._icon.setIcon(picture(state))
        self._icon.setToolTip(_(labels.TRAY_IS).format(state=words(state)))
        coming = (grows_at(it, now) for it in self._store.environments)
        soonest = min((it for it in coming if it), default=None)
        if soonest:
            left = round((soonest - now).total_seconds() * 1000) + 50
            self._timer.start(min(max(left, SOON), LONGEST))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._opened()

    def _message_clicked(self) -> None:
        if clicked := self._clicked:
            self._clicked = None
            clicked()


def _is_on(environment: Environment) -> bool:
    server = environment.preparation
    return server is not None and ServerState(server.status) is not ServerState.STOPPED
