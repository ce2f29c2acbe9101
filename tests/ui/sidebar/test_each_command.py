"""Every command of an environment is in its menu and in the palette, and does the same from both:
tried of each that is declared.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from autosky_desktop.ui.sidebar.commands import OF_ENVIRONMENT, EnvironmentCommand
from autosky_desktop.ui.widgets.dialog import Dialog
from tests.support.evening import Evening, an_evening
from tests.support.person import Person, cell, menu_line
from tests.support.walk import palette

State = tuple[str, tuple[str, ...], str, str]


def state(evening: Evening) -> State:
    """Return what a command can change: what is open, the favourites, what was copied, and what is
    asked.
    """
    window, favourites = evening.desktop.window, evening.preferences.settings.favourites
    question = QApplication.activeModalWidget()
    asked = question.accessibleName() if isinstance(question, Dialog) else ""
    return window.environment, favourites, QApplication.clipboard().text(), asked


async def opens_menu(me: Person, evening: Evening) -> None:
    view = evening.desktop.window.sidebar.list
    _view, row = await me.until(lambda: cell("Payroll"), "Payroll in the list")
    view.setCurrentIndex(row)
    QTest.keyClick(view, Qt.Key.Key_Menu)
    await me.until(lambda: menu_line("Copy link"), "the menu of Payroll")


@pytest.mark.parametrize("command", OF_ENVIRONMENT, ids=lambda it: it.text)
async def test_it_does_the_same_from_the_menu_and_from_the_palette(
    qloop: object, me: Person, command: EnvironmentCommand
) -> None:
    by_name = await what_came_of(me, command, by_menu=False)
    assert await what_came_of(me, command, by_menu=True) == by_name
    opened, favourites, copied, asked = by_name
    assert {
        "Open": opened == "payroll",
        "Add to favourites": favourites == ("payroll",),
        "Copy link": copied.startswith("autosky://environment/payroll"),
    }.get(command.text, "Payroll" in asked), by_name


async def what_came_of(me: Person, command: EnvironmentCommand, *, by_menu: bool) -> State:
    async with an_evening() as evening:
        QApplication.clipboard().clear()
        before = state(evening)
        if by_menu:
            await opens_menu(me, evening)
            await me.chooses(command.text)
        else:
            named = command.named.format(name="Payroll")
            [entry] = [it for it in await palette(me) if it.text == named]
            entry.do()
        await me.until(lambda: state(evening) != before, "something that is otherwise")
        return state(evening)


@pytest.mark.parametrize("command", OF_ENVIRONMENT, ids=lambda it: it.text)
async def test_a_favourite_has_each_too(
    qloop: object, me: Person, command: EnvironmentCommand
) -> None:
    async with an_evening() as evening:
        evening.desktop.window.sidebar.favour("payroll")
        await opens_menu(me, evening)
        assert menu_line(command.of_favourite or command.text)
        await me.closes_menu()


def test_the_commands_are_declared() -> None:
    assert {"Open", "Add to favourites", "Copy link", "Edit…", "Remove…"} <= {
        it.text for it in OF_ENVIRONMENT
    }
