"""A setting is found by its title, whichever page it is on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTabBar, QWidget

from tests.support.background import a_watched_evening
from tests.support.person import Person, said, visible


def pages() -> list[str]:
    bars = {it for it in visible(QTabBar) if it.accessibleName() == "Pages"}
    return [bar.tabText(it) for bar in bars for it in range(bar.count()) if bar.isTabVisible(it)]


def focused() -> QWidget:
    window = QApplication.activeModalWidget()
    assert window
    widget = window.focusWidget()
    assert widget
    return widget


@pytest.mark.parametrize(
    ("typed", "left", "found"),
    [
        ("quiet", ["Notifications"], "Quiet hours"),
        ("MOTION", ["General"], "Motion"),
        ("mail server", ["Email"], "Mail server"),
        ("vault", ["Passwords"], "Vault command"),
        ("ssh terminal", ["Connecting"], "SSH terminal"),
        ("notifications", ["Notifications"], "Shutdowns"),
    ],
)
async def test_its_page_is_left_and_enter_leads_to_it(
    qloop: object, me: Person, typed: str, left: list[str], found: str
) -> None:
    async with a_watched_evening(at=None):
        await me.presses("Settings")
        await me.types("Find a setting", typed)
        assert pages() == left
        field = next(it for it in visible(QLineEdit) if it.accessibleName() == "Find a setting")
        QTest.keyClick(field, Qt.Key.Key_Return)
        await me.until(lambda: found in said(focused()), f"{found} with the keyboard")
        await me.presses("Close")


async def test_where_nothing_is_found_it_says_so_and_esc_brings_all_back(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None):
        await me.presses("Settings")
        every = pages()
        await me.types("Find a setting", "nowhere")
        await me.sees("No setting matches.")
        assert pages() == []
        field = next(it for it in visible(QLineEdit) if it.accessibleName() == "Find a setting")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert pages() == every
        await me.no_longer_sees("No setting matches.")
        await me.presses("Close")
