"""The settings: each change applies at once, and is kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QTabBar

from autosky_desktop.system import autostart
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.settings.dialog import SettingsDialog
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.theme import prefer_colours, prefer_motion
from autosky_desktop.ui.theme.tokens import DARK, LIGHT
from autosky_desktop.ui.widgets.focus import first_in
from tests.support import looking
from tests.support.background import Watched, a_watched_evening
from tests.support.evening import ERP
from tests.support.person import Person, said, visible


async def choose(me: Person, field: str, words: str) -> None:
    """By keys, as a list of choices may be used without opening it."""
    box = await me.until(
        lambda: next((it for it in visible(QComboBox) if it.accessibleName() == field), None), field
    )
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.count()):
        if box.currentText() == words:
            return
        QTest.keyClick(box, Qt.Key.Key_Down)
    raise AssertionError(f"{words} is not among the choices of {field}")


def settings(it: Watched) -> Settings:
    return it.evening.desktop._preferences.settings


async def test_the_theme_changes_while_one_looks(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None) as it:
        try:
            await me.presses("Settings")
            await choose(me, "Theme", "Dark")
            assert theme.tokens() == DARK
            assert settings(it).theme == "dark"
            await choose(me, "Theme", "System")
            assert theme.tokens() == LIGHT
        finally:
            prefer_colours("system")
        await me.presses("Close")


async def test_other_minutes_count_at_once(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        await me.presses("Settings")
        await choose(me, "Remind me before a shutdown", "10 and 2 minutes before")
        await choose(me, "In ERP Production", "Never")
        assert settings(it).reminders == (10, 2)
        assert settings(it).reminders_of == {ERP: ()}
        assert it.services.remind.waiting == []
        await choose(me, "In ERP Production", "Same as above")
        assert settings(it).reminders_of == {}
        assert [watched.minutes for watched in it.services.remind.waiting] == [(10, 2)]
        await me.presses("Close")


async def test_what_closing_does_can_be_chosen_again(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        await me.presses("Settings")
        await choose(me, "Closing the window", "Quits")
        assert settings(it).closing == "quit"
        await me.presses("Close")


async def test_starting_with_the_system_is_off_until_asked_for(
    qloop: object, me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    async with a_watched_evening(at=None):
        await me.presses("Settings")
        assert not autostart.is_on()
        await me.presses("Start with the system")
        assert autostart.is_on()
        monkeypatch.setattr(autostart, "turn", refuse)
        await me.presses("Start with the system")
        await me.sees("Not changed: the system does not allow it (Read-only file system).")
        await me.presses("Close")


def refuse(_on: bool) -> None:
    raise OSError(30, "Read-only file system")


async def test_motion_is_reduced_while_one_looks(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None) as it:
        assert theme.current().motion
        try:
            await me.presses("Settings")
            await choose(me, "Motion", "Reduced")
            assert not theme.current().motion
            assert settings(it).motion == "reduced"
            await choose(me, "Motion", "System")
            assert theme.current().motion
        finally:
            prefer_motion("system")
        await me.presses("Close")


async def test_it_is_as_large_whichever_page_is_looked_at(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None):
        await me.presses("Settings")
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        tabs = next(it for it in visible(QTabBar) if it.accessibleName() == "Pages")
        pages = [tabs.tabText(it) for it in range(tabs.count())]
        sizes, places = set(), set()
        for page in (*pages, *pages):
            await me.opens_tab(page)
            looking.settle()
            assert isinstance(dialog, SettingsDialog)
            assert dialog.focusWidget() is first_in(dialog._shown), page
            sizes.add((dialog.width(), dialog.height()))
            places.add(tabs.mapTo(dialog, QPoint()).toTuple())
        assert len(pages) > 3
        assert len(sizes) == len(places) == 1, (sizes, places)
        await me.presses("Close")


async def test_it_opens_at_the_first_setting_of_its_page(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None) as it:
        for page, first in (("general", "Language"), ("email", "Mail server"), ("connecting", "")):
            it.evening.desktop.background.show_settings(page)
            dialog = QApplication.activeModalWidget()
            assert dialog is not None
            focus = dialog.focusWidget()
            assert focus is not None
            assert not first or focus.accessibleName() == first
            assert said(focus) not in ("Close", "General")
            await me.presses("Close")
