"""The scheduled shutdown at the window: extended, refused, limited, held, skipped, cancelled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from autosky_desktop.domain.errors import Offline, Refused
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.connection import Connection, Line
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    an_environment,
    an_evening,
)
from tests.support.person import Person, button_named, menu_line

AT = NOW.replace(hour=19, minute=0, second=0)
"""Where it stands, 27 minutes from now."""
DAILY = ScheduledShutdown(at=AT, reason="daily", skips_to=AT + timedelta(days=1))
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def show(evening: Evening, shutdown: ScheduledShutdown | None = DAILY, **more: Any) -> None:
    environment = an_environment(daily_stop="19:00", longest_extension_hours=12)
    server = a_preparation_server(shutdown=shutdown)
    evening.show(server, environment=more.pop("environment", environment), **more)


def refused(code: Code, **more: Any) -> Refused:
    return Refused(Problem(type="about:blank", title="No", status=409, code=code.value, **more))


async def test_the_strip_changes_when_the_new_time_was_read_back(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_waits = asyncio.Event()
        await me.sees("Scheduled shutdown: today 19:00, in 26 min")
        await me.sees("Daily schedule, UTC.")
        await me.presses("Extend execution")
        await me.chooses("Extend 1 h, to 20:00")
        await me.sees("Moving to 20:00…")
        await me.sees("Scheduled shutdown: today 19:00")
        evening.plane.move_waits.set()
        await me.until(lambda: evening.plane.moved, "an answer")
        await me.sees("Moving to 20:00…")
        assert evening.plane.moved
        show(evening, replace(evening.plane.moved, moved_by="ops-admin", moved_from=AT))
        await me.sees("Scheduled shutdown: today 20:00, in 1 h 26 min")
        await me.sees("Moved from 19:00 by ops-admin, ")
        assert evening.plane.asked == ["extend prep from 19:00 to 20:00"]


async def test_pressed_twice_it_is_one_request(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_waits = asyncio.Event()
        evening.desktop.shutdowns.extend(ERP, 1)
        evening.desktop.shutdowns.extend(ERP, 2)
        await me.sees("Moving to 20:00…")
        assert not me.offers("Cancel scheduled shutdown")
        await me.presses("Extend execution")
        found = await me.until(lambda: menu_line("Extend 1 h, to 20:00"), "the menu")
        assert found[1].statusTip() == "Moving to 20:00…"
        await me.closes_menu()
        evening.plane.move_waits.set()
        await me.until(lambda: evening.plane.moved, "an answer")
        assert evening.plane.asked == ["extend prep from 19:00 to 20:00"]


async def test_a_time_granted_in_part_is_said(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.longest = AT + timedelta(minutes=30)
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.until(lambda: evening.plane.moved, "an answer")
        show(evening, evening.plane.moved)
        await me.sees("The shutdown is at 19:30, not 20:00, as the control plane limits it.")
        await me.sees("Scheduled shutdown: today 19:30")
        show(evening, replace(DAILY, at=AT + timedelta(hours=1)))
        await me.no_longer_sees("as the control plane limits it")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refused(Code.SHUTDOWN_MOVED, at=AT + timedelta(hours=2)), "moved to 21:00 meanwhile"),
        (refused(Code.SHUTDOWN_LIMIT, at=AT), "allows no later shutdown than 19:00 now"),
        (Offline(), "The control plane does not answer."),
    ],
)
async def test_a_refusal_is_one_sentence_in_the_strip(
    qloop: object, me: Person, error: Exception, sentence: str
) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_error = error
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.sees(sentence)
        await me.sees("Scheduled shutdown: today 19:00")
        assert me.offers("Extend execution")


async def test_what_goes_beyond_the_limit_says_how_far_it_may_go(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, environment=an_environment(longest_extension_hours=2))
        await me.presses("Extend execution")
        near = await me.until(lambda: menu_line("Extend 1 h, to 20:00"), "an hour")
        far = await me.until(lambda: menu_line("Extend 2 h, to 21:00"), "two hours")
        assert near[1].isEnabled()
        assert not far[1].isEnabled()
        assert far[1].statusTip() == "At most 2 h from now are allowed: until 20:33."
        await me.closes_menu()


async def test_offline_the_buttons_say_why_they_are_grey(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.store.set_connection(Connection(Line.OFFLINE, NOW))
        await me.sees("Not confirmed since 18:33.")
        for name in ("Cancel scheduled shutdown", "Extend execution"):
            assert button_named(name) is None
        evening.store.set_connection(Connection(Line.LIVE, NOW))
        await me.until(lambda: me.offers("Extend execution"), "the button")


async def test_none_scheduled_offers_nothing(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, None)
        await me.sees("Scheduled shutdown: none")
        assert not me.offers("Extend execution")
        assert not me.offers("Cancel scheduled shutdown")


async def test_a_shutdown_inside_a_publication_can_be_moved_behind_it(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        run = a_publication("succeeded", "running", "pending", state="running", ended_at=None,
                            version=42)  # fmt: skip
        show(evening, replace(DAILY, held=True, at=NOW - timedelta(minutes=1)), publications=[run])
        await me.sees("Held until the publication of version 42 has ended.")
        await me.presses("Move shutdown behind version 42")
        await me.until(lambda: evening.plane.asked, "a request")
        assert evening.plane.asked == ["extend prep from 18:32 to 19:45"]


async def test_a_publication_that_ends_before_is_not_in_the_way(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        run = a_publication("succeeded", "running", "pending", state="running", ended_at=None,
                            id="now", version=42)  # fmt: skip
        old = [a_publication(id=f"old{n}") for n in range(3)]
        show(evening, publications=[run, *old])
        await me.sees("Daily schedule, UTC.")
        assert not me.offers("Move shutdown behind version 42")
        show(evening, replace(DAILY, at=NOW + timedelta(minutes=2)), publications=[run, *old])
        await me.sees("Inside the publication of version 42")
        assert me.offers("Move shutdown behind version 42")


async def test_a_moment_is_chosen_or_typed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        await me.presses("Extend execution")
        await me.chooses("Extend until…")
        await me.sees("Stops at <b>20:00</b> instead of 19:00.")
        await me.sees("its next stop is tomorrow 19:00")
        await me.sees("Times are in ")
        await me.presses("Stop at 20:30")
        assert me.offers("Extend to 20:30")
        await me.types("Stop at", "21.15")
        await me.presses("Extend to 21:15")
        await me.until(lambda: evening.plane.moved, "an answer")
        assert evening.plane.asked == ["extend prep from 19:00 to 21:15"]
        await me.no_longer_sees("Extend to 21:15")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("today 18:00", "18:00 has passed."),
        ("18:45", "It runs until 19:00 as it is. Choose a later moment."),
        ("tomorrow 07:00", "At most 12 h from now are allowed: until tomorrow 06:33."),
        ("soon", "Write a time, such as 20:30 or tomorrow 01:00."),
        ("25:00", "Write a time, such as 20:30 or tomorrow 01:00."),
    ],
)
async def test_a_moment_that_cannot_be_says_why(
    qloop: object, me: Person, typed: str, sentence: str
) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.extend_until(ERP)
        await me.types("Stop at", typed)
        await me.sees(sentence)
        assert not me.offers("Extend")
        await me.presses("Keep 19:00")
        assert evening.plane.asked == []


async def test_up_and_down_go_by_a_quarter_of_an_hour(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.extend_until(ERP)
        await me.sees("Stop at")
        me.key(Qt.Key.Key_Up)
        await me.until(lambda: me.offers("Extend to 20:15"), "a quarter more")
        me.key(Qt.Key.Key_Down)
        me.key(Qt.Key.Key_Down)
        await me.until(lambda: me.offers("Extend to 19:45"), "two quarters less")
        me.key(Qt.Key.Key_Escape)


async def test_a_refusal_stays_in_the_dialog_with_what_was_typed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_error = Offline()
        evening.desktop.shutdowns.extend_until(ERP)
        await me.types("Stop at", "21:15")
        await me.presses("Extend to 21:15")
        await me.sees("The control plane does not answer.")
        evening.plane.move_error = None
        await me.presses("Try again")
        await me.until(lambda: evening.plane.moved, "an answer")
        assert evening.plane.asked == 2 * ["extend prep from 19:00 to 21:15"]


async def test_moved_by_somebody_else_the_dialog_shows_the_new_moment(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.extend_until(ERP)
        await me.types("Stop at", "21:15")
        show(evening, replace(DAILY, at=AT + timedelta(hours=1)))
        await me.sees("Stops at <b>21:15</b> instead of 20:00.")
        assert me.offers("Keep 20:00")
        show(evening, None)
        await me.until(lambda: not me.offers("Extend to 21:15"), "a grey button")
        await me.presses("Close")
        assert evening.plane.asked == []


async def test_with_a_daily_schedule_one_is_skipped_or_the_shutdown_cancelled(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        for button in ("Cancel tonight's shutdown", "Cancel the shutdown"):
            await me.presses("Cancel scheduled shutdown")
            await me.sees("Keep PREP-ERP-PROD-01 running tonight?")
            await me.sees("until tomorrow 19:00. The daily schedule stays.")
            await me.presses(button)
            await me.until(lambda: evening.plane.asked, "a request")
            await me.no_longer_sees("Keep PREP-ERP-PROD-01 running tonight?")
            show(evening, evening.plane.moved)
            show(evening)
        assert evening.plane.asked == ["skip prep from 19:00", "cancel prep from 19:00"]


async def test_without_one_there_is_only_cancelling(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, ScheduledShutdown(at=AT))
        me.key(Qt.Key.Key_X, CTRL | SHIFT)
        await me.sees("runs on, at cost, until somebody stops it. Its next start schedules")
        assert not me.offers("Cancel tonight's shutdown")
        await me.presses("Keep 19:00")
        assert evening.plane.asked == []


async def test_the_extend_menu_opens_by_its_key_on_any_tab(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        await me.opens_tab("Activity")
        me.key(Qt.Key.Key_E, CTRL)
        await me.chooses("Extend 2 h, to 21:00")
        await me.until(lambda: evening.plane.asked, "a request")
        assert "extend prep from 19:00 to 21:00" in evening.plane.asked


async def test_an_environment_that_is_not_open_is_asked_for_as_well(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.cancel("payroll")
        await me.sees("Keep PREP-ERP-PROD-01 running tonight?")
        await me.presses("Keep 19:00")
