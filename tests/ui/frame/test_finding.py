"""Every field that finds something: the same words find it, and the same keys work in it."""

import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from autosky_desktop.domain.session import Session
from autosky_desktop.ui.servers.instances.page import InstancesPage
from tests.support.evening import (
    ERP,
    Evening,
    a_preparation_server,
    a_publication,
    a_support_server,
    ago,
    an_environment,
    an_evening,
)
from tests.support.keys import focus, press
from tests.support.person import Person, cells, said, visible
from tests.ui.frame.test_by_keys import CTRL, types_in_the_palette
from tests.ui.palette.test_palette import shown as in_the_palette
from tests.ui.publish.history.test_history import history
from tests.ui.servers.test_support import card

Key = Qt.Key
NAME, OTHER = "Łącz Câmera Straße", "Payroll"


@asynccontextmanager
async def two_names() -> AsyncIterator[Evening]:
    """Environments, servers, accounts and publications, two of each."""
    async with an_evening() as it:
        it.plane.people = [
            Session(id=name, account=name, instance="i", since=ago(600)) for name in (NAME, OTHER)
        ]
        runs = [
            a_publication(id=name, note=name, version=41 - at)
            for at, name in enumerate((NAME, OTHER))
        ]
        it.plane.published = runs
        it.show(
            a_preparation_server(),
            *map(a_support_server, (NAME, OTHER)),
            environment=an_environment(name=NAME),
            publications=runs,
        )
        yield it


async def among_environments(me: Person, _evening: Evening) -> Callable[[], list[str]]:
    await press(Key.Key_L, held=CTRL)
    return lambda: [text for _at, text in cells(_evening.desktop.window.sidebar.list)]


async def among_servers(me: Person, _evening: Evening) -> Callable[[], list[str]]:
    await press(Key.Key_F, held=CTRL)
    return lambda: [text for _at, text in cells(card().table) if text.startswith("Name: ")]


async def among_accounts(me: Person, evening: Evening) -> Callable[[], list[str]]:
    await me.presses("Show all instances")
    await me.sees(f"Account: {NAME}")
    await press(Key.Key_F, held=CTRL)
    table = next(visible(InstancesPage)).accounts.table
    return lambda: [text for _at, text in cells(table) if text.startswith("Account: ")]


async def in_the_history(me: Person, evening: Evening) -> Callable[[], list[str]]:
    await me.opens_tab("Publish")
    await me.sees("Find a publication")
    next(it for it in visible(QLineEdit) if said(it) == "Find a publication").setFocus()
    table = history(evening).table
    return lambda: [str(table.model().record(row).note) for row in range(table.model().rowCount())]


FIELDS = [among_environments, among_servers, among_accounts, in_the_history]
Opens = Callable[[Person, Evening], Awaitable[Callable[[], list[str]]]]


@pytest.mark.parametrize("opens", FIELDS)
@pytest.mark.parametrize("typed", ["lacz", "strasse lacz", "CAMERA", NAME])
async def test_a_name_is_found_without_its_accents_and_with_its_words_in_any_order(
    qloop: object, me: Person, opens: Opens, typed: str
) -> None:
    async with two_names() as evening:
        found = await opens(me, evening)
        assert len(found()) == 2
        cast("QLineEdit", focus()).insert(unicodedata.normalize("NFD", typed))
        await me.until(lambda: len(found()) == 1, "one alone")
        assert NAME in found()[0]


@pytest.mark.parametrize("opens", FIELDS)
async def test_escape_shows_everything_again_and_leaves_nothing(
    qloop: object, me: Person, opens: Opens
) -> None:
    async with two_names() as evening:
        found = await opens(me, evening)
        field = focus()
        QTest.keyClicks(field, "payr")
        await me.until(lambda: len(found()) == 1, "one alone")
        await press(Key.Key_Escape)
        await me.until(lambda: len(found()) == 2, "both")
        assert focus() is field
        assert field.isVisible()


async def test_the_palette_finds_a_name_so_too(qloop: object, me: Person) -> None:
    async with two_names():
        await types_in_the_palette(me, "open strasse lacz")
        assert [it.text for it in in_the_palette()] == [f"Open {NAME}"]


async def test_a_name_with_letters_that_a_keyboard_does_not_have_can_be_confirmed(
    qloop: object, me: Person
) -> None:
    async with two_names() as evening:
        await types_in_the_palette(me, "stop payroll lacz")
        await press(Key.Key_Return)
        await me.sees(f"Stop {OTHER}?")
        await me.types(f"Type {NAME} to confirm", "lacz camera")
        assert not me.offers("Stop server")
        await me.types(f"Type {NAME} to confirm", "lacz camera strasse")
        await me.presses("Stop server")
        await me.until(lambda: evening.plane.asked == ["stop payroll"], "the stop")


async def test_down_and_enter_open_what_a_search_for_environments_has_found(
    qloop: object, me: Person
) -> None:
    async with two_names() as evening:
        window = evening.desktop.window
        await press(Key.Key_L, held=CTRL)
        QTest.keyClicks(focus(), "prod")
        await press(Key.Key_Down, Key.Key_Down)
        assert window.environment == ERP
        await press(Key.Key_Return)
        assert window.environment == "payroll"
