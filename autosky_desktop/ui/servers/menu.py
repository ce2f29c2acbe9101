"""The menu of what can be asked of a server; a line that cannot be used now says why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.server import Power, Server, ServerState, possible
from autosky_desktop.store.store import LineStatus
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.words import connecting_menu, states
from autosky_desktop.words.language import N_, _

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import OpenSession


class PowerCommand(NamedTuple):
    """A command that switches servers: its icon, and its words in the menu of one server, in the
    palette (with {name}), and in the menu of several, where {n} of them or none can be asked.
    """

    icon: str
    one: str
    named: str
    some: str
    none: str


POWER_COMMANDS: Mapping[Power, PowerCommand] = {
    Power.START: PowerCommand(
        "play",
        N_("Start server…"),
        N_("Start {name}…"),
        N_("Start {n} servers…"),
        N_("Start servers…"),
    ),
    Power.STOP: PowerCommand(
        "stop",
        N_("Stop server…"),
        N_("Stop {name}…"),
        N_("Stop {n} servers…"),
        N_("Stop servers…"),
    ),
    Power.RESTART: PowerCommand(
        "restart",
        N_("Restart…"),
        N_("Restart {name}…"),
        N_("Restart {n} servers…"),
        N_("Restart servers…"),
    ),
}


def named(power: Power, server: str) -> str:
    """Return the words of the palette's entry."""
    return _(POWER_COMMANDS[power].named).format(name=server)


def name_of(power: Power, number: int) -> str:
    """Return the words for several servers, of which `number` can be asked; of none it is not told,
    because a number would say that some can.
    """
    if number == 1:
        return _(POWER_COMMANDS[power].one)
    told = POWER_COMMANDS[power].some if number else POWER_COMMANDS[power].none
    return _(told).format(n=number)


def why_offline() -> str:
    return _("No connection to the control plane")


def why_not(server: Server, power: Power, line: LineStatus) -> str:
    """Say why it cannot be asked now; empty when it can."""
    if not line.live:
        return why_offline()
    if power in possible(server.status):
        return ""
    state = ServerState(server.status)
    if power is Power.START and state is ServerState.RUNNING:
        return _("Already running")
    if power is Power.STOP and state is ServerState.STOPPED:
        return _("Already stopped")
    word = states.as_received(server.status).lower()
    return _("Not while it is {state}").format(state=word)


class PowerMenu(Menu):
    """The menu of a server. `chosen` carries the Power. A line that is off says why beneath."""

    chosen = Signal(object)
    connect_asked = Signal()
    link_asked = Signal()

    def offer(self, server: Server, power: Power, line: LineStatus) -> QAction:
        reason = why_not(server, power, line)
        told = POWER_COMMANDS[power]
        action = self.add(_(told.one), told.icon, reason=reason)
        action.triggered.connect(lambda: self.chosen.emit(power))
        return action

    def offer_connection(self, line: LineStatus, sessions: "Sequence[OpenSession]") -> None:
        """Offer to connect, whatever the server's state, and to end each open connection."""
        reason = "" if line.live else why_offline()
        action = self.add(_("Connect as…"), "monitor", reason=reason)
        action.triggered.connect(self.connect_asked)
        for session in sessions:
            close = self.add(connecting_menu.close(session.wish, session.since), "x")
            close.triggered.connect(session.running.close)

    def offer_link(self) -> None:
        copy = self.add(_("Copy link"), "copy")
        copy.triggered.connect(self.link_asked)


def power_menu(
    parent: QWidget,
    server: Server,
    line: LineStatus,
    powers: Sequence[Power],
    sessions: "Sequence[OpenSession]" = (),
) -> PowerMenu:
    """Return the menu of a row: what fits its state; all of it, greyed, while nothing does."""
    menu = PowerMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for power in _fitting(server, powers):
        menu.offer(server, power, line)
    menu.addSeparator()
    menu.offer_connection(line, sessions)
    menu.offer_link()
    return menu


def _fitting(server: Server, powers: Sequence[Power]) -> Iterable[Power]:
    fitting = [power for power in powers if power in possible(server.status)]
    return fitting or powers


def menu_of_several(
    parent: QWidget, servers: Sequence[Server], line: LineStatus, powers: Sequence[Power]
) -> PowerMenu:
    """Return the menu of the selected servers: what can be asked, and of how many at once."""
    menu = PowerMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for power in powers:
        reasons = [why_not(server, power, line) for server in servers]
        number = reasons.count("")
        action = menu.add(
            name_of(power, number),
            POWER_COMMANDS[power].icon,
            reason="" if number else why_none(reasons),
        )
        action.triggered.connect(lambda _checked=False, power=power: menu.chosen.emit(power))
    return menu


def why_none(reasons: Sequence[str]) -> str:
    """Say why none of several servers can be asked."""
    alike = len(set(reasons)) == 1
    return reasons[0] if alike else _("Not in their present states")
