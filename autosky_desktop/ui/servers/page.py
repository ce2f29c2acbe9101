"""The Servers tab of one environment."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.links import Place, link_to
from autosky_desktop.domain.server import Power, Server, ServerRole
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.activity.recent import RecentActivity
from autosky_desktop.ui.servers.instances.card import InstancesCard
from autosky_desktop.ui.servers.menu import instance_menu
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.servers.preparation import PreparationCard
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.servers.shutdown.strip import ShutdownStrip
from autosky_desktop.ui.servers.support import SupportCard
from autosky_desktop.ui.widgets.card import around_page
from autosky_desktop.ui.widgets.hints import copy_link
from autosky_desktop.ui.widgets.refreshing import Ticking, watch_while_alive
from autosky_desktop.ui.widgets.scrolled import scroll_to_top
from autosky_desktop.words.connecting_menu import in_the_way

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import SessionsOn


class ServersPage(QWidget):
    """Puts the cards of the tab together.

    `publish_asked`, `activity_asked`: the person wants to go to that tab; `instances_asked`: to see
    every instance; `connect_asked`: to connect to that server or instance.
    """

    publish_asked = Signal()
    activity_asked = Signal()
    instances_asked = Signal()
    connect_asked = Signal(object)

    def __init__(
        self,
        environment: str,
        store: Store,
        power: PowerQuestions,
        shutdowns: ShutdownQuestions,
        sessions: "SessionsOn",
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment = environment
        self._store = store
        self._power = power
        self._sessions, self._now = sessions, now
        self._details = store.details(environment)
        strip = ShutdownStrip(environment, store, shutdowns, self._connected, now)
        self.preparation = PreparationCard(strip, sessions, now)
        self.instances = InstancesCard()
        self.instances.all_asked.connect(self.instances_asked)
        self.instances.menu_asked.connect(self._open_instance_menu)
        record = store.environments.get(environment)
        scaling = record is None or record.is_scaling
        self.support = SupportCard(sessions, now, support=scaling)
        self.activity = RecentActivity(environment, store, now)
        self.activity.all_asked.connect(self.activity_asked)
        self._lay_out()
        if not scaling:
            self.preparation.hide()
            self.instances.hide()
        self._ticking = Ticking(self, self._tick)
        self.preparation.power_asked.connect(lambda server, power: self._ask([server], power))
        self.preparation.publish_asked.connect(self.publish_asked)
        self.support.power_asked.connect(self._ask)
        for card in (self.preparation, self.support):
            card.link_asked.connect(self._copy_link)
        self.preparation.connect_asked.connect(self.connect_asked)
        self.support.connect_asked.connect(self.connect_asked)
        watch_while_alive(self, self._details.servers, self._servers_changed)
        watch_while_alive(self, self._details.publications, lambda _diff: self._ticking.now())
        watch_while_alive(self, self._details.instances, lambda _diff: self._show_instances())
        watch_while_alive(self, store.environments, self._environments_changed)
        watch_while_alive(self, store, self._refresh)
        self._refresh()

    _sums: tuple[int | None, int | None] | None = None

    def set_narrow(self, narrow: bool) -> None:
        """Show the instances in one line under the preparation server, below 1120 pixels."""
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._top.setDirection(down if narrow else right)
        self.instances.set_compact(narrow)
        self._column.setContentsMargins(around_page(narrow=narrow))
        self._top.setSpacing(10 if narrow else 16)
        self._column.setSpacing(10 if narrow else 14)

    def start_preparation_server(self) -> None:
        self.preparation.start()

    def show_server(self, identity: str) -> None:
        """Scroll to the server, and put the keyboard on it."""
        prepares = self.preparation.server
        if prepares and prepares.id == identity:
            self.preparation.take_focus()
            scroll_to_top(self)
        else:
            self.support.show_server(identity)

    def find_server(self) -> None:
        self.support.finder.begin()

    def connect_to_focused(self) -> None:
        """Connect to the server whose row has the focus, else to the preparation server."""
        table = self.support.table
        server = table.current_record() if table.hasFocus() else None
        if server := server or self.preparation.server:
            self.connect_asked.emit(server)

    def offer_extensions(self) -> None:
        self.preparation.offer_extensions()

    def _lay_out(self) -> None:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.addWidget(self.preparation, 1)
        self._top.addWidget(self.instances)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addWidget(self.support)
        self._column.addWidget(self.activity)
        self._column.addStretch(1)

    def _servers_changed(self, diff: Diff[Server]) -> None:
        support = ServerRole.SUPPORT
        self.support.apply(
            Diff(
                removed=diff.removed,
                changed=tuple(it for it in diff.changed if it.role == support),
                added=tuple(it for it in diff.added if it.role == support),
            )
        )
        self._show_preparation()
        self._ticking.now()

    def _environments_changed(self, diff: Diff[Environment]) -> None:
        for it in (*diff.changed, *diff.added):
            # every confirmation is a change too, and of these two fields it changes neither
            if it.id == self._environment and (it.sessions, it.current_version) != self._sums:
                self._show_instances()

    def _refresh(self) -> None:
        loaded, line = self._details.revision is not None, self._store.connection
        self.support.show_line(line, loaded=loaded)
        self._show_preparation()
        self._show_instances()
        self._ticking.now()

    def _show_preparation(self) -> None:
        servers = (it for it in self._details.servers if it.role == ServerRole.PREPARATION)
        loaded = self._details.revision is not None
        self.preparation.show_server(next(servers, None), self._store.connection, loaded=loaded)

    def _show_instances(self) -> None:
        environment = self._store.environments.get(self._environment)
        if environment:
            self._sums = (environment.sessions, environment.current_version)
        loaded = self._details.revision is not None
        self.instances.show_instances(
            list(self._details.instances), environment, self._store.connection, loaded=loaded
        )

    def _ask(self, servers: Sequence[Server], power: Power) -> None:
        if environment := self._store.environments.get(self._environment):
            self._power.ask(environment, servers, power)

    def _connected(self, at: datetime) -> str:
        """Say which open connection is in the way of a shutdown at that moment."""
        server = self.preparation.server
        sessions = self._sessions(server.id) if server else ()
        return in_the_way((it.request for it in sessions), at, self._now())

    def connect_to_instance(self, instance: Instance) -> None:
        self.connect_asked.emit(instance)

    def _open_instance_menu(self, instance: Instance, place: QPoint) -> None:
        menu = instance_menu(
            self, self, instance, self._store.connection, self._sessions(instance.id), self._now()
        )
        menu.popup_inside(place, self.window())

    def _copy_link(self, server: Server) -> None:
        copy_link(self.window(), link_to(self._store.me, Place.SERVER, server.id))

    def _tick(self) -> int | None:
        """Tick every second while something is in between, every minute for the countdown."""
        pauses = (self.preparation.tick(), self.support.tick())
        return min((pause for pause in pauses if pause), default=None)
