"""Before a server is started or stopped the question says which, where, and what it costs whom."""

import asyncio
from typing import Any, cast

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame

from autosky_desktop.actions.connect.connecting import OpenSession
from autosky_desktop.actions.connect.recording import Report
from autosky_desktop.domain.connecting import ConnectRequest
from autosky_desktop.domain.endpoint import Route
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.servers.commands import START
from autosky_desktop.ui.servers.menu import name_of
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.input.select import Select
from tests.support.connecting import an_endpoint
from tests.support.evening import (
    ERP,
    LIVE,
    NOW,
    Evening,
    a_preparation_server,
    a_support_server,
    an_environment,
    an_evening,
)
from tests.support.launcher import PretendedSession
from tests.support.person import Person, menu_line, texts, visible

STOPPED = a_preparation_server(status="stopped", shutdown=None)


async def opens_menu_of(me: Person, server: str) -> None:
    await me.clicks_cell(f"Actions for {server}")


def shown(evening: Evening, **more: Any) -> None:
    evening.show(a_preparation_server(), a_support_server(), environment=an_environment(**more))


async def test_stopping_the_preparation_server_names_its_environment(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        shown(evening)
        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.sees("Stop PREP-ERP-PROD-01?")
        await me.sees("In ERP Production")
        await me.sees("Production")
        await me.presses("Stop server")
        await me.until(lambda: evening.plane.asked == ["stop prep"], "the stop")


async def test_enter_after_the_right_name_does_it_and_after_a_wrong_one_nothing(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        shown(evening)
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.types("Type ERP Production to confirm", "ERP Prod")
        me.key(Qt.Key.Key_Return)
        assert evening.plane.asked == []
        await me.types("Type ERP Production to confirm", "erp production")
        me.key(Qt.Key.Key_Return)
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "the stop, once")
        await me.no_longer_sees("Stop DB-ERP-PROD-01?")


async def test_what_the_button_says_meanwhile_is_read_whole(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening)
        evening.plane.power_waits = asyncio.Event()
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Restart…")
        await me.types("Type ERP Production to confirm", "ERP Production")
        before = next(it.width() for it in visible(Button) if it.text() == "Restart")
        await me.presses("Restart")
        await me.sees("Restarting…")
        busy = next(it for it in visible(Button) if it.text() == "Restarting…")
        assert before == busy.width() >= busy.sizeHint().width()
        evening.plane.power_waits.set()
        await me.no_longer_sees("Restarting…")


async def test_each_address_of_the_preparation_server_can_be_copied_by_its_name(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(public_ip="203.0.113.24", private_ip="10.20.0.11"))
        for name, address in (("public", "203.0.113.24"), ("private", "10.20.0.11")):
            await me.presses(f"Copy {name} IP of PREP-ERP-PROD-01")
            assert QApplication.clipboard().text() == address


async def test_what_is_promoted_is_what_can_be_done(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(STOPPED, a_support_server())
        await me.sees("Starting the server schedules one.")
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.sees("It switches itself off after 4 hours.")
        await me.presses("Start server")
        await me.until(lambda: evening.plane.asked == ["start prep"], "the start")
        evening.show()
        assert not me.offers("Start server PREP-ERP-PROD-01")


@pytest.mark.parametrize(
    ("line", "question", "button", "asked"),
    [
        ("Stop server…", "Stop DB-ERP-PROD-01?", "Stop server", "stop db-erp-prod-01"),
        ("Restart…", "Restart DB-ERP-PROD-01?", "Restart", "restart db-erp-prod-01"),
    ],
)
async def test_cutting_people_off_in_production_wants_the_name_typed(
    qloop: object, me: Person, line: str, question: str, button: str, asked: str
) -> None:
    async with an_evening() as evening:
        shown(evening)
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses(line)
        await me.sees(question)
        await me.sees("Consequence: 37 sessions are cut off from it.")
        assert not me.offers(button)
        frames = QApplication.activeModalWidget().findChildren(QFrame)
        assert [it.height() for it in frames if it.property("kind") == "rule"] == [1]
        await me.types("Type ERP Production to confirm", "ERP production ")
        await me.presses(button)
        await me.until(lambda: evening.plane.asked == [asked], asked)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"label": "staging"}, "37 sessions are cut off from it."),
        ({"sessions": 0}, "No session is open."),
        ({"sessions": None}, "The number of open sessions is not reported."),
    ],
)
async def test_where_nobody_in_production_is_known_to_be_hurt_a_press_is_enough(
    qloop: object, me: Person, more: dict[str, Any], said: str
) -> None:
    async with an_evening() as evening:
        shown(evening, **more)
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.sees(said)
        await me.presses("Stop server")
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "the stop")


async def test_a_line_that_is_off_says_why(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening)
        await me.presses("Actions for PREP-ERP-PROD-01")
        _menu, start = await me.until(lambda: menu_line("Start server…"), "the line")
        assert not start.isEnabled()
        assert start.statusTip() == "Already running"
        await me.closes_menu()


async def test_an_open_question_follows_the_facts(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening, label="staging")
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.sees("37 sessions are cut off from it.")
        evening.store.environments.put(an_environment(label="staging", revision=2))
        assert me.offers("Stop server")  # a confirmation changes nothing of it
        evening.store.environments.put(an_environment(label="staging", sessions=41, revision=3))
        assert not me.offers("Stop server")  # for two seconds, to be read
        await me.sees("Consequence: Now: 41 sessions are cut off from it.")
        await me.no_longer_sees("37 sessions are cut off")
        assert evening.plane.asked == []
        await me.presses("Stop server")  # once there was time to read
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "the stop")


async def test_numbers_that_never_stand_still_do_not_keep_a_person_from_acting(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        shown(evening, label="staging")
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.sees("37 sessions are cut off from it.")
        evening.store.environments.put(an_environment(label="staging", sessions=41, revision=2))
        await me.sees("Consequence: Now: 41 sessions are cut off from it.")
        await me.until(lambda: me.offers("Stop server"), "the button again")
        evening.store.environments.put(an_environment(label="staging", sessions=42, revision=3))
        await me.sees("Consequence: Now: 42 sessions are cut off from it.")
        assert me.offers("Stop server")
        evening.store.environments.put(an_environment(label="staging", sessions=0, revision=4))
        assert not me.offers("Stop server")  # that is something else, and to be read
        await me.sees("No session is open.")


async def test_who_comes_while_it_is_asked_has_the_name_typed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening, sessions=0)
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.sees("No session is open.")
        evening.store.environments.put(an_environment(sessions=41, revision=3))
        await me.sees("Consequence: Now: 41 sessions are cut off from it.")
        await me.types("Type ERP Production to confirm", "ERP Production")
        assert evening.plane.asked == []
        await me.presses("Stop server")
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "the stop")


async def test_an_open_question_follows_its_server(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening, label="staging")
        servers = evening.store.details(ERP).servers
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        assert me.offers("Stop server")
        servers.put(a_support_server(status="stopped"))
        await me.sees("Consequence: Already stopped")
        assert not me.offers("Stop server")
        servers.put(a_support_server())
        await me.no_longer_sees("Already stopped")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Consequence: No connection to the control plane")
        assert not me.offers("Stop server")
        evening.store.set_connection(LIVE)
        await me.presses("Stop server")
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "the stop")
        await me.no_longer_sees("Stop DB-ERP-PROD-01?")


async def test_a_question_that_was_answered_hears_no_more_of_the_facts(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        shown(evening, label="staging")
        tables = evening.store.environments, evening.store.details(ERP).servers, evening.store
        left: list[bool] = []
        for _ in range(3):  # in one of them the window may settle, which listens from then on
            before = [len(it._watchers) for it in tables]
            await opens_menu_of(me, "DB-ERP-PROD-01")
            await me.chooses("Stop server…")
            assert [len(it._watchers) for it in tables] != before
            await me.presses("Go back")
            await me.no_longer_sees("Stop DB-ERP-PROD-01?")
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            left.append([len(it._watchers) for it in tables] != before)
        assert left.count(True) <= 1


async def test_of_several_only_those_are_asked_that_can_be_by_then(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        web = a_support_server("WEB-01")
        staging = an_environment(label="staging")
        evening.show(a_preparation_server(), a_support_server(), web, environment=staging)
        page = next(visible(ServersPage))
        page.support.table.select_records(["db-erp-prod-01", "web-01"])
        await me.presses("Actions for 2 selected servers")
        await me.chooses("Stop 2 servers…")
        await me.sees("Stop 2 servers?")
        servers = evening.store.details(ERP).servers
        servers.put(a_support_server("WEB-01", status="stopping"))
        await me.sees("Stop 1 server?")
        await me.sees("WEB-01: Not while it is stopping")
        await me.presses("Stop 1 server")
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "the stop")


async def test_nothing_is_asked_of_several_that_are_all_gone_elsewhere(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        both = [a_support_server(), a_support_server("WEB-01")]
        evening.show(a_preparation_server(), *both, environment=an_environment(label="staging"))
        page = next(visible(ServersPage))
        page.support.table.select_records([it.id for it in both])
        await me.presses("Actions for 2 selected servers")
        await me.until(lambda: menu_line("Stop 2 servers…"), "the menu")
        for server in both:
            evening.store.details(ERP).servers.put(replace(server, status="stopped"))
        await me.chooses("Stop 2 servers…")
        await me.sees("Consequence: Already stopped")
        assert not me.offers("Stop 2 servers")
        assert evening.plane.asked == []


async def test_a_start_is_asked_for_as_many_hours_as_were_chosen(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        environment = an_environment(daily_stop="19:00", time_zone="America/Sao_Paulo")
        evening.show(STOPPED, a_support_server(), environment=environment)
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.sees("Or earlier, at the daily stop at 19:00 (America/Sao_Paulo).")
        hours, *_ = [it for it in visible(Select) if it.accessibleName() == "Run for"]
        assert hours.currentText() == "4 hours (usual)"
        assert [hours.itemText(0), hours.itemText(hours.count() - 1)] == ["1 hour", "12 hours"]
        hours.setCurrentIndex(0)
        await me.sees("It switches itself off after 1 hour.")
        assert me.offers("Start server")
        await me.presses("Start server")
        await me.until(lambda: evening.plane.asked == ["start prep for 1 h"], "the start")


async def test_a_support_server_has_no_hours_to_choose(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(), a_support_server(status="stopped"))
        await opens_menu_of(me, "DB-ERP-PROD-01")
        await me.chooses("Start server…")
        await me.sees("Start DB-ERP-PROD-01?")
        assert not [it for it in visible(Select) if it.accessibleName() == "Run for"]


async def test_who_is_connected_from_here_is_told_what_ends_it_and_not_what_starts(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        server = a_support_server()
        request = ConnectRequest(
            environment=ERP, server=server, endpoint=an_endpoint(server.id), account="ana",
            way=Route.PRIVATE,
        )  # fmt: skip
        session = OpenSession(
            id="1", request=request, running=PretendedSession(4000, shows=True), since=NOW,
            report=cast("Report", None),
        )  # fmt: skip
        evening.desktop._power._sessions = lambda _server: [session]
        shown(evening)
        for state, line, is_told in (
            ("running", "Stop server…", True),
            ("stopped", "Start server…", False),
        ):
            evening.show(a_preparation_server(), a_support_server(status=state))
            await opens_menu_of(me, "DB-ERP-PROD-01")
            await me.chooses(line)
            await me.sees("DB-ERP-PROD-01?")
            said = any("You are connected to it as ana." in text for text in texts())
            assert said is is_told
            await me.presses("Go back")
            await me.no_longer_sees("DB-ERP-PROD-01?")


def test_no_number_is_said_of_servers_none_of_which_can_be_started() -> None:
    assert name_of(START, 2) == "Start 2 servers…"
    assert name_of(START, 0) == "Start servers…"
