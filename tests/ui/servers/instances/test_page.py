"""Every instance and who is on it: read when somebody looks, ended when somebody agreed."""

import asyncio
from collections.abc import Iterable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.session import Session
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.servers.instances.page import InstancesPage
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.theme.fonts import TextStyle, advance
from autosky_desktop.ui.widgets.table.cells import text_rect
from tests.support import looking
from tests.support.evening import ERP, LIVE, NOW, Evening, ago, an_environment, an_evening
from tests.support.person import Person, cell, visible
from tests.ui.frame.test_by_keys import press, types_in_the_palette

CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
PEOPLE = [
    Session(id=name, account=name, instance="i", since=ago(600)) for name in ("ana", "bob", "eva")
]


async def chooses(me: Person, accounts: Iterable[str]) -> None:
    """Several rows, as one does with Ctrl."""
    for account in accounts:
        table, index = await me.until(
            lambda name=account: cell(f"Account: {name}"),  # type: ignore[misc]
            f"account {account}",
        )
        place = table.visualRect(index).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)


async def test_the_page_lists_instances_and_the_accounts_on_them(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("3 sessions, read ")
        for said in ("Instance: INST-01", "Public IP: None", "Sessions: 37", "Version: 41",
                     "Status: Available", "Account: ana"):  # fmt: skip
            await me.sees(said)
        assert not me.offers("End session")
        await me.presses("Back to Servers")
        await me.no_longer_sees("Account: ana")


async def test_several_sessions_end_after_their_environment_was_typed(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await chooses(me, ("ana", "eva"))
        await me.presses("End 2 sessions")
        await me.sees("Consequence: 2 sessions end at once: ana, eva.")
        await me.sees("Unsaved work in them is lost.")
        await me.types("Type ERP Production to confirm", " erp production ")
        evening.plane.people = PEOPLE[:2]
        await me.presses("End 2 sessions")
        await me.sees("1 session ended. Already gone: eva.")
        await me.no_longer_sees("Account: ana")
        assert evening.plane.asked == ["end ana eva"]


async def test_in_staging_one_session_ends_by_key_without_typing(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(label="staging"))
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await chooses(me, ("bob",))
        me.key(Qt.Key.Key_Return)
        await me.sees("End the session of bob in ERP Production?")
        await me.presses("End session")
        await me.sees("1 session ended.")
        assert evening.plane.asked == ["end bob"]


async def test_waiting_failing_and_nobody_are_said(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people_wait = asyncio.Event()
        evening.plane.people_error = Offline("no answer")
        await me.presses("Show all instances")
        await me.sees("Reading the accounts…")
        evening.plane.people_wait.set()
        await me.sees("The control plane does not answer.")
        evening.plane.people_error = None
        await me.presses("Try again")
        await me.sees("No session is open, read ")
        evening.store.details(ERP).instances.replace([])
        await me.sees("No instance is running. They start when users sign in.")


async def test_they_are_read_again_when_the_number_of_sessions_changes(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.presses("Show all instances")
        await me.sees("No session is open")
        evening.plane.people = PEOPLE
        fewer = Instance(id="i", name="INST-01", status="draining", version=41, sessions=3)
        evening.store.details(ERP).instances.put(fewer)
        await me.sees("Account: bob")
        await me.sees("Status: Draining")


async def test_offline_nothing_can_be_ended(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await chooses(me, ("ana",))
        assert me.offers("End session")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        assert not me.offers("End session")
        evening.store.set_connection(LIVE)
        assert me.offers("End session")


async def test_a_press_on_a_head_sorts_and_what_was_chosen_stays(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = [
            Session(id=name, account=name, instance="i", since=ago(60 * number))
            for number, name in enumerate(("ana", "bob", "eva"))
        ]
        await me.presses("Show all instances")
        await chooses(me, ("ana",))
        table, first = await me.until(lambda: cell("Account: ana"), "ana")
        assert first.row() == 0
        head = table.horizontalHeader()  # type: ignore[attr-defined]
        place = QPoint(head.sectionViewportPosition(2) + 20, head.height() // 2)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
        _table, now = await me.until(lambda: cell("Account: ana"), "ana")
        assert now.row() == 2
        await me.presses("End session")
        await me.sees("Consequence: 1 session ends at once: ana.")


async def test_what_could_not_be_read_is_read_when_the_line_is_back(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        evening.plane.people_error = Offline("no answer")
        await me.presses("Show all instances")
        await me.sees("The accounts could not be read.")
        evening.plane.people_error, evening.plane.people = None, PEOPLE
        evening.store.set_connection(LIVE)
        await me.sees("3 sessions, read ")
        await me.no_longer_sees("The control plane does not answer.")


async def test_closed_before_the_answer_it_is_not_waited_for(
    qloop: object, me: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_evening() as evening:
        evening.plane.people_wait = asyncio.Event()
        await me.presses("Show all instances")
        await me.sees("Reading the accounts…")
        await me.presses("Back to Servers")
        await me.no_longer_sees("Reading the accounts…")
        assert not [it for it in asyncio.all_tasks() if it.get_name() == "read sessions"]
        evening.plane.people_wait.set()
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("3 sessions, read ")
        assert not [it for it in caplog.records if it.levelname == "ERROR"]


async def test_many_changes_are_read_once_more_after_a_pause(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.presses("Show all instances")
        await me.sees("No session is open")
        evening.plane.people = PEOPLE
        for number in (3, 4, 5):
            changed = Instance(
                id="i", name="INST-01", status="running", version=41, sessions=number
            )
            evening.store.details(ERP).instances.put(changed)
        await asyncio.sleep(0)
        assert cell("Account: bob") is None
        await me.sees("Account: bob")


async def test_an_account_is_found_by_its_name(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("Account: ana")
        page = next(visible(InstancesPage))
        await me.until(evening.desktop.window.isActiveWindow, "an active window")
        me.key(Qt.Key.Key_F, CONTROL)
        await me.until(page.accounts.finder.hasFocus, "the field")
        await me.types("Find an account", "BO")
        await me.no_longer_sees("Account: ana")
        await me.sees("Account: bob")
        await me.types("Find an account", "nobody")
        await me.sees("No account matches 'nobody'.")
        me.key(Qt.Key.Key_Escape)
        await me.sees("Account: eva")
        me.key(Qt.Key.Key_Escape)
        await me.no_longer_sees("Account: eva")  # the second one leads back to the servers
        assert next(visible(ServersPage))


async def test_a_question_follows_those_who_sign_out_meanwhile(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await chooses(me, ("ana", "eva"))
        await me.presses("End 2 sessions")
        await me.sees("2 sessions end at once: ana, eva.")
        page = next(visible(InstancesPage))
        evening.plane.people = [PEOPLE[2]]
        page.accounts.read()
        await me.sees("Now: 1 session ends at once: eva.")
        evening.plane.people = []
        page.accounts.read()
        await me.sees("Consequence: Everyone you chose has signed out by now.")
        assert evening.plane.asked == []


def several(evening: Evening, *names: str) -> None:
    """Instances of these names, with one account on each: of the instance's own name."""
    instances = [
        Instance(id=name, name=name, status="available", version=41, sessions=1) for name in names
    ]
    evening.store.details(ERP).instances.replace(instances)
    evening.plane.people = [
        Session(id=f"s{name}", account=f"on-{name}", instance=name, since=NOW) for name in names
    ]


async def chooses_instance(me: Person, name: str) -> None:
    table, index = await me.until(lambda: cell(f"Instance: {name}"), name)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    await asyncio.sleep(0)


async def test_choosing_an_instance_shows_who_is_on_it_and_nobody_else(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        several(evening, "INST-1", "INST-2", "INST-10")
        await me.presses("Show all instances")
        await me.sees("Account: on-INST-10")
        await chooses_instance(me, "INST-1")
        await me.sees("Accounts on INST-1")
        assert cell("Account: on-INST-1") is not None
        assert cell("Account: on-INST-2") is cell("Account: on-INST-10") is None
        await chooses_instance(me, "INST-1")
        await me.no_longer_sees("Accounts on INST-1")
        await me.sees("Account: on-INST-10")
        await chooses_instance(me, "INST-2")
        await me.sees("Accounts on INST-2")
        await me.presses("Show the accounts of all instances")
        await me.sees("Account: on-INST-1")


async def test_escape_shows_everybody_again_and_then_the_servers(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        several(evening, "INST-1", "INST-2")
        await me.presses("Show all instances")
        await me.sees("Account: on-INST-1")
        await me.until(lambda: next(visible(InstancesPage)).table.hasFocus(), "the list")
        me.key(Qt.Key.Key_Down)
        me.key(Qt.Key.Key_Return)
        await me.sees("Accounts on INST-")
        me.key(Qt.Key.Key_Escape)
        await me.no_longer_sees("Accounts on INST-")
        me.key(Qt.Key.Key_Escape)
        await me.until(lambda: next(visible(ServersPage), None), "the servers")
        focus = evening.desktop.window.focusWidget()
        assert focus is not None
        assert focus.accessibleName() == "Show all instances"


async def test_an_instance_that_goes_takes_its_choice_with_it(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        several(evening, "INST-1", "INST-2")
        await me.presses("Show all instances")
        await me.sees("Account: on-INST-1")
        await chooses_instance(me, "INST-1")
        await me.sees("Accounts on INST-1")
        evening.store.details(ERP).instances.remove("INST-1")
        await me.no_longer_sees("Accounts on INST-1")
        await me.sees("Account: on-INST-2")


async def test_an_instance_with_nobody_on_it_says_so(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        several(evening, "INST-1", "INST-2")
        evening.plane.people = evening.plane.people[:1]
        await me.presses("Show all instances")
        await me.sees("Account: on-INST-1")
        await chooses_instance(me, "INST-2")
        await me.sees("Nobody is on it.")


async def test_the_grey_button_says_in_the_page_why_it_is_grey(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("Select accounts to end their sessions.")
        await chooses(me, ("ana",))
        await me.no_longer_sees("Select accounts to end")


async def test_no_list_scrolls_in_itself(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        several(evening, *(f"INST-{it:02}" for it in range(1, 61)))
        await me.presses("Show all instances")
        await me.sees("Account: on-INST-60")
        looking.settle()
        page = next(visible(InstancesPage))
        for table in (page.table, page.accounts.table):
            last = table.visualRect(table.model().index(59, 0))
            assert table.viewport().rect().contains(last), "every row is on the page"
        assert page.height() > evening.desktop.window.height(), "and the page is scrolled"


async def test_every_address_has_room_beside_the_accounts(qloop: object, me: Person) -> None:
    async with an_evening(1280, 820) as evening:
        longest = Instance(
            id="i", name="INST-01", status="available", version=41, sessions=37,
            public_ip="198.51.100.123", private_ip="10.240.110.228",
        )  # fmt: skip
        evening.store.details(ERP).instances.replace([longest])
        await me.presses("Show all instances")
        await me.sees("No session is open")
        looking.settle()
        table = next(visible(InstancesPage)).table
        for column, text in ((1, longest.public_ip), (2, longest.private_ip)):
            cell_rect = table.visualRect(table.model().index(0, column))
            room = text_rect(cell_rect, column, table._records.columns[column]).width()
            assert room >= advance(TextStyle.BODY, str(text))


async def test_the_tab_and_its_key_lead_back_from_the_page(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        for back in (lambda: me.opens_tab("Servers"), None):
            await me.presses("Show all instances")
            await me.until(lambda: next(visible(InstancesPage), None), "the page")
            assert window.header.tabs.tabText(window.header.tabs.currentIndex()) == "Servers"
            if back:
                await back()
            else:
                me.key(Qt.Key.Key_1, CONTROL)
            await me.until(lambda: next(visible(ServersPage), None), "the servers")


async def test_from_publish_the_palette_leads_to_all_instances(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        await me.opens_tab("Publish")
        await types_in_the_palette(me, "show all instances")
        await press(Qt.Key.Key_Return)
        await me.until(lambda: next(visible(InstancesPage), None), "the page")
        assert (window.tab, window.header.tabs.currentIndex()) == ("instances", 0)
        table = next(visible(InstancesPage)).table
        await me.until(lambda: window.focusWidget() is table, "the keyboard in the list")
        await me.opens_tab("Publish")
        await me.no_longer_sees("Accounts")


async def test_in_a_small_window_the_accounts_of_what_is_chosen_come_into_sight(
    qloop: object, me: Person
) -> None:
    async with an_evening(1024, 640) as evening:
        several(evening, *(f"INST-{it:02}" for it in range(1, 13)))
        await me.presses("Show all instances")
        await me.sees("Account: on-INST-12")
        looking.settle()
        page = next(visible(InstancesPage))
        await chooses_instance(me, "INST-01")
        await me.sees("1 of 12 sessions, read ")
        looking.settle()
        seen = page.visibleRegion().boundingRect()
        first = page.accounts.table.visualRect(page.accounts.table.model().index(0, 0))
        assert seen.contains(page.accounts.table.viewport().mapTo(page, first.center()))
