"""The menu of what can be asked of a server; a line that cannot be used now says why."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.server import Power, Server, ServerState, possible
from autosky_desktop.store.connection import LineStatus
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.words import connecting_menu, states
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.actions.connecting import OpenSession

ICONS = {Power.START: "play", Power.STOP: "stop", Power.RESTART: "restart"}


def name_of(power: Power, number: int = 1) -> str:
    """Return the words of the menu's line; `number` is of how many servers it is asked at once."""
    if number > 1:
        return {
            Power.START: _("Start {n} servers…"),
            Power.STOP: _("Stop {n} servers…"),
            Power.RESTART: _("Restart {n} servers…"),
        }[power].format(n=number)
    return {
        Power.START: _("Start server…"),
        Power.STOP: _("Stop server…"),
        Power.RESTART: _("Restart…"),
    }[power]


def of_none(power: Power) -> str:
    """Return the words for several, none of which can be asked: a number would say some can."""
    return {
        Power.START: _("Start servers…"),
        Power.STOP: _("Stop servers…"),
        Power.RESTART: _("Restart servers…"),
    }[power]


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
        action = self.add(name_of(power), ICONS[power], reason=reason)
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
            name_of(power, number) if number else of_none(power),
            ICONS[power],
            reason="" if number else why_none(reasons),
        )
        action.triggered.connect(lambda _checked=False, power=power: menu.chosen.emit(power))
    return menu


def why_none(reasons: Sequence[str]) -> str:
    """Say why none of several servers can be asked."""
    alike = len(set(reasons)) == 1
    return reasons[0] if alike else _("Not in their present states")
