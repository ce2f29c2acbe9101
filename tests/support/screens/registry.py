"""The list of screens, what several of them begin with, and how one goes on from another."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.publication import Publication
from autosky_desktop.ui.widgets.input.select import Select
from tests.support.connect_window import FILE, Connectable
from tests.support.evening import (
    Evening,
    a_preparation_server,
    a_support_server,
    ago,
    an_environment,
)
from tests.support.looking import is_painted, stands_still
from tests.support.person import Person, visible
from tests.ui.publish.history.test_history import a_past
from tests.ui.servers.conftest import DAILY

Open = Callable[[Connectable, Person], Awaitable[object]]

SCREENS: dict[str, Open] = {}
"""What opens each of them, by what it is called. What stands before the colon is its group."""

ALIKE: set[str] = set()
"""Those that differ from others by one sentence: they are looked at where there is least room."""

WEB = a_support_server("WEB-ERP-PROD-01", type="Web", status="restarting", since=ago(42))
REPLICA = a_support_server("DB-ERP-PROD-02", type="Database replica", status="stopped")


def screen(name: str) -> Callable[[Open], Open]:
    def keep(opening: Open) -> Open:
        SCREENS[name] = opening
        return opening

    return keep


def then(before: str, *presses: str, seen: str) -> Open:
    """Go on from a screen by pressing buttons, until something is seen."""

    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS[before](it, me)
        for name in presses:
            await me.presses(name)
        await me.sees(seen)

    return opening


def open_list(before: str, name: str) -> Open:
    """Go on from a screen by opening the list of a field."""

    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS[before](it, me)
        field = await me.until(
            lambda: next((it for it in visible(Select) if it.accessibleName() == name), None),
            f"field {name}",
        )
        # Qt closes a list when what is beneath it is laid out anew
        await me.until(stands_still(field.window()), "the field where it stays")
        field.showPopup()
        await opened(me)

    return opening


async def opened(me: Person) -> None:
    """Wait until a menu or a list is there."""
    await me.until(lambda: QApplication.activePopupWidget(), "a popup")


NONE = Qt.KeyboardModifier.NoModifier


def press(it: Connectable, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    window = it.evening.desktop.window
    QTest.keyClick(window.focusWidget() or window, key, modifier)


async def open_row_menu(it: Connectable, me: Person, row: str) -> None:
    window = it.evening.desktop.window
    await me.until(lambda: is_painted(window), "all of it painted")
    await me.clicks_cell(row)
    await opened(me)


def servers(evening: Evening, **more: object) -> None:
    environment = an_environment(daily_stop="19:00", longest_extension_hours=12)
    prep = a_preparation_server(**{"shutdown": DAILY, **more})
    evening.show(prep, a_support_server(), REPLICA, FILE, WEB, environment=environment)


def runs(evening: Evening, *those: Publication) -> None:
    past = [a_past(number) for number in range(6)]
    evening.plane.published = [*those, *past]
    evening.show(publications=[*those, *past])
