"""The window: what is around the pages, and which page is shown."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.searching import plain
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.frame.header import Header
from autosky_desktop.ui.frame.page import EnvironmentPage, PageStage
from autosky_desktop.ui.frame.side_panel import SidePanel
from autosky_desktop.ui.frame.starting import Starting
from autosky_desktop.ui.frame.window_place import LEAST, WindowPlace
from autosky_desktop.ui.sidebar.sidebar import NARROW, WIDE, Sidebar
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.refreshing import Ticking
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.frame.welcome import Welcome

NARROW_BELOW = 1120
MOST_OF_WIDTH = 0.28
"""The most of the window that the sidebar takes, however large its letters are."""
"""The width under which side columns move below and margins shrink."""

MakePage = Callable[[str], EnvironmentPage]


class MainWindow(QMainWindow):
    """The main window. `opened` says which environment is looked at; `close_asked` that the person
    is leaving; `reworded` that everything in it was said in another language.
    """

    opened = Signal(str)
    close_asked = Signal()
    painted = Signal()
    servers_painted = Signal()
    reworded = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store = store
        self._now = now
        self._was_painted = False
        self._place = WindowPlace(self)
        self.environment = ""
        self.tab = "servers"
        self.panel: SidePanel | None = None
        self.doors: Welcome | None = None
        self.sidebar = Sidebar(now)
        self.header = Header()
        self.starting = Starting()
        self._stack = PageStage()
        self._stack.addWidget(self.starting)
        self._ticking = Ticking(self, self._tick)
        self._lay_out()
        self.sidebar.chosen.connect(self.open)
        self.header.tab_chosen.connect(self.show_tab)
        self.painted.connect(self._refresh)
        self._stack.reworded.connect(self._refresh)
        self._stack.reworded.connect(self.reworded)
        store.watch(self._refresh)
        self._refresh()

    def show_environments(self, make_page: MakePage, banner: QWidget, menu: QMenu) -> None:
        """Show from now on what the store knows, each environment on a page made when needed.

        `banner` stands between header and page. What is handed in here is not needed for the
        first paint, and made after it.
        """
        self._stack.make_by(make_page)
        self._right.insertWidget(1, banner)
        self.sidebar.set_menu(menu)
        self.header.menu_button.setMenu(menu)
        self._store.environments.watch(self._environments_changed)

    def show_doors(self) -> "Welcome":
        """Show, instead of any page, what a first start can begin with."""
        from autosky_desktop.ui.frame.welcome import Welcome

        if self.doors is None:
            self.doors = Welcome()
            self._stack.addWidget(self.doors)
            self.header.hide()
            self._refresh()
        return self.doors

    def close_doors(self) -> None:
        """Show what there is from now on."""
        doors, self.doors = self.doors, None
        self.header.show()
        self._refresh()
        if doors:
            self._stack.removeWidget(doors)
            doors.deleteLater()

    @property
    def menu_button(self) -> QWidget:
        """The button of the main menu, where it is now."""
        return self.header.menu_button if self.sidebar.isHidden() else self.sidebar.menu_button

    def open(self, environment: str) -> None:
        """Open an environment on the tab that is shown."""
        record = self._store.environments.get(environment)
        if record is None or environment == self.environment:
            return
        self.environment = environment
        page = self._stack.opened(environment)
        self.sidebar.choose(environment)
        page.show_tab(self.tab)
        page.set_narrow(self._is_narrow)
        self._show_page(page)
        self.opened.emit(environment)
        if self.focusWidget() is None:
            self.sidebar.list.setFocus()
        self._refresh()

    def show_tab(self, tab: str) -> None:
        self.tab = tab
        self.header.choose(tab)
        if self.environment:
            self._stack.opened(self.environment).show_tab(tab)

    @property
    def page(self) -> EnvironmentPage | None:
        """The page of the open environment."""
        return self._stack.page_of(self.environment)

    def remember(self, kept: Settings) -> None:
        """Bring the window back as it was left. The environment follows when it is known."""
        self.come_back_to(kept.environment)
        self.tab = kept.tab
        self.header.choose(kept.tab)
        self.show_sidebar(kept.sidebar)
        self._place.come_back(kept.geometry)

    def come_back_to(self, environment: str) -> None:
        """Set the environment to open first, if it is there."""
        self._wanted = environment

    @property
    def _is_narrow(self) -> bool:
        """Tell whether the page has little room, of which large letters and the panel beside it
        take some.
        """
        beside = self._row.contentsMargins().right()
        return self.width() - beside < scaled(NARROW_BELOW)

    def add_panel(self, panel: SidePanel) -> None:
        """Add the panel at the right, where it stands whenever it is open."""
        self.panel = panel
        panel.turned.connect(self._fit)

    def show_sidebar(self, shown: bool) -> None:
        """Show or hide the sidebar: without it the main menu is in the header."""
        self.sidebar.setVisible(shown)
        self.header.menu_button.setVisible(not shown)

    def remembered(self, kept: Settings = Settings()) -> Settings:  # noqa: B008  it is frozen
        """Return what was kept before, with the window as it is now."""
        return msgspec.structs.replace(
            kept,
            geometry=self._place.kept(),
            environment=self.environment or self._wanted,
            tab=self.tab,
            sidebar=not self.sidebar.isHidden(),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.doors or self.sidebar.list).setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_asked.emit()

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        panel, left = self.panel, self.sidebar.width() if self.sidebar.isVisible() else 0
        beside = panel.place(self.size(), left) if panel and not panel.isHidden() else 0
        self._row.setContentsMargins(0, 0, beside, 0)
        narrow = self._is_narrow
        wide = scaled(NARROW if narrow else WIDE)
        self.sidebar.setFixedWidth(min(wide, round(self.width() * MOST_OF_WIDTH)))
        self.header.set_margin(16 if narrow else 24)
        if self.page:
            self.page.set_narrow(narrow)

    _wanted = ""

    def _lay_out(self) -> None:
        self.setWindowTitle(_(labels.AUTOSKY_DESKTOP))
        self.setMinimumSize(LEAST)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self._stack, 1)
        self._right = right
        middle = QWidget()
        row = self._row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
        self.setCentralWidget(middle)

    def _environments_changed(self, diff: Diff[Environment]) -> None:
        beside = self.sidebar.apply(diff)
        for gone in diff.removed:
            self._stack.forget(gone)
        if self.environment in diff.removed:
            self.environment = ""
            self.open(beside)
        if first := self.opens_first(self._store.environments):
            self.open(first)
        if diff.removed and not self.environment:  # nothing else need happen for long
            self._refresh()
        if any(record.id == self.environment for record in diff.changed):
            self.header.show_environment(self._store.environments.get(self.environment))
            self._ticking.now()

    def opens_first(self, environments: Iterable[Environment]) -> str:
        """Return the id of the environment that is opened by itself: the last one, else the first
        by name.

        Empty where there is none, and while one is open.
        """
        if self.environment:
            return ""
        found = sorted(environments, key=lambda it: (plain(it.name), it.id))
        known = {it.id for it in found}
        return self._wanted if self._wanted in known else next((it.id for it in found), "")

    def _refresh(self) -> None:
        line = self._store.connection
        environment = self._store.environments.get(self.environment)
        self.header.show_environment(environment)
        self.sidebar.account.show_account(self._store.me)
        confirmed = line.live or line.since is None
        self.sidebar.confirm(confirmed, self._store.clock_ahead)
        self._show_page(self.page or self.doors or self.starting)
        self.starting.show_connection(line, empty=not self._store.environments)
        self._ticking.now()
        if environment is None:
            self.setWindowTitle(_(labels.AUTOSKY_DESKTOP))
        elif self._store.details(environment.id).revision is not None:
            QTimer.singleShot(0, self, lambda: self._say_shown(environment.name))

    def _show_page(self, page: QWidget) -> None:
        """Show a page: the first one at once, as it is waited for."""
        if self._stack.currentWidget() in (self.starting, self.doors):
            self._stack.setCurrentWidget(page)
        else:
            self._stack.turn_to(page)

    def _say_shown(self, name: str) -> None:
        """Name the environment in the title, once its servers have been painted."""
        if self.isVisible() and not self._was_painted:
            return  # it is said when that has happened
        self.setWindowTitle(_(labels.WINDOW_TITLE).format(name=name))
        self.servers_painted.emit()

    def _tick(self) -> int | None:
        line, now = self._store.connection, self._now()
        environment = self._store.environments.get(self.environment)
        pause = self.header.show_connection(line, environment, now=now)
        return round(pause.total_seconds() * 1000) + 50 if pause else None
