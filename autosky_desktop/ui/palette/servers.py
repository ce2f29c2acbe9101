"""The entries of the command palette about servers, instances and the preparation server's
shutdown.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from PySide6.QtGui import QGuiApplication

from autosky_desktop.domain import extending
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.links import Place, link_to
from autosky_desktop.domain.searching import plain
from autosky_desktop.domain.server import Power, Server
from autosky_desktop.store.store import Store
from autosky_desktop.ui.connect.connections import Connections
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.palette.palette import PaletteEntry
from autosky_desktop.ui.servers.commands import (
    CONNECT,
    COPIES,
    OF_INSTANCE,
    OF_SERVER,
    ServerCommand,
)
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.servers.shutdown.strip import HOURS
from autosky_desktop.ui.widgets.hints import copy_link
from autosky_desktop.words import connecting_menu
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_offline

Entries = Iterator[PaletteEntry]


class ServerEntries:
    """Offers of each server what its menu has; what copies, and what instances have, for the open
    environment alone.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        power: PowerQuestions,
        shutdowns: ShutdownQuestions,
        connections: Connections,
        now: Callable[[], datetime],
    ) -> None:
        self._window, self._store, self._now = window, store, now
        self._power, self._shutdowns, self._connections = power, shutdowns, connections

    def of(self, environment: Environment, *, here: bool) -> Entries:
        """Offer the environment's servers when it is read, else the one that the list names, its
        preparation server.
        """
        if environment.id in self._store.opened:
            servers = list(self._store.details(environment.id).servers)
            for server in sorted(servers, key=lambda it: (it.role, plain(it.name))):
                yield from self._of_server(environment, server)
                if here:
                    yield from self._copies(environment, server)
            if here:
                yield from self._of_instances(environment)
        elif it := environment.preparation:
            connect = _(CONNECT.named).format(name=it.name)
            yield PaletteEntry(connect, partial(self._go_to, environment.id), environment.name)

    def of_shutdown(self, here: Environment) -> Entries:
        """Offer what can be done about the moment in which the preparation server stops."""
        moves, offline = self._shutdowns.moves, self._offline
        if shutdown := moves.shutdown(here.id):
            for hours in HOURS:
                to = extending.later(shutdown, timedelta(hours=hours), now=self._now())
                beyond = to > extending.latest(here, now=self._now())
                text = _(labels.EXTEND_N_H_TO_TIME)
                yield PaletteEntry(
                    text.format(n=hours, time=words.at(to, self._now())),
                    partial(self._shutdowns.extend_to, here.id, to),
                    here.name,
                    reason=offline or (words.beyond(here, self._now()) if beyond else ""),
                )
            until = _(labels.EXTEND_UNTIL)
            yield PaletteEntry(
                until, partial(self._shutdowns.extend_until, here.id), here.name, "", offline
            )
        if moves.runs_without(here.id):
            text = _(labels.SET_SHUTDOWN_TIME)
            yield PaletteEntry(
                text, partial(self._shutdowns.set_time, here.id), here.name, "", offline
            )
        if undoable := moves.undoable(here.id):
            text = _(labels.RESTORE_SHUTDOWN_AT_TIME)
            text = text.format(time=words.at(undoable, self._now()))
            undo = partial(self._shutdowns.undo, here.id)
            also = _(labels.UNDO_CANCELLED_SHUTDOWN)
            yield PaletteEntry(text, undo, here.name, "", offline, also)

    @property
    def _offline(self) -> str:
        return "" if self._store.connection.live else why_offline()

    def _of_server(self, environment: Environment, server: Server) -> Entries:
        yield from self._of_commands(environment, server, OF_SERVER[: -len(COPIES)])
        yield from self._closing(environment, server)

    def _copies(self, environment: Environment, server: Server) -> Entries:
        yield from self._of_commands(environment, server, COPIES)
        for text, address in (
            (_(labels.COPY_PUBLIC_IP_OF_NAME), server.public_ip),
            (_(labels.COPY_PRIVATE_IP_OF_NAME), server.private_ip),
        ):
            if address:
                copy = partial(QGuiApplication.clipboard().setText, address)
                yield PaletteEntry(text.format(name=server.name), copy, environment.name)

    def _of_instances(self, environment: Environment) -> Entries:
        actions = self._actions(environment)
        live = self._store.connection.live
        instances = self._store.details(environment.id).instances
        for instance in sorted(instances, key=lambda it: plain(it.name)):
            for it in OF_INSTANCE:
                text, do = _(it.named).format(name=instance.name), partial(it.do, actions, instance)
                yield PaletteEntry(text, do, environment.name, "", it.why_not(instance, live))
            yield from self._closing(environment, instance)

    def _closing(self, environment: Environment, server: Server | Instance) -> Entries:
        for session in self._connections.sessions(server.id):
            text = connecting_menu.close(session.request, session.since, self._now())
            yield PaletteEntry(text, session.running.close, environment.name, also=server.name)

    def _actions(self, environment: Environment) -> "_Actions":
        return _Actions(environment, self._window, self._store, self._power, self._connections)

    def _of_commands(
        self, environment: Environment, server: Server, commands: Iterable[ServerCommand]
    ) -> Entries:
        actions = self._actions(environment)
        for it in commands:
            if it.is_of(server):
                text, do = _(it.named).format(name=server.name), partial(it.do, actions, server)
                reason = it.why_not(server, self._store.connection.live)
                also = _(it.also) if it.also else ""
                yield PaletteEntry(text, do, environment.name, "", reason, also)

    def _go_to(self, environment: str) -> None:
        """Open the environment, and ask as whom to connect once its servers are read."""
        self._window.open(environment)

        def look() -> None:
            if self._store.details(environment).revision is not None:
                self._store.unwatch(look)
                self._connections.ask_of(environment)

        self._store.watch(look)
        look()


class _Actions(NamedTuple):
    """Does what a server's command says, wherever in the window one is."""

    environment: Environment
    window: MainWindow
    store: Store
    power: PowerQuestions
    connections: Connections

    def connect_to(self, server: Server) -> None:
        self.connections.ask_of(self.environment.id, server.id)

    def connect_to_instance(self, instance: Instance) -> None:
        self.connections.ask_of(self.environment.id, instance.id)

    def ask_power(self, server: Server, power: Power) -> None:
        self.power.ask(self.environment, [server], power)

    def copy_link(self, server: Server) -> None:
        copy_link(self.window, link_to(self.store.me, Place.SERVER, server.id))
