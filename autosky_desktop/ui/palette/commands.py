"""The entries of the command palette: every command that a menu or a button of the window has."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton
from shiboken6 import isValid

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.searching import plain
from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import offered
from autosky_desktop.ui.connect.connections import Connections
from autosky_desktop.ui.frame.commands import Commands
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.palette.palette import Palette, PaletteEntry
from autosky_desktop.ui.palette.publications import PublicationEntries
from autosky_desktop.ui.palette.servers import ServerEntries
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.sidebar.commands import OF_ENVIRONMENT
from autosky_desktop.ui.widgets.keys import written
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_offline

if TYPE_CHECKING:
    from autosky_desktop.ui.activity.page import ActivityTab

MOST_READ = 30
"""With more environments than that, the servers are listed of those that were opened: reading all
of the others would keep the control plane busy for a search that may be for a command.
"""

Entries = Iterator[PaletteEntry]


class PaletteCommands:
    """Lists everything that can be done by name, as things stand when the palette asks.

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
        show_instances: Callable[[], object],
        switch_faults: Callable[[Iterable[str]], object],
        now: Callable[[], datetime],
    ) -> None:
        self._window, self._store, self._commands = window, store, commands
        self._read, self._show_settings, self._show_instances = read, show_settings, show_instances
        self._switch_faults = switch_faults
        self._servers = ServerEntries(window, store, power, shutdowns, connections, now)
        self._publications = PublicationEntries(window, store, now)

    def open(self) -> None:
        """Show the palette; servers that are not known yet come as they are read."""
        if len(list(self._store.environments)) <= MOST_READ:
            for environment in self._store.environments:
                self._read(environment.id)
        palette = Palette(self._window, self.entries)
        self._store.watch(palette.refresh)
        palette.finished.connect(lambda: self._store.unwatch(palette.refresh))
        palette.open()

    def entries(self) -> list[PaletteEntry]:
        here = self._store.environments.get(self._window.environment)
        found: list[PaletteEntry] = []
        if here:
            found += self._publications.of_runs(here)
        found += self._of_commands()
        if here:
            found += self._servers.of_shutdown(here)
            found += self._of_pages(here)
        found += self._of_demo()
        found += self._of_environments()
        first = [here] if here else []
        for environment in (*first, *(it for it in self._by_name() if it is not here)):
            found += self._servers.of(environment, here=environment is here)
        if here:
            found += self._publications.of_scheduled(here)
            found += self._publications.of_history(here)
        known = {it.text.rstrip("…") for it in found}
        return found + [it for it in self._of_buttons() if it.text.rstrip("…") not in known]

    def _by_name(self) -> list[Environment]:
        return sorted(self._store.environments, key=lambda it: plain(it.name))

    def _of_commands(self) -> Entries:
        for action in self._commands.found:
            reason = "" if action.isEnabled() else action.statusTip()
            keys = written(action.shortcut())
            yield PaletteEntry(action.text(), action.trigger, "", keys, reason)

    def _of_pages(self, here: Environment) -> Entries:
        if here.is_scaling:
            yield from self._publications.of_page(here)
            instances = _(labels.SHOW_ALL_INSTANCES)
            yield PaletteEntry(instances, self._show_instances, here.name)
        yield PaletteEntry(_(labels.EXPORT_ACTIVITY), self._export, here.name)
        yield from self._of_settings()

    def _of_settings(self) -> Entries:
        """Offer the pages of Settings, by the settings on them too."""
        from autosky_desktop.words import settings as words

        name = _(labels.SETTINGS_PAGE)
        for page in words.PAGES:
            also = " ".join(words.titles(page, offered(page)))
            text = name.format(page=words.page(page))
            yield PaletteEntry(text, partial(self._show_settings, page), also=also)

    def _of_demo(self) -> Entries:
        """Offer the demo's faults, each by what it would be switched to."""
        if (demo := self._store.demo) is None:
            return
        from autosky_desktop.ui.frame.demo import all_off
        from autosky_desktop.words import demo as words

        offline = "" if self._store.connection.live else why_offline()
        on, off = (
            _(labels.DEMO_FAULT_ON_FAULT),
            _(labels.DEMO_FAULT_OFF_FAULT),
        )
        for fault in words.FAULTS:
            text = (off if fault in demo.faults else on).format(fault=words.fault(fault))
            wanted = set(demo.faults) ^ {fault.value}
            yield PaletteEntry(text, partial(self._switch_faults, wanted), reason=offline)
        if demo.faults:
            yield PaletteEntry(all_off(), partial(self._switch_faults, ()), reason=offline)

    def _of_environments(self) -> Entries:
        offline = "" if self._store.connection.live else why_offline()
        for environment in self._by_name():
            for it in OF_ENVIRONMENT:
                text = _(it.name_of(environment)).format(name=environment.name)
                do = partial(it.do, self._window.sidebar, environment.id)
                also = _(it.also) if it.also else ""
                yield PaletteEntry(text, do, also=also, reason=offline if it.asks else "")

    def _of_buttons(self) -> Entries:
        """Offer the buttons that stand in the window now, by their names."""
        for button in self._window.findChildren(QAbstractButton):
            if button.accessibleName() and self._is_there(button):
                more = "…" if button.text().endswith("…") else ""
                reason = "" if button.isEnabled() else button.accessibleDescription()
                name = button.accessibleName() + more
                yield PaletteEntry(name, partial(_click, button), reason=reason)

    def _is_there(self, button: QAbstractButton) -> bool:
        acts = isinstance(button, QPushButton | QToolButton)  # and is no choice in a form
        return acts and button.isVisible() and button.window() is self._window

    def _export(self) -> None:
        self._window.show_tab("activity")
        if self._window.page:
            page = cast("ActivityTab", self._window.page.tab("activity"))
            page.export.button.click()


def _click(button: QAbstractButton) -> None:
    """Click the button, which may have gone since it was offered."""
    if isValid(button) and button.isVisible():
        button.setFocus()
        button.click()
