"""The preparation server: seven fields, its actions, and when it switches itself off."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel

from autosky_desktop.domain.server import (
    ON,
    SETTLES,
    ImageState,
    Power,
    Server,
    ServerState,
)
from autosky_desktop.store.store import LineStatus
from autosky_desktop.ui.servers.commands import POWERS
from autosky_desktop.ui.servers.menu import PowerMenu
from autosky_desktop.ui.servers.shutdown.strip import ShutdownStrip
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.field import Field
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.refreshing import MINUTE, SECOND
from autosky_desktop.words import states
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_not
from autosky_desktop.words.times import clock_or_moment

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import SessionsOn


class PreparationCard(Card):
    """Shows the preparation server, and what can be done with it.

    `power_asked` carries the server and what is asked of it, the others the server.
    """

    power_asked = Signal(object, object)
    publish_asked = Signal()
    connect_asked = Signal(object)
    link_asked = Signal(object)

    def __init__(
        self, strip: ShutdownStrip, sessions: "SessionsOn", now: Callable[[], datetime]
    ) -> None:
        super().__init__(
            _(labels.PREPARATION_SERVER),
            _(labels.INSTANCES_ARE_MADE_FROM_IT),
            icon="server",
        )
        self._sessions, self._now = sessions, now
        self._server: Server | None = None
        self._line = LineStatus()
        self._promoted = Button(_(labels.START_SERVER_ELLIPSIS), "primary", icon="play")
        self._promoted.clicked.connect(self.start)
        self._menu_button = self._make_actions()
        self.add_action(self._promoted)
        self.add_action(self._menu_button)
        self._fields = self._make_fields()
        self._missing = QLabel(_(labels.NO_PREPARATION_SERVER))
        set_style(self._missing, TextStyle.BODY, "text2")
        self.body.insertWidget(0, self._missing)
        self._strip = strip
        self.set_strip(self._strip)

    def show_server(
        self,
        server: Server | None,
        line: LineStatus,
        *,
        loaded: bool,
    ) -> None:
        """Show the server, or that there is none.

        `loaded` False: nothing is known yet, and the fields say so by grey bars.
        """
        self._server, self._line = server, line
        self._missing.setVisible(loaded and server is None)
        for field in self._fields.values():
            field.setVisible(server is not None or not loaded)
        self._menu_button.setVisible(server is not None)
        self._strip.setVisible(server is not None or not loaded)
        if server is None:
            self._promoted.hide()
            return
        self._show_values(server)
        self._menu_button.setAccessibleName(_(labels.ACTIONS_FOR_SERVER).format(server=server.name))
        self._promoted.setAccessibleName(_(labels.START_SERVER).format(server=server.name))
        stopped = ServerState(server.status) is ServerState.STOPPED
        reason = why_not(server, Power.START, live=line.live)
        self._promoted.setVisible(stopped)
        self._promoted.setEnabled(not reason)
        self._promoted.setToolTip(tip(reason))
        self._promoted.setAccessibleDescription(reason)
        self.tick()

    @property
    def server(self) -> Server | None:
        return self._server

    def start(self) -> None:
        """Ask to start it; where that is not possible now, show the menu that says why."""
        if self._server is None:
            return
        if why_not(self._server, Power.START, live=self._line.live):
            self._menu_button.showMenu()
        else:
            self.power_asked.emit(self._server, Power.START)

    def take_focus(self) -> None:
        """Put the keyboard on what can be done with it."""
        self._menu_button.setFocus()

    def offer_extensions(self) -> None:
        self._strip.offer_extensions()

    def tick(self) -> int | None:
        """Renew the words that change by time alone; returns milliseconds until they may again."""
        server = self._server
        if server is None:
            return None
        now = self._now()
        looks = states.server_look(server, now=now), states.image_look(server, now=now)
        if not self._line.live and self._line.since is not None:
            at = clock_or_moment(self._line.since, now=now)
            looks = states.server_was(server.status, at), states.image_was(server.image_status, at)
        self._fields["status"].show_status(*looks[0])
        self._fields["image"].show_status(*looks[1])
        stopped = ServerState(server.status) is ServerState.STOPPED
        self._strip.show_shutdown(server.shutdown, self._line, on=ServerState(server.status) in ON)
        if ServerState(server.status) in SETTLES or server.image_status == ImageState.CREATING:
            return SECOND
        if server.shutdown is None or stopped:
            return None
        if server.shutdown.held:
            return MINUTE
        left = (server.shutdown.at - now).total_seconds()
        return SECOND if left < 60 else round(1000 * (left % 60)) + 50 or MINUTE

    def _show_values(self, server: Server) -> None:
        copy = _(labels.COPY_WHAT_OF_SERVER)
        none = _(labels.NONE)
        self._fields["name"].show_value(server.name)
        for key, address in (("public", server.public_ip), ("private", server.private_ip)):
            what = _(labels.PUBLIC_IP_INSIDE) if key == "public" else _(labels.PRIVATE_IP_INSIDE)
            self._fields[key].show_value(address, missing=none)
            self._fields[key].set_copy_name(copy.format(what=what, server=server.name))
        self._fields["version"].show_value(server.platform_version, missing=_(labels.NOT_REPORTED))

    def _make_fields(self) -> dict[str, Field]:
        fields = {
            "name": Field(_(labels.SERVER_NAME)),
            "public": Field(_(labels.PUBLIC_IP), copy=True),
            "private": Field(_(labels.PRIVATE_IP), copy=True),
            "version": Field(_(labels.PLATFORM_VERSION)),
            "status": Field(_(labels.SERVER_STATUS)),
            "image": Field(_(labels.IMAGE_STATUS)),
        }
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(12)
        for number, field in enumerate(fields.values()):
            grid.addWidget(field, number // 3, number % 3, Qt.AlignmentFlag.AlignTop)
        for column, stretch in enumerate((37, 33, 30)):
            grid.setColumnStretch(column, stretch)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        return fields

    def _make_actions(self) -> Button:
        # a push button: a tool button would open its menu in a loop inside the loop
        button = Button(_(labels.ACTIONS), icon="chevron-down")
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the card is as high while nothing is known yet
        button.setSizePolicy(policy)
        menu = PowerMenu(self, button)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        button.setMenu(menu)
        return button

    def _fill(self, menu: PowerMenu) -> None:
        menu.clear()
        if self._server is None:
            return
        for command in POWERS:
            if command.is_of(self._server):
                menu.offer(command, self._server, self._line)
        self._strip.add_lines(menu)
        menu.addSeparator()
        text = _(labels.PUBLISH_NEW_VERSION) + f"\t{keys.written(keys.PUBLISH)}"
        publish = menu.add(text, "upload")
        publish.triggered.connect(self.publish_asked)
        menu.offer_rest(self._server, self._line, self._sessions(self._server.id), self._now())

    def connect_to(self, server: Server) -> None:
        self.connect_asked.emit(server)

    def ask_power(self, server: Server, power: Power) -> None:
        self.power_asked.emit(server, power)

    def copy_link(self, server: Server) -> None:
        self.link_asked.emit(server)
