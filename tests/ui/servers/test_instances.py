"""Every instance and who is on it: read when somebody looks, ended when somebody agreed."""

import asyncio
from collections.abc import Iterable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.session import Session
from autosky_desktop.store.connection import Connection, Line
from autosky_desktop.ui.servers.instances_window import InstancesWindow, _rows
from tests.support.evening import ERP, LIVE, NOW, ago, an_environment, an_evening
from tests.support.person import Person, cell, visible

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


async def test_the_window_lists_instances_and_the_accounts_on_them(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("3 sessions, read ")
        for said in ("Instance: INST-01", "Public IP: None", "Sessions: 37", "Version: 41",
                     "Status: Available", "Account: ana"):  # fmt: skip
            await me.sees(said)
        assert not me.offers("End session")
        await me.presses("Close")
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
        evening.store.set_connection(Connection(Line.OFFLINE, NOW))
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
        evening.store.set_connection(Connection(Line.OFFLINE, NOW))
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
        await me.presses("Close")
        await me.no_longer_sees("Reading the accounts…")
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
        window = next(visible(InstancesWindow))
        await me.until(window.isActiveWindow, "an active window")
        me.key(Qt.Key.Key_F, CONTROL)
        await me.until(window.accounts.finder.hasFocus, "the field")
        await me.types("Find an account", "BO")
        await me.no_longer_sees("Account: ana")
        await me.sees("Account: bob")
        await me.types("Find an account", "nobody")
        await me.sees("No account matches 'nobody'.")
        me.key(Qt.Key.Key_Escape)
        await me.sees("Account: eva")
        me.key(Qt.Key.Key_Escape)
        await me.no_longer_sees("Account: eva")  # the second one closes the window


async def test_a_question_follows_those_who_sign_out_meanwhile(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await chooses(me, ("ana", "eva"))
        await me.presses("End 2 sessions")
        await me.sees("2 sessions end at once: ana, eva.")
        window = next(visible(InstancesWindow))
        evening.plane.people = [PEOPLE[2]]
        window.accounts.read()
        await me.sees("Now: 1 session ends at once: eva.")
        evening.plane.people = []
        window.accounts.read()
        await me.sees("Consequence: Everyone you chose has signed out by now.")
        assert evening.plane.asked == []


async def test_choosing_an_instance_shows_who_is_on_it_and_escape_shows_all_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        others = Instance(id="j", name="INST-02", status="available", version=41, sessions=1)
        evening.store.details(ERP).instances.put(others)
        evening.plane.people = [*PEOPLE, Session(id="z", account="zoe", instance="j", since=NOW)]
        await me.presses("Show all instances")
        await me.sees("Account: ana")
        table, index = await me.until(lambda: cell("Instance: INST-02"), "the second instance")
        QTest.mouseClick(
            table.viewport(), Qt.MouseButton.LeftButton, NONE, table.visualRect(index).center()
        )
        await me.no_longer_sees("Account: ana")
        await me.sees("Account: zoe")
        finder = next(visible(InstancesWindow)).accounts.finder
        assert finder.text() == "INST-02"
        QTest.keyClick(finder, Qt.Key.Key_Escape)
        await me.sees("Account: ana")


async def test_the_grey_button_says_in_the_window_why_it_is_grey(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("Select accounts.")
        await chooses(me, ("ana",))
        await me.no_longer_sees("Select accounts.")


@pytest.mark.parametrize(
    ("height", "instances", "rows"),
    [(640, 12, (4, 4)), (820, 12, (8, 5)), (820, 2, (4, 9)), (1080, 12, (12, 9))],
)
def test_both_lists_share_the_height_of_the_window(
    qapp: object, height: int, instances: int, rows: tuple[int, int]
) -> None:
    assert _rows(height, instances) == rows
