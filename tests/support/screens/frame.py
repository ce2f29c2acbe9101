"""The window before there is anything to show, and where there cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QPoint

from autosky_desktop.domain.demo import Demo
from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.system.last_run import Crash
from autosky_desktop.system.settings import Settings, UnreadSettings
from autosky_desktop.ui.banners.lost import LostBanner
from autosky_desktop.ui.banners.remembered import LostSettings
from autosky_desktop.ui.frame.demo import FaultsMenu
from autosky_desktop.ui.frame.guide import show_guide
from autosky_desktop.ui.frame.report import ReportDialog, show_report
from autosky_desktop.ui.frame.tour import show_tour
from autosky_desktop.ui.frame.window import MainWindow
from tests.support.connect_window import Connectable
from tests.support.evening import NOW, ago, an_environment
from tests.support.person import Person, visible
from tests.support.screens.registry import SCREENS, Open, opened, screen, servers

REPORT = """== about ==
Version: 0.1.0
Data folder: /home/[name]/.local/share/autosky-desktop

== databases ==
app.sqlite3: 421_888 bytes, ok

== window ==
2026-11-24 18:31:02,114 WARNING autosky_desktop.flows.follow: The line is lost: Offline()
2026-11-24 18:31:04,902 INFO autosky_desktop.ui.connect: [name] at [address], password=[secret]
"""


@screen("window: starting")
async def _starting(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    it.evening.store.set_connection(LineStatus(Line.STARTING, NOW))
    await me.sees("The control plane on this computer is starting.")


@screen("window: first start")
async def _doors(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    it.evening.store.me = None
    it.evening.store.set_connection(LineStatus(Line.STARTING, NOW))
    next(visible(MainWindow)).show_doors()
    await me.sees("Welcome to Autosky Desktop")


def toured(number: int) -> Open:
    """Show the hint of that number, from 1."""

    async def opening(it: Connectable, me: Person) -> None:
        servers(it.evening)
        show_tour(it.evening.desktop.window)
        for at in range(1, number + 1):
            await me.sees(f"{at} of 4")
            if at < number:
                await me.presses("Next")

    return opening


SCREENS.update({f"window: hint {number}": toured(number) for number in range(1, 5)})


@screen("help: report a problem")
async def _report(it: Connectable, me: Person) -> None:
    servers(it.evening)
    desktop, store = it.evening.desktop, it.evening.store
    show_report(desktop.window, store, Settings(), [], Path("nowhere"), desktop.tasks)
    dialog = next(visible(ReportDialog))
    await me.until(lambda: dialog.shown, "the report of this computer")
    dialog.show_report(REPORT)


@screen("help: guide")
async def _guide(it: Connectable, me: Person) -> None:
    servers(it.evening)
    show_guide(it.evening.desktop.window)
    await me.sees("Contents")


@screen("window: no environments")
async def _empty(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    it.evening.store.tell()
    await me.sees("No environments")


@screen("window: cannot start")
async def _error(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    cause = CannotStart("data-folder", "[Errno 13] Permission denied: '/home/ana/.local/share'")
    it.evening.store.set_connection(LineStatus(Line.FAILED, NOW, None, cause))
    await me.sees("The environments could not be shown")


@contextmanager
def folder_of_ana() -> Iterator[None]:
    """Have the data folder be the same on every computer, while its name is written."""
    application: Any = QCoreApplication.instance()
    before = getattr(application, "data", None)
    application.data = Path("/home/ana/.local/share/autosky-desktop")
    try:
        yield
    finally:
        application.data = before


@screen("window: data folder damaged")
async def _damaged(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    cause = CannotStart("storage-damaged", "database disk image is malformed")
    with folder_of_ana():
        it.evening.store.set_connection(LineStatus(Line.FAILED, NOW, None, cause))
        await me.until(lambda: me.offers("Start afresh"), "a way to begin again")


@screen("question: start afresh")
async def _afresh(it: Connectable, me: Person) -> None:
    await _damaged(it, me)
    with folder_of_ana():
        await me.presses("Start afresh")
        await me.sees("Nothing is deleted.")


@screen("window: ended before")
async def _ended_before(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.desktop.ended_before.tell(Crash(ago(9000), ago(600), traced=True))
    await me.sees("Autosky Desktop ended unexpectedly")


@screen("window: settings lost")
async def _lost(it: Connectable, me: Person) -> None:
    trouble = UnreadSettings(("theme", "reminders", "mail_host"), "settings-1.json")
    it.evening.preferences.trouble = trouble
    lost = LostSettings(it.evening.preferences)
    banner = next(visible(MainWindow)).findChild(LostBanner)
    assert isinstance(banner, LostBanner)
    column = banner.layout()
    assert column
    column.addWidget(lost)
    await me.sees("The original file was kept as settings-1.json")


@screen("demo: faults are on")
async def _faults(it: Connectable, me: Person) -> None:
    servers(it.evening)
    store = it.evening.store
    store.environments.put(an_environment(demo=True))
    store.demo = Demo(speed=20.0, faults=["image-fails", "provider-busy"])
    store.tell()
    await me.sees("Faults of the demo are on:")


@screen("demo: menu of faults")
async def _menu_of_faults(it: Connectable, me: Person) -> None:
    await SCREENS["demo: faults are on"](it, me)
    window = it.evening.desktop.window
    menu = window.findChild(FaultsMenu)
    assert isinstance(menu, FaultsMenu)
    menu.popup(window.mapToGlobal(QPoint(300, 120)))
    await opened(me)


def helped(line: str, seen: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        servers(it.evening)
        await me.presses("Main menu")
        await me.chooses("Help")
        await me.chooses(line)
        await me.sees(seen)

    return opening


SCREENS["help: keys"] = helped("Keyboard shortcuts", "Force provider update: F5")
SCREENS["help: about"] = helped("About Autosky Desktop", "Control plane: This computer")
