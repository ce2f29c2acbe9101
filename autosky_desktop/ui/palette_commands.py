"""What the command palette offers: commands, environments, servers and publications by name."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QKeySequence

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.publication import Publication, PublicationState
from autosky_desktop.domain.server import Power, Server, ServerRole
from autosky_desktop.store.connection import Connection
from autosky_desktop.store.store import Store
from autosky_desktop.ui.connections import Connections
from autosky_desktop.ui.frame.commands import Commands
from autosky_desktop.ui.frame.palette import Entry, Palette
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.servers.menu import why_not, why_offline
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.servers.shutdown import ShutdownQuestions
from autosky_desktop.ui.words.language import translate

if TYPE_CHECKING:
    from autosky_desktop.ui.activity.page import ActivityPage
    from autosky_desktop.ui.publish.page import PublishPage

MOST_READ = 30
"""With more environments than that, the servers are listed of those that were opened: reading all
of the others would keep the control plane busy for a search that may be for a command.
"""
NEWEST_VERSIONS = 10
"""Versions that can be published again by name; the history has all."""

Entries = Iterator[Entry]


class PaletteCommands:
    """Everything that can be done by name, as things stand when the palette asks.

    `read` has an environment read whole; `show_settings` takes the name of a page.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        commands: Commands,
        power: PowerQuestions,
        shutdowns: ShutdownQuestions,
        connections: Connections,
        read: Callable[[str], None],
        show_settings: Callable[[str], object],
        show_instances: Callable[[str], object],
        switch_faults: Callable[[Iterable[str]], object],
    ) -> None:
        self._window, self._store, self._commands = window, store, commands
        self._power, self._connections, self._shutdowns = power, connections, shutdowns
        self._read, self._show_settings, self._show_instances = read, show_settings, show_instances
        self._switch_faults = switch_faults

    def open(self) -> None:
        """Show the palette; servers that are not known yet come as they are read."""
        if len(list(self._store.environments)) <= MOST_READ:
            for environment in self._store.environments:
                self._read(environment.id)
        palette = Palette(self._window, self.entries)
        self._store.watch(palette.refresh)
        palette.finished.connect(lambda: self._store.unwatch(palette.refresh))
        palette.open()

    def entries(self) -> list[Entry]:
        here = self._store.environments.get(self._window.environment)
        found: list[Entry] = []
        if here:
            found += self._of_runs(here)
        found += self._of_commands()
        if here:
            found += self._of_shutdowns(here)
            found += self._of_tabs(here) if here.is_scaling else ()
            found += self._of_pages(here)
        found += self._of_demo()
        found += self._of_environments()
        first = [here] if here else []
        for environment in (*first, *(it for it in self._by_name() if it is not here)):
            found += self._of_servers(environment)
        if here:
            found += self._of_versions(here)
        return found

    def _by_name(self) -> list[Environment]:
        return sorted(self._store.environments, key=lambda it: it.name.casefold())

    def _of_commands(self) -> Entries:
        native = QKeySequence.SequenceFormat.NativeText
        for action in self._commands.all:
            if action is not self._commands.palette:
                keys = action.shortcut().toString(native)
                reason = "" if action.isEnabled() else action.statusTip()
                yield Entry(action.text().rstrip("…"), action.trigger, "", keys, reason)

    def _of_tabs(self, here: Environment) -> Entries:
        from autosky_desktop.ui.publish.forms import MODELS
        from autosky_desktop.ui.words import publishing

        for number, model in enumerate(MODELS):
            text = translate("Palette", "Publish: {model}").format(model=publishing.model(model))
            yield Entry(text, partial(self._choose_model, number), here.name)
        schedule = translate("Palette", "Publish: Scheduled")
        yield Entry(schedule, partial(self._choose_model, len(MODELS)), here.name)
        instances = translate("Palette", "Show all instances")
        yield Entry(instances, partial(self._show_instances, here.id), here.name)

    def _of_pages(self, here: Environment) -> Entries:
        yield Entry(translate("Palette", "Export activity"), self._export, here.name)
        for page, text in (
            ("connecting", translate("Palette", "Settings: Connecting")),
            ("passwords", translate("Palette", "Settings: Passwords")),
            ("email", translate("Palette", "Settings: Email")),
        ):
            yield Entry(text, partial(self._show_settings, page))

    def _of_shutdowns(self, here: Environment) -> Entries:
        """What can be done about a server that runs without a shutdown, or beyond one."""
        moves = self._shutdowns.moves
        offline = "" if self._store.connection.live else why_offline()
        if moves.runs_without(here.id):
            text = translate("Palette", "Set a shutdown time")
            yield Entry(text, partial(self._shutdowns.set_time, here.id), here.name, "", offline)
        if moves.undoable(here.id):
            text = translate("Palette", "Undo the cancelled shutdown")
            yield Entry(text, partial(self._shutdowns.undo, here.id), here.name, "", offline)

    def _of_demo(self) -> Entries:
        """Its faults, each by what it would be switched to."""
        if (demo := self._store.demo) is None:
            return
        from autosky_desktop.ui.words import demo as words

        offline = "" if self._store.connection.live else why_offline()
        on, off = (
            translate("Palette", "Demo fault on: {fault}"),
            translate("Palette", "Demo fault off: {fault}"),
        )
        for fault in words.FAULTS:
            text = (off if fault in demo.faults else on).format(fault=words.fault(fault))
            wanted = set(demo.faults) ^ {fault.value}
            yield Entry(text, partial(self._switch_faults, wanted), reason=offline)
        if demo.faults:
            every = translate("Palette", "Switch all faults of the demo off")
            yield Entry(every, partial(self._switch_faults, ()), reason=offline)

    def _of_environments(self) -> Entries:
        for it in self._by_name():
            text = translate("Palette", "Open {name}").format(name=it.name)
            yield Entry(text, partial(self._window.open, it.id))

    def _of_servers(self, environment: Environment) -> Entries:
        """Offer its servers when it is read, else its preparation server: the list names that."""
        line = self._store.connection
        if environment.id in self._store.opened:
            servers = list(self._store.details(environment.id).servers)
            for server in sorted(servers, key=lambda it: (it.role, it.name.casefold())):
                yield from self._of_server(environment, server, line)
        elif it := environment.preparation:
            connect = translate("Palette", "Connect to {name} as…").format(name=it.name)
            yield Entry(connect, partial(self._go_to, environment.id), environment.name)

    def _of_server(self, environment: Environment, server: Server, line: Connection) -> Entries:
        words = {
            Power.START: translate("Palette", "Start {name}"),
            Power.STOP: translate("Palette", "Stop {name}"),
            Power.RESTART: translate("Palette", "Restart {name}"),
        }
        connect = translate("Palette", "Connect to {name} as…").format(name=server.name)
        ask = partial(self._connections.ask_of, environment.id, server.id)
        yield Entry(connect, ask, environment.name)
        for power, text in words.items():
            if power is Power.RESTART and ServerRole(server.role) is ServerRole.PREPARATION:
                continue  # its menu has none either
            yield Entry(
                text.format(name=server.name),
                partial(self._power.ask, environment, [server], power),
                environment.name,
                reason=why_not(server, power, line),
            )

    def _of_runs(self, here: Environment) -> Entries:
        """What the publication that runs, waits or failed asks for."""
        from autosky_desktop.ui.publish.runs import is_scheduled, newest_first, under_way
        from autosky_desktop.ui.words.running import is_held

        runs = newest_first(self._publications(here))
        if run := under_way(runs):
            number = {"n": run.version}
            if is_held(run):
                on = translate("Palette", "Go on with version {n}").format(**number)
                yield Entry(on, lambda: self._page().questions.go_on(run), here.name)
                back = translate("Palette", "Return to version {n}").format(n=run.replaces)
                yield Entry(back, lambda: self._page().questions.go_back(run), here.name)
            stop = translate("Palette", "Stop the publication of version {n}").format(**number)
            yield Entry(stop, lambda: self._page().questions.stop(run), here.name)
            return
        last = next((it for it in runs if not is_scheduled(it)), None)
        if last and PublicationState(last.state) is PublicationState.FAILED:
            text = translate("Palette", "Try the publication of version {n} again")
            again = text.format(n=last.version)
            yield Entry(again, lambda: self._page().questions.retry(last), here.name)

    def _of_versions(self, here: Environment) -> Entries:
        from autosky_desktop.ui.publish.again import why_not_again
        from autosky_desktop.ui.publish.runs import newest_first

        text = translate("Palette", "Publish version {n} again")
        versions: set[int] = set()
        for run in newest_first(self._publications(here)):
            done = PublicationState(run.state) is PublicationState.SUCCEEDED
            if done and run.version not in versions and len(versions) < NEWEST_VERSIONS:
                versions.add(run.version)
                yield Entry(
                    text.format(n=run.version),
                    partial(self._publish_again, run),
                    here.name,
                    reason=why_not_again(self._store, here.id, run),
                )

    def _publications(self, environment: Environment) -> list[Publication]:
        if environment.id not in self._store.opened:
            return []
        return list(self._store.details(environment.id).publications)

    def _go_to(self, environment: str) -> None:
        """Open it, and ask as whom to connect once its servers are read."""
        self._window.open(environment)

        def look() -> None:
            if self._store.details(environment).revision is not None:
                self._store.unwatch(look)
                self._connections.ask_of(environment)

        self._store.watch(look)
        look()

    def _page(self) -> "PublishPage":
        self._window.show_tab("publish")
        assert self._window.page is not None
        return cast("PublishPage", self._window.page.tab("publish"))

    def _choose_model(self, number: int) -> None:
        page = self._page()
        page.forms.tabs.setCurrentIndex(number)
        page.setFocus()

    def _publish_again(self, run: Publication) -> None:
        self._page().records.publish_again(run)

    def _export(self) -> None:
        self._window.show_tab("activity")
        if self._window.page:
            page = cast("ActivityPage", self._window.page.tab("activity"))
            page.export.button.click()
