"""The parts that work beside the window. They are loaded when it has settled, or when one of them
is asked for before.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from autosky_desktop.domain.reminders import Watched
from autosky_desktop.ui.background.parts import WindowParts
from autosky_desktop.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from autosky_desktop.system.settings_file import FoundSettings
    from autosky_desktop.ui.background.parts import SystemParts
    from autosky_desktop.ui.background.services import BackgroundServices
    from autosky_desktop.ui.settings.dialog import SettingsDialog

LATEST = 20_000
"""Milliseconds after the start, should the window never settle."""


class Background:
    """Opens the settings, and loads reminders and tray once the window has settled.

    `services` are the reminders and the tray, once they have begun.
    """

    def __init__(self, inside: WindowParts) -> None:
        self.services: BackgroundServices | None = None
        self._in = inside
        self._outside: Callable[[], SystemParts] | None = None
        self._hidden = False
        self._settings: SettingsDialog | None = None
        inside.window.reworded.connect(self._open_anew)

    def watch(self, outside: "Callable[[], SystemParts]", *, hidden: bool = False) -> None:
        """Remind, notify and show the tray with these, once the window has settled.

        With `hidden` the window was not shown; without a tray it will be, as an icon.
        """
        self._outside = outside
        self._hidden = hidden
        QTimer.singleShot(LATEST, self._in.window, self.begin)

    def begin(self) -> None:
        theme.current().follow_motion()
        if self.services is None and self._outside:
            from autosky_desktop.ui.background.services import BackgroundServices

            self.services = BackgroundServices(self._in, self._outside())
            self.services.begin(hidden=self._hidden)

    async def close(self) -> None:
        self._outside = None
        if self.services:
            await self.services.close()

    def keeps_watching(self) -> bool:
        """Return whether there is a tray to go on from without the window."""
        return self.services is not None and self.services.keeps_watching()

    def waiting(self) -> list[Watched]:
        """Return the shutdowns that are still to be warned of, the nearest first."""
        return self.services.remind.waiting if self.services else []

    def say_hidden(self) -> None:
        """Say that the window has gone into the tray."""
        if self.services:
            self.services.say_hidden()

    def show_inbox(self) -> None:
        self.begin()
        if self.services:
            self.services.show_inbox()

    def toggle_inbox(self) -> None:
        self.begin()
        if self.services:
            self.services.toggle_inbox()

    def show_settings(self, page: str = "general") -> None:
        """Open the settings on a page, one of `PAGES` in `words/settings.py`."""
        from autosky_desktop.ui.settings.dialog import SettingsDialog
        from autosky_desktop.words import settings as words

        inside = self._in
        tray = self.services is not None and self.services.has_tray()
        environment = inside.store.environments.get(inside.window.environment)
        pages = {
            words.page("notifications"): self._make_notifications,
            words.page("connecting"): self._make_connecting,
            words.page("passwords"): self._make_credentials,
            words.page("email"): self._make_mail,
        }
        dialog = SettingsDialog(
            inside.window, inside.preferences, environment, tray=tray, tasks=inside.tasks,
            pages=pages,
        )  # fmt: skip
        dialog.file.read.connect(self._take)
        dialog.turn_to(words.page(page))
        dialog.finished.connect(self._closed)
        dialog.open()
        self._settings = dialog

    def _closed(self) -> None:
        self._settings = None

    def _open_anew(self) -> None:
        """Show the settings in another language, where they are open, as they are filled now."""
        from autosky_desktop.ui.carrying import carry

        if before := self._settings:
            before.accept()
            self.show_settings(before.page)
            carry(before, self._settings)

    def _take(self, found: "FoundSettings") -> None:
        """Take the settings of a file, and show them. The dialog would keep what it shows now."""
        from autosky_desktop.ui.settings.rows import apply_at_once

        if before := self._settings:
            before.accept()
        self._in.preferences.change(**found.values)
        apply_at_once(found.values)
        self.show_settings()
        if self._settings:
            self._settings.file.tell(found)

    def _make_notifications(self) -> "QWidget":
        from autosky_desktop.ui.settings.rows import OfferedPage

        return OfferedPage("notifications", self._in.preferences)

    def _make_connecting(self) -> "QWidget":
        from autosky_desktop.ui.settings.connecting import ConnectingPage

        inside = self._in
        trust = inside.connections.trust
        return ConnectingPage(inside.preferences, trust, inside.tasks, inside.now)

    def _make_credentials(self) -> "QWidget":
        from autosky_desktop.ui.settings.credentials import credentials_page

        inside = self._in
        environment = inside.store.environments.get(inside.window.environment)
        return credentials_page(
            inside.credentials(), inside.preferences, environment, inside.tasks, inside.now
        )

    def _make_mail(self) -> "QWidget":
        from autosky_desktop.ui.settings.mail import MailPage

        return MailPage(self._in.preferences, self._in.mailing(), self._in.tasks)
