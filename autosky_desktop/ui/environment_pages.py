"""The pages of each environment, made when somebody looks at them."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.connect.connections import Connections
from autosky_desktop.ui.frame.page import EnvironmentPage
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions

if TYPE_CHECKING:
    from autosky_desktop.ui.servers.instances.page import InstancesPage

PLACES = (
    "publish.page",
    "activity.page",
    "servers.instances.page",
    "palette.commands",
    "settings.dialog",
    "background.services",
)


class EnvironmentPages(QObject):
    """Makes the pages of each environment. `publish_asked`: the person wants to go to Publish;
    `mail_asked`: to the mail server.
    """

    publish_asked = Signal()
    mail_asked = Signal()

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        intents: Intents,
        power: PowerQuestions,
        shutdowns: ShutdownQuestions,
        connections: Connections,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._intents = window, store, intents
        self._power, self._shutdowns, self._connections = power, shutdowns, connections
        self._tasks, self._now = tasks, now

    def make(self, environment: str) -> EnvironmentPage:
        return EnvironmentPage({
            "servers": lambda where: self._servers(environment, where),
            "publish": lambda where: self._publish(environment, where),
            "activity": lambda where: self._activity(environment, where),
            "instances": lambda where: self._instances(environment, where),
        })  # fmt: skip

    def _servers(self, environment: str, where: QWidget) -> ServersPage:
        page = ServersPage(
            environment, self._store, self._power, self._shutdowns, self._connections.sessions,
            self._now, where,
        )  # fmt: skip
        page.publish_asked.connect(self.publish_asked)
        page.activity_asked.connect(lambda: self._window.show_tab("activity"))
        page.instances_asked.connect(self.show_instances)
        page.connect_asked.connect(lambda server: self._connections.ask(environment, server))
        return page

    def _publish(self, environment: str, where: QWidget) -> QWidget:
        # 2 MiB that a window nobody publishes from does without
        from autosky_desktop.ui.publish.page import PublishPage, publish_tab

        tab = publish_tab(
            environment, self._store, self._intents, self._shutdowns, self._tasks, self._now, where
        )
        if isinstance(tab, PublishPage):
            tab.forms.mail_asked.connect(self.mail_asked)
            tab.connect_asked.connect(lambda it: self._connections.ask(environment, it))
        return tab

    def _activity(self, environment: str, where: QWidget) -> QWidget:
        from autosky_desktop.ui.activity.page import ActivityTab

        return ActivityTab(environment, self._store, self._intents, self._tasks, self._now, where)

    def _instances(self, environment: str, where: QWidget) -> "InstancesPage":
        from autosky_desktop.ui.servers.instances.page import InstancesPage

        page = InstancesPage(
            environment, self._store, self._intents, self._connections.sessions, self._tasks,
            self._now, where,
        )  # fmt: skip
        page.back_asked.connect(self._go_back)
        page.connect_asked.connect(lambda instance: self._connections.ask(environment, instance))
        return page

    def show_instances(self) -> None:
        """Show all instances of the environment that is open."""
        self._window.show_tab("instances")
        if self._window.page:
            self._window.page.tab("instances").begin()  # type: ignore[attr-defined]

    def _go_back(self) -> None:
        self._window.show_tab("servers")
        if self._window.page:
            self._window.page.tab("servers").instances.begin()  # type: ignore[attr-defined]


def load_places() -> None:
    """Import what the first look at a place would wait for. Off the Qt thread: nothing of it makes
    a widget while it is imported.
    """
    for name in PLACES:
        import_module(f"autosky_desktop.ui.{name}")
