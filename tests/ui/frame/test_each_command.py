"""Every command of the window is in its menu, has its keys, and is found where commands are looked
for: tried of each that is declared.
"""

from collections import Counter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel

from autosky_desktop.ui.frame.commands import Command, Commands, Listed, declared
from autosky_desktop.ui.widgets.keys import written
from autosky_desktop.ui.window_commands import WindowCommands
from tests.support.evening import an_environment, an_evening
from tests.support.person import Person, visible
from tests.support.walk import palette

DECLARED = declared(WindowCommands)


def key(told: Command) -> str:
    """Return what is written of its keys: the first."""
    return written(told.keys.split(" ")[0])


def in_menu(commands: Commands, told: Command) -> list[QAction]:
    menus = {Listed.MAIN: commands.menu, Listed.HELP: commands.help}
    return [it for it in menus[told.listed].actions() if it.text() == told.name]


@pytest.mark.parametrize("name", DECLARED)
async def test_it_has_its_keys_and_stands_in_its_menu(qloop: object, name: str) -> None:
    told = DECLARED[name]
    async with an_evening() as evening:
        commands = evening.desktop._commands
        [action] = [it for it in commands.all if it.text() == told.name]
        assert action.shortcuts() == [QKeySequence(it) for it in told.keys.split()]
        if told.listed is Listed.NOWHERE:
            assert told.keys, "whoever has no palette finds it nowhere"
            assert not any(action in it.actions() for it in (commands.menu, commands.help))
        else:
            assert in_menu(commands, told) == [action]


async def test_the_palette_offers_each_with_its_key(qloop: object, me: Person) -> None:
    async with an_evening():
        offered = {(it.text, it.keys) for it in await palette(me)}
        for told in DECLARED.values():
            assert ((told.name, key(told)) in offered) is told.found, told.name


async def test_the_list_of_keys_has_each_that_has_one(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.window.setFocus()
        await me.presses("Main menu")
        await me.chooses("Help")
        await me.chooses("Keyboard shortcuts")
        await me.sees("Force provider update: F5")
        told = {it.accessibleName() for it in visible(QLabel)}
        for it in DECLARED.values():
            line = f"{it.name.rstrip('…')}: {key(it)}"
            assert (line in told) is bool(it.keys), line
        await me.presses("Close")


async def test_what_is_only_for_scaling_environments_says_so_in_others(qloop: object) -> None:
    async with an_evening() as evening:
        lone = an_environment("lone", "Lone", kind="standalone", label="staging")
        evening.store.environments.put(lone)
        evening.desktop.window.open("lone")
        for told in DECLARED.values():
            [action] = [it for it in evening.desktop._commands.all if it.text() == told.name]
            assert action.isEnabled() is (not told.scaling)
            assert action.statusTip() == told.scaling


def test_no_two_have_one_key_or_one_name() -> None:
    keys = Counter(it for told in DECLARED.values() for it in told.keys.split())
    names = Counter(told.name for told in DECLARED.values())
    assert [it for it in (*keys, *names) if keys[it] > 1 or names[it] > 1] == []


def test_the_commands_are_declared() -> None:
    assert {"show_servers", "publish", "show_palette", "quit"} <= set(DECLARED)
