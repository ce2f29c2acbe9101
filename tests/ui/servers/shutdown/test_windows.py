"""The two small windows about a shutdown: until when, and whether at all."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.environment import Preparation
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.ui.servers.shutdown.clock_field import ClockField
from tests.support.evening import ERP, NOW, an_environment, an_evening
from tests.support.person import Person, visible
from tests.ui.servers.conftest import AT, DAILY, refused, show

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def test_a_moment_is_chosen_or_typed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        await me.presses("Extend execution")
        await me.chooses("Extend until…")
        await me.sees("Extend PREP-ERP-PROD-01 until when?")
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
        ("tomorrow 07:00", "At most 12 h from now is allowed: until tomorrow 06:33."),
        ("soon", "Enter a time, such as 20:30 or tomorrow 01:00."),
        ("25:00", "Enter a time, such as 20:30 or tomorrow 01:00."),
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
        field = next(visible(ClockField))
        for part, moment in ((0.25, "20:00"), (0.75, "19:45")):
            place = QPoint(field.width() - 14, round(field.height() * part))
            QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=place)
            await me.sees(f"Extend to {moment}")
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


async def test_nobody_leaves_while_it_is_being_asked_for(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_waits = asyncio.Event()
        evening.desktop.shutdowns.extend_until(ERP)
        await me.types("Stop at", "21:15")
        await me.presses("Extend to 21:15")
        await me.until(lambda: not me.offers("Keep 19:00"), "a button to leave that is grey")
        me.key(Qt.Key.Key_Escape)
        evening.plane.move_error = Offline()
        evening.plane.move_waits.set()
        await me.sees("The control plane does not answer.")
        await me.presses("Keep 19:00")
        await me.no_longer_sees("Stops at <b>21:15</b>")


async def test_at_the_limit_already_the_window_says_so(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, replace(DAILY, at=NOW + timedelta(hours=2)),
             environment=an_environment(longest_extension_hours=2))  # fmt: skip
        evening.desktop.shutdowns.extend_until(ERP)
        await me.sees("At most 2 h from now is allowed: until 20:33.")
        assert not me.offers("Extend")
        me.key(Qt.Key.Key_Escape)


async def test_enter_in_the_field_extends(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.extend_until(ERP)
        await me.types("Stop at", "2115")
        me.key(Qt.Key.Key_Return)
        await me.until(lambda: evening.plane.asked, "a request")
        assert evening.plane.asked == ["extend prep from 19:00 to 21:15"]


async def test_refused_as_it_was_moved_trying_again_starts_from_there(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        moved = AT + timedelta(hours=1)
        evening.plane.move_error = refused(Code.SHUTDOWN_MOVED, at=moved)
        evening.desktop.shutdowns.extend_until(ERP)
        await me.types("Stop at", "21:15")
        await me.presses("Extend to 21:15")
        await me.sees("The shutdown was moved to 20:00 in the meantime. Nothing was changed")
        show(evening, replace(DAILY, at=moved))
        await me.sees("Stops at <b>21:15</b> instead of 20:00.")
        evening.plane.move_error = None
        await me.presses("Try again")
        await me.until(lambda: evening.plane.moved, "an answer")
        assert evening.plane.asked[-1] == "extend prep from 20:00 to 21:15"


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
        for button in ("Cancel tonight's shutdown", "Cancel all shutdowns"):
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
        await me.sees("keeps running, at cost, until somebody stops it. Its next start schedules")
        assert not me.offers("Cancel tonight's shutdown")
        await me.presses("Keep 19:00")
        assert evening.plane.asked == []


async def test_an_environment_that_is_not_open_is_asked_for_as_well(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        summary = Preparation(id="far", name="PREP-FAR-01", status="running", shutdown=DAILY)
        evening.store.environments.put(an_environment("far", "Far", preparation=summary))
        evening.desktop.shutdowns.cancel("far")
        await me.sees("Keep PREP-FAR-01 running tonight?")
        await me.presses("Cancel tonight's shutdown")
        await me.until(lambda: evening.plane.asked == ["skip far from 19:00"], "a request")
        assert "far" not in evening.store.opened
