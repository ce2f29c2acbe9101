"""What was asked for and not answered may still be done: it says so, and goes once it is done."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.errors import AnswerLost, Offline
from autosky_desktop.domain.plan import Hold
from autosky_desktop.domain.server import Power
from autosky_desktop.domain.session import Session
from autosky_desktop.ui.servers.instances.accounts import Accounts
from autosky_desktop.ui.servers.page import ServersPage
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    a_support_server,
    ago,
    an_environment,
    an_evening,
)
from tests.support.person import Person, texts, visible
from tests.ui.publish.form.test_forms import page, set_time
from tests.ui.publish.run.test_runs import a_run, a_scheduled, tell
from tests.ui.servers.conftest import AT, DAILY, show

MAYBE = "No answer came. It may still be done: look again when the connection is back."
HELD = a_run(state="waiting", waiting_for="go-on", hold=Hold(first=2))
ENDING = a_run(
    state="waiting", waiting_for="go-on", hold=Hold(first=2), model="standard",
)  # fmt: skip
BROKEN = a_run(
    state="failed", steps=a_publication("succeeded", "skipped", "failed", "pending").steps,
    ended_at=NOW, instances_replaced=0,
)  # fmt: skip
LATER = a_scheduled()


class Case(NamedTuple):
    """What is asked, by which buttons, what happens meanwhile that is not it, and what is."""

    begin: Callable[[Evening, Person], Awaitable[None]]
    button: str
    other: Callable[[Evening], None]
    done: Callable[[Evening], None]


def of_a_run(run: object, ask: str, button: str, **done: object) -> Case:
    async def begin(evening: Evening, me: Person) -> None:
        await me.opens_tab("Publish")
        tell(evening, run)  # type: ignore[arg-type]
        getattr(page(evening).questions, ask)(run)
        await me.until(asks, "a question")

    return Case(
        begin,
        button,
        lambda it: tell(it, replace(run, note="read again")),  # type: ignore[type-var]
        lambda it: tell(it, replace(run, **done)),  # type: ignore[type-var]
    )


def of_a_server(power: Power, button: str, before: str, after: str) -> Case:
    server = a_support_server(status=before)

    async def begin(evening: Evening, _me: Person) -> None:
        environment = an_environment(label="staging")
        evening.show(a_preparation_server(), server, environment=environment)
        next(visible(ServersPage)).support.power_asked.emit([server], power)

    def servers(evening: Evening, **more: object) -> None:
        evening.store.details(ERP).servers.put(replace(server, **more))

    return Case(
        begin,
        button,
        lambda it: servers(it, private_ip="10.20.0.99"),
        lambda it: servers(it, status=after, since=NOW),
    )


async def end_a_session(evening: Evening, me: Person) -> None:
    evening.show(environment=an_environment(label="staging"))
    evening.plane.people = [Session(id="bob", account="bob", instance="i", since=ago(600))]
    await me.presses("Show all instances")
    await me.clicks_cell("Account: bob")
    await me.presses("End session")


def signed_out(evening: Evening, *left: Session) -> None:
    evening.plane.people = list(left)
    evening.desktop.window.findChildren(Accounts)[0].read()


CASES = {
    "stop": of_a_run(a_run(), "stop", "Stop publication", cancel_asked_by="ana"),
    "retry": of_a_run(BROKEN, "retry", "Try again", steps=a_run().steps, state="running"),
    "go on": of_a_run(ENDING, "go_on", "Go on", waiting_for=None),
    "go back": of_a_run(HELD, "go_back", "Return to version 41", waiting_for=None),
    "cancel": of_a_run(LATER, "cancel_scheduled", "Cancel this publication", state="cancelled"),
    "start": of_a_server(Power.START, "Start", "stopped", "starting"),
    "stop server": of_a_server(Power.STOP, "Stop server", "running", "stopped"),
    "restart": of_a_server(Power.RESTART, "Restart", "running", "running"),
    "end": Case(
        end_a_session,
        "End session",
        lambda it: signed_out(it, *it.plane.people),
        signed_out,
    ),
}


def goes_unanswered(evening: Evening, error: Exception) -> None:
    evening.plane.run_error = evening.plane.act_error = error
    evening.plane.move_error = evening.plane.publish_error = error


def asks() -> bool:
    return QApplication.activeModalWidget() is not None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_question_that_was_not_answered_stays_until_what_it_asked_for_is_done(
    qloop: object, me: Person, case: Case
) -> None:
    async with an_evening() as evening:
        goes_unanswered(evening, AnswerLost())
        await case.begin(evening, me)
        await me.presses(case.button)
        await me.sees(MAYBE)
        case.other(evening)
        assert MAYBE in texts()
        case.done(evening)
        await me.until(lambda: not asks(), "a question that is closed")
        assert MAYBE not in texts()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_question_that_was_not_even_sent_is_not_closed_by_somebody_else(
    qloop: object, me: Person, case: Case
) -> None:
    async with an_evening() as evening:
        goes_unanswered(evening, Offline())
        await case.begin(evening, me)
        await me.presses(case.button)
        await me.sees("The control plane does not answer.")
        case.done(evening)
        await me.sees("The control plane does not answer.")
        assert asks()
        await me.presses("Keep it" if case is CASES["cancel"] else SAFE.get(case.button, "Go back"))


SAFE = {"Return to version 41": "Keep waiting", "Go on": "Keep waiting"}


async def test_a_shutdown_whose_cancelling_was_not_answered_is_asked_about_until_it_is_gone(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        goes_unanswered(evening, AnswerLost())
        evening.desktop.shutdowns.cancel(ERP)
        await me.presses("Cancel all shutdowns")
        await me.sees(MAYBE)
        show(evening, None)
        await me.until(lambda: not asks(), "a window that is closed")
        await me.sees("Scheduled shutdown: none")
        assert MAYBE not in texts()


async def test_a_shutdown_that_somebody_else_moved_meanwhile_is_asked_about_anew(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        goes_unanswered(evening, AnswerLost())
        evening.desktop.shutdowns.cancel(ERP)
        await me.presses("Cancel all shutdowns")
        await me.sees(MAYBE)
        show(evening, replace(DAILY, at=AT + timedelta(hours=1)))
        await me.sees("Keep 20:00")
        assert asks()
        assert MAYBE not in texts()
        await me.presses("Keep 20:00")


async def test_a_shutdown_that_is_gone_says_so_in_the_window_that_asks_about_it(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.cancel(ERP)
        await me.sees("Cancel all shutdowns")
        show(evening, None)
        await me.sees("No shutdown is scheduled any more.")
        await me.presses("Close")


async def test_a_shutdown_that_was_put_back_is_cancelled_by_another_request(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []

    async def unheard(_server: str, _request: object, *, key: str) -> None:
        keys.append(key)
        raise AnswerLost

    async with an_evening() as evening:
        show(evening)
        monkeypatch.setattr(evening.plane, "move_shutdown", unheard)
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.sees(MAYBE)
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.until(lambda: len(keys) == 2, "the same again")
        await me.sees(MAYBE)
        show(evening, replace(DAILY, at=AT + timedelta(hours=1)))
        await me.no_longer_sees(MAYBE)
        show(evening)
        assert MAYBE not in texts()
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.until(lambda: len(keys) == 3, "another")
        assert keys[0] == keys[1] != keys[2]


async def test_a_publication_whose_moving_was_not_answered_is_asked_about_until_it_is_moved(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        goes_unanswered(evening, AnswerLost())
        await me.opens_tab("Publish")
        tell(evening, LATER)
        await me.opens_tab("Scheduled")
        await me.presses("Move publication of Fri 27 Nov 22:00")
        set_time(QDate(2026, 11, 27), QTime(23, 0))
        await me.presses("Move to Fri 27 Nov 23:00")
        await me.sees(MAYBE)
        assert LATER.scheduled_for
        tell(evening, replace(LATER, note="read again"))
        assert asks()
        tell(evening, replace(LATER, scheduled_for=LATER.scheduled_for + timedelta(hours=1)))
        await me.until(lambda: not asks(), "a window that is closed")


async def test_a_change_of_what_is_scheduled_that_was_not_answered_ends_when_it_is_changed(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        goes_unanswered(evening, AnswerLost())
        await me.opens_tab("Publish")
        tell(evening, LATER)
        await me.opens_tab("Scheduled")
        await me.sees("Passed: Preparation server is running")
        await me.clicks_cell("Actions for the publication of Fri 27 Nov 22:00")
        await me.chooses("Edit")
        await me.types("Note on this version", "Labels")
        await me.presses("Change to Fri 27 Nov 22:00")
        await me.presses("Change to Fri 27 Nov 22:00")
        await me.sees(MAYBE)
        tell(evening, replace(LATER, note="Labels", changed_at=NOW))
        await me.until(lambda: not asks(), "a question that is closed")
        await me.sees("Schedule for today 22:00")


async def test_a_publication_that_was_to_be_scheduled_is_asked_about_until_it_is(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        goes_unanswered(evening, AnswerLost())
        await me.opens_tab("Publish")
        await me.opens_tab("Scheduled")
        await me.presses("Schedule for today 22:00")
        await me.sees("Schedule a publication to ERP Production?")
        await me.presses("Schedule for today 22:00")
        await me.sees(MAYBE)
        [asked] = evening.plane.requests
        assert asked.schedule
        other = replace(LATER, requested_by="ana", plan=asked.plan)
        tell(evening, other)
        assert asks()
        tell(evening, replace(other, id="ours", scheduled_for=asked.schedule.at))
        await me.until(lambda: not asks(), "a question that is closed")


async def test_going_on_that_was_not_answered_is_sent_again_as_the_same_request(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []

    async def unheard(_run: str, _request: object, *, key: str) -> None:
        keys.append(key)
        raise AnswerLost

    async with an_evening() as evening:
        monkeypatch.setattr(evening.plane, "go_on", unheard)
        await me.opens_tab("Publish")
        tell(evening, HELD)
        for number in (1, 2):
            await me.presses("Go on")
            await me.until(lambda: len(keys) == number, "a request")  # noqa: B023  at once
            await me.sees(MAYBE)
        held_again = replace(HELD, instances_replaced=3)
        tell(evening, held_again)
        await me.no_longer_sees(MAYBE)
        await me.presses("Go on")
        await me.until(lambda: len(keys) == 3, "another request")
        assert keys[0] == keys[1] != keys[2]
