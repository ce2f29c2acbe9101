"""The commands of the window, each declared beside what it does.

The main menu, the keys, the list of keys under Help and the palette are made of these, in the order
in which they stand here.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt

from autosky_desktop.ui.background.background import Background
from autosky_desktop.ui.background.parts import WindowParts
from autosky_desktop.ui.environment_pages import EnvironmentPages
from autosky_desktop.ui.frame import help as about
from autosky_desktop.ui.frame.commands import Commands, Listed, command
from autosky_desktop.ui.frame.demo import DemoControls
from autosky_desktop.ui.frame.favourites import Favourites
from autosky_desktop.ui.frame.provider_update import ProviderUpdate
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.servers.power import PowerQuestions
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.focus import step_to_region
from autosky_desktop.ui.widgets.open_log import data_folder, open_log
from autosky_desktop.words.labels import desktop as labels
from autosky_desktop.words.labels import environments
from autosky_desktop.words.labels import help as help_labels

if TYPE_CHECKING:
    from autosky_desktop.ui.servers.instances.page import InstancesPage


NO_PREPARATION = labels.NO_PREPARATION_SERVER
NO_PUBLISHING = labels.ONLY_SCALING_PUBLISHES

form_command = partial(command, listed=Listed.NOWHERE, scaling=NO_PUBLISHING)


class WindowCommands:
    """Does what the window is asked for by a command. `add` asks for a new environment, `read` has
    one read whole.
    """

    def __init__(
        self,
        parts: WindowParts,
        power: PowerQuestions,
        background: Background,
        pages: EnvironmentPages,
        update: ProviderUpdate,
        switching: Favourites,
        demo: DemoControls,
        add: Callable[[], None],
        read: Callable[[str], None],
    ) -> None:
        self._in, self._window = parts, parts.window
        self._power, self._background, self._pages = power, background, pages
        self._update, self._switching, self._demo, self._read = update, switching, demo, read
        self._add = add
        self.commands = Commands(parts.window)
        self.commands.add_all(self, parts.window.opened, parts.store)
        self.commands.menu.insertMenu(self.commands.help.menuAction(), demo.menu)

    @command(labels.SERVERS, "Ctrl+1")
    def show_servers(self) -> None:
        self._window.show_tab("servers")

    @command(labels.PUBLISH, "Ctrl+2")
    def show_publish(self) -> None:
        self._window.show_tab("publish")

    @command(labels.ACTIVITY, "Ctrl+3")
    def show_activity(self) -> None:
        self._window.show_tab("activity")

    @command(labels.FIND_AN_ENVIRONMENT, keys.FIND_ENVIRONMENT, after_line=True)
    def find_environment(self) -> None:
        self._window.show_sidebar(shown=True)
        self._window.sidebar.search.setFocus()
        self._window.sidebar.search.selectAll()

    @command(labels.NEXT_ENVIRONMENT, "Ctrl+Tab")
    def next_environment(self) -> None:
        self._window.sidebar.step(1)

    @command(labels.PREVIOUS_ENVIRONMENT, "Ctrl+Shift+Tab")
    def previous_environment(self) -> None:
        self._window.sidebar.step(-1)

    @command(labels.ADD_TO_OR_REMOVE, "Ctrl+D")
    def favour(self) -> None:
        self._switching.favour(self._window.environment)

    @command(environments.ADD_ENVIRONMENT, keys.ADD_ENVIRONMENT)
    def add_environment(self) -> None:
        self._add()

    @command(labels.SHOW_OR_HIDE_SIDEBAR, "Ctrl+B")
    def toggle_sidebar(self) -> None:
        self._window.show_sidebar(self._window.sidebar.isHidden())

    @command(labels.NEXT_REGION, "F6", Listed.NOWHERE)
    def next_region(self) -> None:
        self._step(1)

    @command(labels.PREVIOUS_REGION, "Shift+F6", Listed.NOWHERE)
    def previous_region(self) -> None:
        self._step(-1)

    @command(labels.COMMAND_PALETTE, "Ctrl+K", found=False)
    def show_palette(self) -> None:
        from autosky_desktop.ui.palette.commands import PaletteCommands

        parts = self._in
        PaletteCommands(
            self._window, parts.store, self.commands, self._power, parts.shutdowns,
            parts.connections, self._read, self._background.show_settings,
            self._pages.show_instances, self._demo.switch, parts.now,
        ).open()  # fmt: skip

    @command(labels.FIND_A_SERVER, keys.FIND_HERE, after_line=True)
    def find_here(self) -> None:
        """Find an account where all instances are shown, and a server elsewhere."""
        if self._window.tab == "instances" and self._window.page:
            cast("InstancesPage", self._window.page.tab("instances")).look_for()
        else:
            self._on_servers(ServersPage.find_server)

    @command(
        labels.START_PREPARATION_SERVER,
        "Ctrl+Shift+S",
        scaling=NO_PREPARATION,
    )
    def start(self) -> None:
        """Start the preparation server, on the tab that shows it, or says why it cannot be."""
        self._on_servers(ServersPage.start_preparation_server)

    @command(labels.CONNECT_AS, "Ctrl+Return Ctrl+Enter")
    def connect(self) -> None:
        self._on_servers(ServersPage.connect_to_focused)

    @command(labels.PUBLISH_NEW_VERSION, keys.PUBLISH)
    def publish(self) -> None:
        self._window.show_tab("publish")
        if self._window.page:
            form = self._window.page.tab("publish")
            form.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @command(labels.FORCE_PROVIDER_UPDATE, "F5")
    def update(self) -> None:
        self._update.press()

    @command(labels.EXTEND_RUNNING_TIME, "Ctrl+E", scaling=NO_PREPARATION)
    def extend(self) -> None:
        self._on_servers(ServersPage.offer_extensions)

    @command(
        labels.CANCEL_SCHEDULED_SHUTDOWN,
        "Ctrl+Shift+X",
        scaling=NO_PREPARATION,
    )
    def cancel_shutdown(self) -> None:
        self._in.shutdowns.cancel(self._window.environment)

    @form_command(labels.PUBLISH_OPTIMIZED, "Alt+1")
    def publish_optimized(self) -> None:
        self._show_form(0)

    @form_command(labels.PUBLISH_STANDARD, "Alt+2")
    def publish_standard(self) -> None:
        self._show_form(1)

    @form_command(labels.PUBLISH_KEEP_USERS_CONNECTED, "Alt+3")
    def publish_and_keep(self) -> None:
        self._show_form(2)

    @form_command(labels.PUBLISH_REQUEST_USER_RECONNECTION, "Alt+4")
    def publish_and_reconnect(self) -> None:
        self._show_form(3)

    @form_command(labels.PUBLISH_SCHEDULED, "Alt+5")
    def schedule(self) -> None:
        self._show_form(4)

    @command(labels.NOTIFICATIONS, keys.NOTIFICATIONS, after_line=True)
    def show_notifications(self) -> None:
        self._background.show_inbox()

    @command(labels.SETTINGS, keys.SETTINGS)
    def show_settings(self) -> None:
        self._background.show_settings()

    @command(labels.KEYBOARD_SHORTCUTS, "F1", Listed.HELP)
    def show_keys(self) -> None:
        about.show_keys(self._window, self.commands.all)

    @command(help_labels.GUIDE, listed=Listed.HELP)
    def show_guide(self) -> None:
        from autosky_desktop.ui.frame.guide import show_guide

        show_guide(self._window)

    @command(help_labels.TOUR, listed=Listed.HELP)
    def show_tour(self) -> None:
        from autosky_desktop.ui.frame.tour import show_tour

        show_tour(self._window)

    @command(labels.OPEN_THE_LOG, listed=Listed.HELP)
    def open_log(self) -> None:
        open_log()

    @command(labels.OPEN_LOG_FOLDER, listed=Listed.HELP)
    def open_log_folder(self) -> None:
        about.open_log_folder()

    @command(help_labels.REPORT_A_PROBLEM, listed=Listed.HELP)
    def report_a_problem(self) -> None:
        from autosky_desktop.ui.frame.report import show_report

        settings, tasks = self._in.preferences.settings, self._in.tasks
        about_it = about.details(self._in.store)
        show_report(self._window, self._in.store, settings, about_it, data_folder(), tasks)

    @command(labels.ABOUT_AUTOSKY_DESKTOP, listed=Listed.HELP, after_line=True)
    def show_about(self) -> None:
        about.show_about(self._window, self._in.store)

    @command(labels.CLOSE_THE_WINDOW, "Ctrl+W", after_line=True)
    def close(self) -> None:
        self._window.close()

    @command(labels.QUIT, keys.QUIT)
    def quit(self) -> None:
        self._in.quit()

    def _step(self, by: int) -> None:
        window = self._window
        parts = (window.sidebar, window.header, window.header.tabs, window.page, window.panel)
        step_to_region([part for part in parts if part and part.isVisible()], by)

    def _on_servers(self, work: Callable[[ServersPage], None]) -> None:
        self._window.show_tab("servers")
        if self._window.page:
            work(cast("ServersPage", self._window.page.tab("servers")))

    def _show_form(self, number: int) -> None:
        """Show the form of the model with that tab, from the left."""
        from autosky_desktop.ui.publish.page import PublishPage

        self._window.show_tab("publish")
        page = cast("object", self._window.page and self._window.page.tab("publish"))
        if isinstance(page, PublishPage):
            page.forms.tabs.setCurrentIndex(number)
            page.setFocus()
