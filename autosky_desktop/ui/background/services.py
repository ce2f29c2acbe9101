"""The parts that work while nobody looks at the window: reminders, and the tray.

None of it is needed for the window to open: it is loaded once that has settled.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from autosky_desktop.actions.reminders.answers import ReminderAnswers
from autosky_desktop.actions.reminders.notifications import ReminderNotifications
from autosky_desktop.domain import inbox
from autosky_desktop.domain.inbox import Entry, News
from autosky_desktop.domain.reminders import Watched
from autosky_desktop.flows.remind import Remind
from autosky_desktop.system.notifications import Note
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.background.parts import SystemParts, WindowParts
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.refreshing import look_again
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.reminders.inbox import Inbox
    from autosky_desktop.ui.tray.icon import TrayIcon

RARELY = 86_400.0
"""Seconds until the alarm rings though no clock has jumped."""
LATE_PANEL = 10_000
"""Milliseconds in which a tray may come that was asked for at the start of a session."""

CLOSING = 1.0
"""Seconds in which the notifications are taken away."""


class BackgroundServices:
    """Puts the parts together; `close` ends what would outlive the window."""

    def __init__(self, inside: WindowParts, outside: SystemParts) -> None:
        self._in = inside
        self._host = outside.host
        self._tray: TrayIcon | None = None
        self._inbox: Inbox | None = None
        move = inside.shutdowns.moves.ask
        self.answering = ReminderAnswers(
            move, inside.navigation, self._answered, inside.tasks, inside.now
        )
        self.telling = ReminderNotifications(
            outside.notifier, self.answering, self._settings, inside.connections.sessions,
            self._fall_back, inside.tasks, inside.now,
        )  # fmt: skip
        self.remind = Remind(
            inside.store, self._settings, outside.keeping, outside.alarm, self.telling.tell,
            self.telling.withdraw, inside.now,
        )  # fmt: skip
        self._clock = outside.alarm(self._look_again)
        self._reminders = self._own_reminders()
        self._of = inside.preferences.plane_folder
        inside.window.reworded.connect(self._word)
        inside.connections.told.connect(self.telling.say_of_connection)

    def begin(self, *, hidden: bool = False) -> None:
        self.remind.watch(self._count)
        self.remind.start()
        self._clock.ring_in(RARELY)
        self._count()
        self._in.preferences.watch(self._preferences_changed)
        self._host.came.connect(self._make_tray)
        if not self._host.look() and hidden:
            QTimer.singleShot(LATE_PANEL, self._in.window, self._show_without_tray)

    def _show_without_tray(self) -> None:
        """Show a window that was started hidden, minimized: without a tray nobody would find it."""
        if not self._host.look() and not self._in.window.isVisible():
            self._in.window.showMinimized()

    @property
    def tray(self) -> "TrayIcon | None":
        return self._tray

    def has_tray(self) -> bool:
        """Return whether there is a tray, asked anew: one may have come without telling."""
        return self._host.look()

    async def close(self) -> None:
        self._clock.close()
        self.remind.close()
        if self._tray:
            self._tray.close()
            self._tray = None
        try:
            async with asyncio.timeout(CLOSING):
                await self.telling.close()
        except TimeoutError:  # a daemon that hangs keeps nobody from quitting
            return

    def show_inbox(self) -> None:
        """Open the inbox, or go to it; from within it, close it."""
        self._made_inbox().enter()

    def toggle_inbox(self) -> None:
        """Open the inbox, or close it."""
        self._made_inbox().toggle()

    def _word(self) -> None:
        """Say everything in another language: the inbox is made anew, and the tray says its own."""
        if self._tray:
            self._tray.look()
        if self._inbox is None:
            return
        before, self._inbox = self._inbox, None
        if shown := before.isVisible():
            before.leave()
        before.deleteLater()
        if shown:
            self._made_inbox().toggle()

    def _made_inbox(self) -> "Inbox":
        from autosky_desktop.ui.reminders.inbox import Inbox

        if self._inbox is None:
            window = self._in.window
            self._inbox = Inbox(window, self.remind, self.answering, self._in.now)
            window.add_panel(self._inbox)
        self._inbox.say_minutes(self._settings().reminders)
        return self._inbox

    def pause(self, until: datetime | None) -> None:
        """Tell of nothing until then; it is in the inbox all the same."""
        settings = msgspec.structs.replace(self._settings(), quiet_until=until)
        self._in.preferences.keep(settings)

    def _settings(self) -> Settings:
        return self._in.preferences.settings

    def _answered(self, entry: Entry) -> None:
        self.remind.add(entry)
        self.telling.tell(entry)

    def _fall_back(self, note: Note, clicked: Callable[[], None]) -> None:
        """Tell it by the tray, or else by the bell and a window that asks to be looked at."""
        if self._tray:
            self._tray.say(note, clicked)
        else:
            QApplication.alert(self._in.window)

    def _look_again(self) -> None:
        """Have what shows a time look: the alarm rings on waking and when the clock was set."""
        self._clock.ring_in(RARELY)
        look_again()
        if self._tray:
            self._tray.look()

    def _count(self) -> None:
        self._in.bell.show_unread(inbox.unread(self.remind.entries))

    def _own_reminders(self) -> object:
        settings = self._settings()
        return settings.reminders, settings.reminders_of

    def _preferences_changed(self) -> None:
        if self._of != (now := self._in.preferences.plane_folder):
            self._of = now
            self.remind.take_up()
        before, self._reminders = self._reminders, self._own_reminders()
        if before != self._reminders:
            self.remind.settings_changed()

    def _make_tray(self) -> None:
        if self._tray is None:
            from autosky_desktop.ui.tray.icon import TrayIcon
            from autosky_desktop.ui.tray.menu import TrayMenu

            menu = TrayMenu(
                self._in.store, TrayActions(self, self._in), self._nearest, self._quiet,
                lambda: self._settings().recent, self._in.connections, self._in.now,
            )  # fmt: skip
            opened = self._in.navigation.raise_window
            self._tray = TrayIcon(self._in.store, menu, opened, self._in.now)

    def _nearest(self) -> Watched | None:
        return next(iter(self.remind.waiting), None)

    def _quiet(self) -> datetime | None:
        return self._settings().quiet_until

    def keeps_watching(self) -> bool:
        return self.has_tray() and self._tray is not None

    def say_hidden(self) -> None:
        text = _(labels.QUIT_WITH_OR_FROM_MENU)
        self.telling.say(
            _(labels.KEEPS_WATCHING),
            text.format(keys=keys.written(keys.QUIT)),
            self._in.navigation.raise_window,
        )


class TrayActions:
    """Does what the lines of the tray's menu say."""

    def __init__(self, services: BackgroundServices, inside: WindowParts) -> None:
        self._services = services
        self._in = inside
        navigation = inside.navigation
        self.extend_until = navigation.extend_until
        self.cancel_shutdown = navigation.cancel_shutdown
        self.set_shutdown = navigation.set_shutdown
        self.undo_cancelling = navigation.undo_cancelling
        self.undoable = inside.shutdowns.moves.undoable
        self.show_servers = navigation.show_servers
        self.publish = navigation.publish
        self.start = navigation.start_server
        self.connect = navigation.connect_to
        self.pause = services.pause
        self.quit = inside.quit

    def extend(self, server: Watched) -> None:
        environment = self._in.store.environments.get(server.environment)
        self._services.answering.extend(
            Entry(
                id="tray",
                news=News.SOON.value,
                told_at=self._in.now(),
                environment=server.environment,
                name=environment.name if environment else "",
                server=server.server,
                server_name=server.name,
                at=server.at,
            )
        )

    def open(self) -> None:
        self._in.navigation.raise_window()
