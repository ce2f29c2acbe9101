"""The menus of what can be asked of a server, of several, or of an instance; a line that is off
says why.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import Power, Server, possible
from autosky_desktop.store.store import LineStatus
from autosky_desktop.ui.servers.commands import (
    CONNECT,
    COPIES,
    OF_INSTANCE,
    POWERS,
    InstanceActions,
    PowerCommand,
    ServerActions,
    ServerCommand,
)
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.words import connecting_menu
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_none

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import OpenSession


def name_of(command: PowerCommand, number: int) -> str:
    """Return the words for several servers, of which `number` can be asked; of none it is not told,
    because a number would say that some can.
    """
    if number == 1:
        return _(command.text)
    return command.some(number) if number else _(command.none)


class PowerMenu(Menu):
    """The menu of one server; `actions` does what a line says."""

    def __init__(self, actions: ServerActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions

    def offer(self, command: ServerCommand, server: Server, line: LineStatus) -> QAction:
        reason = command.why_not(server, line.live)
        action = self.add(_(command.text), command.icon, reason=reason)
        action.triggered.connect(lambda: command.do(self._actions, server))
        return action

    def offer_rest(
        self, server: Server, line: LineStatus, sessions: "Sequence[OpenSession]", now: datetime
    ) -> None:
        """Offer what a server has in any state: to connect, and to end each open connection."""
        self.offer(CONNECT, server, line)
        _offer_closing(self, sessions, now)
        for command in COPIES:
            self.offer(command, server, line)


def power_menu(
    actions: ServerActions,
    parent: QWidget,
    server: Server,
    line: LineStatus,
    sessions: "Sequence[OpenSession]",
    now: datetime,
) -> PowerMenu:
    """Return the menu of a row: what fits its state; all of it, greyed, while nothing does."""
    menu = PowerMenu(actions, parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for command in _fitting(server):
        menu.offer(command, server, line)
    menu.addSeparator()
    menu.offer_rest(server, line, sessions, now)
    return menu


def _fitting(server: Server) -> Iterable[PowerCommand]:
    every = [it for it in POWERS if it.is_of(server)]
    return [it for it in every if it.power in possible(server.status)] or every


def instance_menu(
    actions: InstanceActions,
    parent: QWidget,
    instance: Instance,
    line: LineStatus,
    sessions: "Sequence[OpenSession]",
    now: datetime,
) -> Menu:
    """Return the menu of an instance."""
    menu = Menu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for command in OF_INSTANCE:
        reason = command.why_not(instance, line.live)
        action = menu.add(_(command.text), command.icon, reason=reason)
        action.triggered.connect(lambda _checked=False, it=command: it.do(actions, instance))
    _offer_closing(menu, sessions, now)
    return menu


def _offer_closing(menu: Menu, sessions: "Sequence[OpenSession]", now: datetime) -> None:
    for session in sessions:
        close = menu.add(connecting_menu.close(session.request, session.since, now), "x")
        close.triggered.connect(session.running.close)


def menu_of_several(
    parent: QWidget, servers: Sequence[Server], line: LineStatus, ask: Callable[[Power], object]
) -> Menu:
    """Return the menu of the selected servers: what can be asked, and of how many at once."""
    menu = Menu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for command in POWERS:
        reasons = [command.why_not(server, line.live) for server in servers]
        number = reasons.count("")
        action = menu.add(
            name_of(command, number), command.icon, reason="" if number else why_none(reasons)
        )
        action.triggered.connect(lambda _checked=False, it=command: ask(it.power))
    return menu
