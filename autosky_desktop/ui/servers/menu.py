"""The menu of what can be asked of a server; a line that cannot be used now says why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.server import Power, Server, possible
from autosky_desktop.store.store import LineStatus
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.words import connecting_menu
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_none, why_not, why_offline

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
        labels.START_SERVER_ELLIPSIS,
        labels.START_NAME,
        labels.START_N_SERVERS,
        labels.START_SERVERS,
    ),
    Power.STOP: PowerCommand(
        "stop",
        labels.STOP_SERVER,
        labels.STOP_NAME,
        labels.STOP_N_SERVERS,
        labels.STOP_SERVERS,
    ),
    Power.RESTART: PowerCommand(
        "restart",
        labels.RESTART,
        labels.RESTART_NAME,
        labels.RESTART_N_SERVERS,
        labels.RESTART_SERVERS,
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


class PowerMenu(Menu):
    """The menu of a server. `chosen` carries the Power. A line that is off says why beneath."""

    chosen = Signal(object)
    connect_asked = Signal()
    link_asked = Signal()

    def offer(self, server: Server, power: Power, line: LineStatus) -> QAction:
        reason = why_not(server, power, live=line.live)
        told = POWER_COMMANDS[power]
        action = self.add(_(told.one), told.icon, reason=reason)
        action.triggered.connect(lambda: self.chosen.emit(power))
        return action

    def offer_connection(self, line: LineStatus, sessions: "Sequence[OpenSession]") -> None:
        """Offer to connect, whatever the server's state, and to end each open connection."""
        reason = "" if line.live else why_offline()
        action = self.add(_(labels.CONNECT_AS), "monitor", reason=reason)
        action.triggered.connect(self.connect_asked)
        for session in sessions:
            close = self.add(connecting_menu.close(session.request, session.since), "x")
            close.triggered.connect(session.running.close)

    def offer_link(self) -> None:
        copy = self.add(_(labels.COPY_LINK), "copy")
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
        reasons = [why_not(server, power, live=line.live) for server in servers]
        number = reasons.count("")
        action = menu.add(
            name_of(power, number),
            POWER_COMMANDS[power].icon,
            reason="" if number else why_none(reasons),
        )
        action.triggered.connect(lambda _checked=False, power=power: menu.chosen.emit(power))
    return menu
