"""The things that open over the window for a moment: menus, the lists of fields, the calendar."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateEdit

from autosky_desktop.ui.background.parts import SystemParts
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.tray.host import TrayHost
from autosky_desktop.ui.tray.menu import TrayMenu
from tests.support.background import SEVEN, Kepts, Quiet, stops_at
from tests.support.connect_window import Connectable
from tests.support.evening import a_preparation_server, a_support_server, an_environment
from tests.support.looking import is_painted
from tests.support.notifier import FakeNotifier
from tests.support.person import LEFT, Person, cell, visible
from tests.support.screens.registry import (
    SCREENS,
    Open,
    open_list,
    open_row_menu,
    opened,
    screen,
    servers,
)
from tests.support.screens.windows import choose_account


def menu_of(before: str, button: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS[before](it, me)
        await me.presses(button)
        await opened(me)

    return opening


def row_menu(before: str, row: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS[before](it, me)
        await open_row_menu(it, me, row)

    return opening


SCREENS |= {
    "menu: main": menu_of("servers", "Main menu"),
    "menu: of the preparation server": menu_of("servers", "Actions for PREP-ERP-PROD-01"),
    "menu: of the preparation server, not connected": menu_of(
        "servers: not connected", "Actions for PREP-ERP-PROD-01"),
    "menu: of extending": menu_of("servers", "Extend execution"),
    "menu: of templates": menu_of("publish: request user reconnection", "Message template"),
    "menu: of a support server": row_menu("servers", "Actions for DB-ERP-PROD-01"),
    "menu: of a publication": row_menu("publish: done",
                                       "Actions for the publication of Today 17:33"),
    "menu: of an earlier publication": row_menu(
        "publish: optimized", "Actions for the publication of Sun 22 Nov 18:33"),
    "menu: of a scheduled publication": row_menu(
        "publish: scheduled list", "Actions for the publication of Fri 27 Nov 22:00"),
    "list: hours to run": open_list("question: of starting", "Run for"),
    "list: models": open_list("publish: scheduled", "Model"),
    "list: results": open_list("publish: optimized", "Filter by result"),
    "list: time zones": open_list("publish: scheduled", "Time zone"),
    "list: warnings": open_list("publish: request user reconnection", "Warn again"),
    "list: kinds of activity": open_list("activity", "Filter activity by kind"),
    "list: people": open_list("activity", "Filter activity by person"),
    "list: themes": open_list("settings: general", "Theme"),
    "list: reminders": open_list("settings: general", "Remind me before a shutdown"),
    "list: encryption": open_list("settings: email", "Encryption"),
}  # fmt: skip


@screen("menu: of an environment")
async def _environment(it: Connectable, me: Person) -> None:
    servers(it.evening)
    view = it.evening.desktop.window.sidebar.list
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Menu)
    await opened(me)


@screen("menu: of several servers")
async def _several(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.clicks_cell("Name: DB-ERP-PROD-01")
    table = next(visible(ServersPage)).support.table
    _table, index = await me.until(lambda: cell("Name: FILE-ERP-PROD-01"), "another server")
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, place)
    QTest.keyClick(table, Qt.Key.Key_Menu)
    await opened(me)


@screen("menu: of an instance")
async def _instance(it: Connectable, me: Person) -> None:
    await SCREENS["instances"](it, me)
    await me.clicks_cell("Actions for INST-05")
    await opened(me)


@screen("menu: of an instance without an address")
async def _no_address(it: Connectable, me: Person) -> None:
    await SCREENS["instances"](it, me)
    await me.clicks_cell("Actions for INST-01")
    await opened(me)


@screen("menu: of the instances replaced first")
async def _replaced(it: Connectable, me: Person) -> None:
    await SCREENS["publish: held, several replaced"](it, me)
    window = it.evening.desktop.window
    await me.until(lambda: is_painted(window), "all of it painted")
    await me.presses("Open one and look")
    await opened(me)


@screen("menu: of an account")
async def _account(it: Connectable, me: Person) -> None:
    await SCREENS["instances"](it, me)
    table = await choose_account(me, "ana")
    QTest.keyClick(table, Qt.Key.Key_Menu)
    await opened(me)


def tray(it: Connectable) -> TrayMenu:
    """Open the menu of the icon, on many environments, with a connection that was."""
    many = [an_environment(f"e{n}", f"Site {n}") for n in range(4)]
    it.evening.show(a_preparation_server(), a_support_server(), environment=stops_at(SEVEN))
    for one in many:
        it.evening.store.environments.put(one)
    background = it.evening.desktop.background
    outside = SystemParts(Kepts(), FakeNotifier(), Quiet, TrayHost(lambda: True))
    background.watch(lambda: outside)
    background.begin()
    found = [it for it in QApplication.topLevelWidgets() if isinstance(it, TrayMenu)]
    return found[-1]


@screen("menu: tray")
async def _tray(it: Connectable, me: Person) -> None:
    menu = tray(it)
    menu.popup(it.evening.desktop.window.mapToGlobal(QPoint(300, 60)))
    await opened(me)


@screen("menu: tray, of an environment")
async def _tray_environment(it: Connectable, me: Person) -> None:
    menu = tray(it)
    below = next(found for it in menu.actions() if (found := it.menu()))
    below.popup(it.evening.desktop.window.mapToGlobal(QPoint(300, 60)))
    await opened(me)


@screen("calendar")
async def _calendar(it: Connectable, me: Person) -> None:
    await SCREENS["publish: scheduled"](it, me)
    date = next(it for it in visible(QDateEdit) if it.accessibleName() == "Date")
    QTest.keyClick(date, Qt.Key.Key_F4)
    if not date.calendarWidget().isVisible():
        QTest.mouseClick(date, LEFT, pos=QPoint(date.width() - 8, date.height() // 2))
    await opened(me)
