"""Leading the window to a place, from outside of it: the tray, a notification, a link."""

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.errors import AutoskyError, Refused
from autosky_desktop.domain.links import Link, Place, link_to, parse
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import LocatedPublication, Publication
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Table
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.connect.connections import Connections
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.dialog import CONNECT, Dialog
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import desktop as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.publish.page import PublishPage
    from autosky_desktop.ui.servers.page import ServersPage


class Navigation:
    """Brings the window to a place: an environment, a tab, a publication, a small window that asks
    about a shutdown or a connection.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        intents: Intents,
        shutdowns: ShutdownQuestions,
        connections: Connections,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        self.find, self.find_server = intents.publication, intents.server
        self._shutdowns, self._connections = shutdowns, connections
        self._tasks = tasks
        self._window = window
        self._opened: Dialog | None = None
        self._store = store
        self._now = now

    def raise_window(self, token: str = "") -> None:
        """Bring the window to the front; `token` is the leave to do so that somebody was given."""
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def arrive(self, link: str = "", token: str = "") -> None:
        """Raise the window for whoever started the program again, and follow their link."""
        self.raise_window(token)
        if link:
            self._when(lambda: self._store.connection.live, lambda: self.follow(link))

    def follow(self, link: str) -> None:
        """Go where a link leads, or say that it leads nowhere."""
        found = parse(link)
        if found is None:
            self.say(
                _(labels.THIS_LINK_LEADS_NOWHERE),
                _(labels.WHAT_LINKS_NAME),
            )  # fmt: skip
        elif found.plane and not self._is_here(found.plane):
            self.say(
                _(labels.LINK_TO_ANOTHER_PLANE),
                _(labels.NOT_ON_THIS_PLANE),
            )  # fmt: skip
        elif found.place is Place.ENVIRONMENT:
            self.show_environment(found.id)
        elif found.place is Place.SERVER:
            self._tasks.spawn(self._find_server(found.id), name="server of a link")
        else:
            self._tasks.spawn(self._find_publication(found.id), name="publication of a link")

    def _is_here(self, plane: str) -> bool:
        me = self._store.me
        return me is not None and me.control_plane_id == plane

    def show_environment(self, environment: str, tab: str = "") -> bool:
        """Raise the window on it; False when there is no such environment, which is said."""
        self.raise_window()
        if self._store.environments.get(environment) is None:
            self.say(
                _(labels.THIS_ENVIRONMENT_WAS_NOT_FOUND),
                _(labels.NO_SUCH_ENVIRONMENT),
            )  # fmt: skip
            return False
        self._window.open(environment)
        if tab:
            self._window.show_tab(tab)
        return True

    def show_servers(self, environment: str) -> None:
        self.show_environment(environment, "servers")

    def show_publication(self, environment: str, version: int | None) -> None:
        """Show the details of the newest publication of that version, once they are known."""
        if self.show_environment(environment, "publish"):
            self._when_read(environment, lambda: self._open_version(environment, version))

    def retry_publication(self, environment: str, version: int | None) -> None:
        """Ask whether to try the newest publication of that version again, where it stands."""

        def ask() -> None:
            run = self._newest(environment, version)
            if run and self._window.page:
                tab = cast("PublishPage", self._window.page.tab("publish"))
                tab.questions.retry(run)

        if self.show_environment(environment, "publish"):
            self._when_read(environment, ask)

    def extend_until(self, environment: str) -> None:
        if self.show_environment(environment, "servers"):
            self._shutdowns.extend_until(environment)

    def cancel_shutdown(self, environment: str) -> None:
        if self.show_environment(environment, "servers"):
            self._shutdowns.cancel(environment)

    def set_shutdown(self, environment: str) -> None:
        if self.show_environment(environment, "servers"):
            self._shutdowns.set_time(environment)

    def undo_cancelling(self, environment: str) -> None:
        if self.show_environment(environment, "servers"):
            self._shutdowns.undo(environment)

    def publish(self, environment: str) -> None:
        self.show_environment(environment, "publish")

    def start_server(self, environment: str) -> None:
        if self.show_environment(environment, "servers"):
            self._on_servers(lambda page: page.start_preparation_server())

    def connect_to(self, environment: str, server: str = "", account: str = "") -> None:
        """Ask as whom to connect to that server, or to the preparation server."""
        if self.show_environment(environment, "servers"):
            ask = partial(self._connections.ask_of, environment, server, account)
            self._when_read(environment, ask)

    async def _find_publication(self, identity: str) -> None:
        """Ask the control plane where that publication is, and show it."""
        self.raise_window()
        try:
            found = await self.find(identity)
        except AutoskyError as error:
            self._say_not_found(
                error,
                _(labels.THIS_PUBLICATION_WAS_NOT_FOUND),
                _(labels.NO_SUCH_PUBLICATION),
            )
            return
        if self.show_environment(found.environment, "publish"):
            self._when_read(found.environment, lambda: self._open_found(found))

    async def _find_server(self, identity: str) -> None:
        self.raise_window()
        try:
            found = await self.find_server(identity)
        except AutoskyError as error:
            self._say_not_found(
                error,
                _(labels.THIS_SERVER_WAS_NOT_FOUND),
                _(labels.NO_SUCH_SERVER),
            )
            return
        if self.show_environment(found.environment, "servers"):
            show = partial(self._on_servers, lambda page: page.show_server(found.id))
            self._when_read(found.environment, show)

    def _on_servers(self, work: "Callable[[ServersPage], None]") -> None:
        if self._window.page:
            work(cast("ServersPage", self._window.page.tab("servers")))

    def _say_not_found(self, error: AutoskyError, title: str, text: str) -> None:
        known = isinstance(error, Refused) and error.problem.code == Code.NOT_FOUND
        self.say(title, text if known else sentence(error))

    def _open_found(self, found: LocatedPublication) -> None:
        """Show it from its environment's records, where it stays live; else as it was found."""
        from autosky_desktop.ui.publish.history.details import show_details

        table = self._store.details(found.environment).publications
        if table.get(found.id) is None:
            table = Table()
            table.put(found)
        if record := self._store.environments.get(found.environment):
            self._shown(show_details(self._window, self._link(found.id), table, record, self._now))

    def _open_version(self, environment: str, version: int | None) -> None:
        if run := self._newest(environment, version):
            self._open_details(environment, run.id)

    def _newest(self, environment: str, version: int | None) -> Publication | None:
        every = self._store.details(environment).publications
        runs = [it for it in every if it.version == version]
        return max(runs, key=lambda it: it.requested_at, default=None)

    def _open_details(self, environment: str, identity: str) -> None:
        from autosky_desktop.ui.publish.history.details import show_details

        table = self._store.details(environment).publications
        if record := self._store.environments.get(environment):
            self._shown(show_details(self._window, self._link(identity), table, record, self._now))

    def _link(self, publication: str) -> Link:
        return link_to(self._store.me, Place.PUBLICATION, publication)

    def _when_read(self, environment: str, work: Callable[[], None]) -> None:
        self._when(lambda: self._store.details(environment).revision is not None, work)

    def _when(self, there: Callable[[], bool], work: Callable[[], None]) -> None:
        """Do `work` at once, or as soon as the store says that `there` holds."""

        def look() -> None:
            if there():
                self._store.unwatch(look)
                work()

        self._store.watch(look)
        look()

    def say(self, title: str, text: str) -> None:
        self.raise_window()
        told = Dialog(self._window, title, width=CONNECT)
        label = QLabel(text)
        label.setWordWrap(True)
        set_style(label, TextStyle.BODY)
        told.body.addWidget(label)
        told.finished.connect(told.deleteLater)
        told.open()
        self._shown(told)

    def _shown(self, opened: Dialog | None) -> None:
        """Close the window opened before: each would darken the main window once more."""
        before, self._opened = self._opened, opened
        if before and isValid(before):
            before.reject()
