"""An operator connects to an instance, and at a hold to the one that was replaced first."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel

from autosky_desktop.domain.environment import Instance
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.publish.run.status_lines import WaitingLine
from autosky_desktop.ui.servers.commands import OF_INSTANCE, InstanceCommand
from autosky_desktop.ui.servers.instances.card import BusyInstance
from autosky_desktop.ui.servers.instances.page import InstancesPage
from autosky_desktop.ui.widgets.button import Button
from tests.support.connect_window import Connectable, connectable
from tests.support.connecting import an_endpoint
from tests.support.evening import ERP, NOW
from tests.support.looking import is_painted
from tests.support.person import Person, menu_line, texts, visible
from tests.support.walk import palette
from tests.ui.publish.run.test_runs import a_run, tell

AS = "ERPPROD\\svc-maintenance"


def an_instance(name: str = "INST-01", **more: Any) -> Instance:
    usual: dict[str, Any] = {"status": "available", "version": 41, "private_ip": "10.20.0.31"}
    return Instance(id=name.lower(), name=name, **{**usual, **more})


def have(it: Connectable, *instances: Instance) -> None:
    it.evening.store.details(ERP).instances.replace(instances)


async def is_asked(me: Person, name: str) -> None:
    """Wait until one is asked as whom to connect to it, and leave."""
    await me.sees(f"Connect to {name}")
    me.key(Qt.Key.Key_Escape)
    await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")


async def opens_menu_on_card(me: Person) -> None:
    row = await me.until(lambda: next(visible(BusyInstance), None), "the row on the card")
    place = QPoint(5, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, row.mapToGlobal(place))
    QApplication.sendEvent(row, event)


async def opens_menu_on_page(me: Person) -> None:
    if not next(visible(InstancesPage), None):
        await me.presses("Show all instances")
    await me.clicks_cell("Actions for INST-01")


@pytest.mark.parametrize("command", OF_INSTANCE, ids=lambda it: it.named)
async def test_each_command_is_on_the_card_on_the_page_and_in_the_palette(
    qloop: object, me: Person, command: InstanceCommand
) -> None:
    async with connectable() as it:
        have(it, an_instance())
        [entry] = [found for found in await palette(me) if found.text == "Connect to INST-01 as…"]
        assert command.named.format(name="INST-01") == entry.text
        entry.do()
        await is_asked(me, "INST-01")
        for opens_menu in (opens_menu_on_card, opens_menu_on_page):
            await opens_menu(me)
            await me.chooses("Connect as…")
            await is_asked(me, "INST-01")
        # whoever opens its menu does not ask who is on it
        assert not next(visible(InstancesPage)).accounts.only


@pytest.mark.parametrize(
    ("instance", "live", "reason"),
    [
        (an_instance(status="starting"), True, "Not while it is starting"),
        (an_instance(status="draining"), True, "Not while it is draining"),
        (an_instance(private_ip=None), True, "The provider tells no address of it"),
        (an_instance(), False, "No connection to the control plane"),
        (an_instance(private_ip=None, public_ip="198.51.100.4"), True, ""),
    ],
)
async def test_where_one_cannot_connect_it_says_why_everywhere(
    qloop: object, me: Person, instance: Instance, live: bool, reason: str
) -> None:
    async with connectable() as it:
        have(it, instance)
        if not live:
            it.evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        [entry] = [found for found in await palette(me) if found.text == "Connect to INST-01 as…"]
        assert entry.reason == reason
        for opens_menu in (opens_menu_on_card, opens_menu_on_page):
            await opens_menu(me)
            line = await me.until(lambda: menu_line("Connect as…"), "the menu")
            assert (line[1].statusTip(), line[1].isEnabled()) == (reason, not reason)
            await me.closes_menu()


async def test_an_instance_is_connected_to_recorded_and_closed_from_its_menu(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        have(it, an_instance(version=42))
        await opens_menu_on_page(me)
        await me.chooses("Connect as…")
        await me.sees("Private, 10.20.0.31")
        assert "Instance, version 42 · ERP Production" in texts()
        assert any(label.text() == "Available" for label in visible(QLabel))
        assert not any("It is started first" in text for text in texts())
        await it.connects()
        sessions = it.evening.desktop.connections.sessions
        await me.until(lambda: sessions("inst-01"), "a session")
        assert it.heard == [f"begun instance inst-01 as {AS}"]
        # the next version takes the instance away, so it is none to offer again
        assert it.evening.desktop._preferences.settings.recent_connections == ()
        await opens_menu_on_page(me)
        await me.chooses(f"Close connection as {AS}, open since 18:33")
        await me.until(lambda: not sessions(), "the end of the session")


async def test_one_that_was_replaced_meanwhile_is_not_connected_to(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        have(it, an_instance())
        await opens_menu_on_page(me)
        await me.chooses("Connect as…")
        await me.sees("Private, 10.20.0.31")
        have(it)
        await it.connects()
        await me.sees("INST-01 is no longer there: the provider does not report it any more.")
        assert not any("begun" in told for told in it.heard)


async def at_a_hold(it: Connectable, me: Person, *instances: Instance) -> None:
    have(it, *instances)
    tell(it.evening, a_run(state="waiting", waiting_for="go-on"))
    await me.opens_tab("Publish")
    await me.sees("Go on")


def look_button() -> Button:
    return next(
        it
        for it in next(visible(WaitingLine)).findChildren(Button)
        if it.text() == "Open it and look…"
    )


async def test_at_a_hold_the_one_replaced_first_is_opened_and_the_publication_stays_held(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        it.endpoint = an_endpoint("inst-04")
        await at_a_hold(it, me, an_instance("INST-04", version=42), an_instance("INST-02"))
        await me.presses("Open it and look")
        await me.sees("Connect to INST-04")
        await me.sees("Private, 10.20.0.31")
        await it.connects()
        await me.until(lambda: it.evening.desktop.connections.sessions("inst-04"), "a session")
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        assert me.offers("Go on")


async def test_of_several_one_is_chosen_and_one_that_cannot_be_opened_says_why(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        first = [
            an_instance("INST-10", version=42),
            an_instance("INST-09", version=42),
            an_instance("INST-11", version=42, status="blocked"),
        ]
        await at_a_hold(it, me, *first)
        window = it.evening.desktop.window
        await me.until(lambda: is_painted(window), "all of it painted")
        await me.presses("Open one and look")
        menu, blocked = await me.until(lambda: menu_line("INST-11"), "the menu")
        assert [line.text() for line in menu.actions()] == ["INST-09", "INST-10", "INST-11"]
        assert (blocked.isEnabled(), blocked.statusTip()) == (False, "Not while it is blocked")
        await me.chooses("INST-10")
        await is_asked(me, "INST-10")


async def test_where_none_can_be_opened_the_button_says_why(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await at_a_hold(it, me, an_instance(version=42, private_ip=None))
        look = look_button()
        assert (look.isEnabled(), look.accessibleDescription()) == (
            False, "The provider tells no address of it",
        )  # fmt: skip
        have(it, an_instance(version=42))
        await me.until(look.isEnabled, "a button that can be pressed")
        assert (look.accessibleDescription(), look.toolTip()) == ("", "")


async def test_nothing_is_offered_to_look_at_but_at_a_hold(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await at_a_hold(it, me, an_instance(version=42))
        look = look_button()
        assert look.isVisible()
        tell(it.evening, a_run(state="running", waiting_for=None))
        await me.until(lambda: not look.isVisible(), "no button")
        await me.sees("Publishing version 42")
