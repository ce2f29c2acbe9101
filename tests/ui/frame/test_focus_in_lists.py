"""Whoever is in a list stays in it while it changes, near where they were."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView

from autosky_desktop.domain.session import Session
from autosky_desktop.ui.servers.instances.page import InstancesPage
from tests.support.evening import (
    Evening,
    a_preparation_server,
    a_support_server,
    ago,
    an_environment,
    an_evening,
)
from tests.support.keys import focus, press
from tests.support.person import Person, visible
from tests.ui.frame.test_by_keys import types_in_the_palette
from tests.ui.servers.test_support import card

Key = Qt.Key


def of_sixty(evening: Evening) -> QListView:
    """The list of so many environments, with the keyboard in it."""
    for number in range(60):
        evening.store.environments.put(an_environment(f"e{number:02}", f"Env {number:02}"))
    evening.desktop.window.sidebar.list.setFocus()
    return evening.desktop.window.sidebar.list


def at(found: QListView) -> str:
    return str(found.currentIndex().data())


async def test_the_environment_beside_one_that_goes_has_the_keyboard_and_nothing_scrolls(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        environments, found = evening.store.environments, of_sixty(evening)
        await press(Key.Key_Home, Key.Key_Down)
        bar = found.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)
        seen = bar.value()
        for number in range(60):
            environments.put(an_environment(f"e{number:02}", f"Env {number:02}", sessions=number))
        assert (at(found), bar.value()) == ("Env 01", seen)
        environments.remove("e01")
        assert at(found) in ("Env 00", "Env 02")
        assert abs(bar.value() - seen) < found.height()
        assert focus() is found


@pytest.mark.parametrize(("opened", "beside"), [("e30", "e31"), ("z", "payroll")])
async def test_the_one_beside_is_opened_when_the_open_one_goes(
    qloop: object, me: Person, opened: str, beside: str
) -> None:
    async with an_evening() as evening:
        environments, found = evening.store.environments, of_sixty(evening)
        environments.put(an_environment("z", "Zoo"))
        evening.desktop.window.open(opened)
        environments.remove(opened)
        assert evening.desktop.window.environment == beside
        assert found.currentIndex().data(Qt.ItemDataRole.UserRole).id == beside
        assert focus() is found
        await press(Key.Key_Up)


async def test_servers_that_go_leave_the_keyboard_in_their_card(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        preparation, *others = a_preparation_server(), *map(a_support_server, ("A", "B", "C"))
        evening.show(preparation, *others)
        table = card().table
        table.setFocus()
        table.select_records(["c"], "c")
        evening.show(preparation, *others[:2])
        assert table.current_record() == others[1]
        assert table.selected_records() == []
        assert focus() is table
        evening.show(preparation)
        assert focus() is card()
        evening.show(preparation, *others)
        assert focus() is table


async def test_accounts_that_sign_out_leave_the_keyboard_in_their_card(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        people = [Session(id=it, account=it, instance="i", since=ago(60)) for it in ("ana", "bob")]
        evening.plane.people = people
        await me.presses("Show all instances")
        await me.sees("Account: ana")
        accounts = next(visible(InstancesPage)).accounts
        accounts.table.setFocus()
        accounts.table.select_records(["bob"], "bob")
        for left, current in ((people[:1], people[0]), ([], None)):
            evening.plane.people = left
            accounts.read()
            await me.until(lambda left=left: len(accounts.sessions) == len(left), "those left")
            assert accounts.table.current_record() == current
            assert accounts is focus() or accounts.isAncestorOf(focus())


async def test_the_palette_keeps_the_keyboard_while_servers_come(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await types_in_the_palette(me, "restart")
        field = focus()
        evening.show(a_preparation_server(), *map(a_support_server, ("A", "B", "C")))
        assert focus() is field
        await press(Key.Key_Escape)
