"""The window's side of the composition: every screen gets what it needs, and no more."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Me
from autosky_desktop.flows.follow import Follow
from autosky_desktop.flows.last_known import LastKnownWriter
from autosky_desktop.store.store import Store
from autosky_desktop.system.known_planes import KnownPlanes
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.background.background import Background
from autosky_desktop.ui.background.parts import WindowParts
from autosky_desktop.ui.banners.ended_before import EndedBefore
from autosky_desktop.ui.banners.lost import LostBanner
from autosky_desktop.ui.banners.remembered import LostSettings, MetPlane
from autosky_desktop.ui.connect.connections import Connections
from autosky_desktop.ui.environment_pages import EnvironmentPages, load_places
from autosky_desktop.ui.environments.management import EnvironmentManagement
from autosky_desktop.ui.first_run import FirstRun
from autosky_desktop.ui.frame.commands import Commands
from autosky_desktop.ui.frame.demo import DemoControls
from autosky_desktop.ui.frame.favourites import Favourites
from autosky_desktop.ui.frame.provider_update import ProviderUpdate
from autosky_desktop.ui.frame.spoken_changes import SpokenChanges
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.navigation import Navigation
from autosky_desktop.ui.quitter import Quitter
from autosky_desktop.ui.reminders.bell import Bell, Gear
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.window_commands import WindowCommands

if TYPE_CHECKING:
    from autosky_desktop.flows.mailing import Mailing
    from autosky_desktop.system.connect.credentials import Credentials
    from autosky_desktop.system.connect.system_keychain import SystemKeychain
    from autosky_desktop.ui.publish.page import PublishPage

SETTLED_AFTER = 2_000
"""Milliseconds after the first servers were painted."""
TURN = 20
"""Milliseconds from one part of settling to the next."""


class Desktop:
    """The window, its pages and its tasks."""

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        intents: Intents,
        follow: Follow,
        preferences: Preferences,
        now: Callable[[], datetime],
    ) -> None:
        self.tasks = Nursery()
        self.follow = follow
        self.window = window
        self._store, self._intents = store, intents
        self._preferences, self._now = preferences, now
        self._last_known = LastKnownWriter(store, preferences, lambda: window.environment, now)
        self.connections = Connections(
            window, store, intents, preferences, lambda: self.credentials, self.tasks, now
        )
        self._power = PowerQuestions(
            window, store, intents, self.connections.sessions, self.tasks, now
        )
        self.shutdowns = ShutdownQuestions(window, store, intents, self.tasks, now)
        self._update = self._make_update()
        window.opened.connect(follow.open)
        window.starting.try_again.connect(follow.try_now)
        self.met = MetPlane()
        self.ended_before = EndedBefore(lambda: store.environments.get(window.environment), now)
        self.navigation = Navigation(
            window, store, intents, self.shutdowns, self.connections, self.tasks, now
        )
        self._demo = DemoControls(
            window, store, lambda: follow.plane, self.tasks, self.navigation.say
        )
        window.opened.connect(SpokenChanges(window, store).show_environment)
        parts = self._make_parts()
        self.background = self._make_background(parts)
        self._quitter = Quitter(
            window, store, preferences, self.background, self.connections.unfinished, now
        )
        window.close_asked.connect(self._quitter.ask)
        self._switching = Favourites(window, store, preferences)
        self._pages = self._make_pages()
        self.management = self._make_management()
        self.first_run = FirstRun(window, store, preferences, self.management.add)
        self._commands = self._make_commands(parts)
        window.show_environments(self._pages.make, self._make_banner(), self._commands.menu)
        window.servers_painted.connect(self._settle)

    def _make_commands(self, parts: WindowParts) -> Commands:
        doing = WindowCommands(
            parts, self._power, self.background, self._pages, self._update, self._switching,
            self._demo, self._add_environment, self.follow.open,
        )  # fmt: skip
        self._pages.publish_asked.connect(doing.publish)
        self.ended_before.report_asked.connect(doing.report_a_problem)
        return doing.commands

    def _make_banner(self) -> LostBanner:
        lost = LostSettings(self._preferences)
        below = (self._demo.banner, self.ended_before, lost, self.met)
        banner = LostBanner(self._store, self._now, *below)
        banner.try_now.connect(self.follow.try_now)
        for asked in (banner.afresh_asked, self.window.starting.afresh_asked):
            asked.connect(self._ask_to_start_afresh)
        banner.edit_asked.connect(self.management.edit)
        banner.resume_asked.connect(self.management.pause)
        self.window.opened.connect(banner.show_environment)
        return banner

    def _make_parts(self) -> WindowParts:
        return WindowParts(
            self.window,
            self._store,
            self.shutdowns,
            self._preferences,
            self.navigation,
            Bell(),
            self.tasks,
            self._now,
            lambda: self.credentials,
            self.connections,
            lambda: self.mailing,
            self._quit,
        )

    def _make_background(self, parts: WindowParts) -> Background:
        bell, gear = parts.bell, Gear()
        self.window.sidebar.add_at_foot(bell, gear)
        background = Background(parts)
        bell.clicked.connect(background.toggle_inbox)
        gear.clicked.connect(lambda: background.show_settings())
        self.connections.client_asked.connect(lambda: background.show_settings("connecting"))
        return background

    def meet(self, me: Me, planes: KnownPlanes) -> None:
        """Load what is remembered of this control plane, before anything of it is shown."""
        meeting = planes.meet(me.control_plane_id)
        self._preferences.go_to(planes.folder)
        if planes.lost:
            self._preferences.lose(*planes.lost)
        self.window.come_back_to(self._preferences.settings.environment)
        self.met.tell(meeting, planes.moved_here)

    @property
    def credentials(self) -> "Credentials":
        """The passwords that are remembered for this control plane."""
        from autosky_desktop.system.connect.credentials import Credentials

        it = self._preferences
        return Credentials(self.keychain, it.plane_folder, lost=it.lose)

    @cached_property
    def keychain(self) -> "SystemKeychain":
        """The keychain, of which there is one: it is asked one question at a time."""
        from autosky_desktop.system.connect.system_keychain import SystemKeychain

        return SystemKeychain()

    @cached_property
    def mailing(self) -> "Mailing":
        """The mail server that letters leave by."""
        from autosky_desktop.flows.mailing import Mailing

        keychain, plane = lambda: self.keychain, lambda: self.follow.plane
        return Mailing(self._store, self._preferences, keychain, plane, self.tasks.spawn)

    async def close(self) -> None:
        await self.connections.close()
        await self.background.close()
        await self.tasks.close()
        await self._last_known.close()
        self.window.hide()

    def _settle(self) -> None:
        if not self._store.connection.live:
            return  # what is shown is from an earlier start
        self.window.servers_painted.disconnect(self._settle)
        self._demo.cloud.begin()
        self.tasks.spawn(asyncio.to_thread(load_places), name="load what is gone to next")
        QTimer.singleShot(SETTLED_AFTER, self.window, self._settled)

    def _settled(self) -> None:
        """Begin what could wait for the window, in turns, between which it paints and answers."""
        later = (
            self.background.begin,
            self.connections.begin,
            self.mailing.begin,
            self._last_known.begin,
            Application.settle,
        )
        for number, turn in enumerate(later):
            QTimer.singleShot(number * TURN, self.window, turn)

    def _make_pages(self) -> EnvironmentPages:
        pages = EnvironmentPages(
            self.window, self._store, self._intents, self._power, self.shutdowns,
            self.connections, self.tasks, self._now,
        )  # fmt: skip
        pages.mail_asked.connect(lambda: self.background.show_settings("email"))
        return pages

    def _make_management(self) -> EnvironmentManagement:
        window, sidebar = self.window, self.window.sidebar
        management = EnvironmentManagement(
            window,
            self._store,
            self._intents,
            self.follow,
            self.tasks,
            self.navigation.say,
            self._now,
        )
        for asked in (sidebar.add_asked, window.starting.add_asked):
            asked.connect(self._add_environment)
        window.starting.demo_asked.connect(management.add_demo)
        sidebar.edit_asked.connect(management.edit)
        sidebar.pause_asked.connect(management.pause)
        sidebar.remove_asked.connect(management.remove)
        management.open_asked.connect(window.open)
        return management

    def _add_environment(self) -> None:
        """Ask for a new environment; where nothing has begun yet, by its door."""
        if doors := self.window.doors:
            doors.environment_asked.emit()
        else:
            self.management.add()

    def _make_update(self) -> ProviderUpdate:
        update = ProviderUpdate(
            self._store, self._intents, self._publish_form, self.tasks, self._now
        )
        self.window.header.add_update(update)
        self.window.opened.connect(update.show_environment)
        return update

    def _publish_form(self, environment: str) -> "PublishPage | None":
        page = self.window.page if environment == self.window.environment else None
        return cast("PublishPage | None", page.made("publish")) if page else None

    def _ask_to_start_afresh(self) -> None:
        from autosky_desktop.ui.frame.afresh import AfreshQuestion

        AfreshQuestion(self.window, self.tasks, self.follow.try_now).open()

    def _quit(self) -> None:
        self._quitter.quit()
