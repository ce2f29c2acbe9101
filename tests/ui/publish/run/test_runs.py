"""A publication under way, and those to come: what is said of them, and what can be done."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.plan import Deadline, Hold, Reconnection
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.publication import (
    STEPS,
    Check,
    Publication,
    Step,
)
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.publish.preview.impact import CheckRow
from autosky_desktop.ui.publish.schedule.card import ScheduledCard
from autosky_desktop.ui.publish.schedule.move_dialog import MoveDialog
from autosky_desktop.ui.publish.schedule.rows import ScheduledTable
from tests.support.evening import ERP, NOW, Evening, a_publication, ago, an_evening
from tests.support.keys import press
from tests.support.person import Person, button_named, texts, visible
from tests.ui.publish.form.test_forms import page, set_time

REPLACING = ("succeeded", "skipped", "succeeded", "succeeded", "running", "pending")


def a_run(**more: Any) -> Publication:
    """In its fifth step: two of four instances have version 42."""
    usual: dict[str, Any] = {
        "id": "now", "version": 42, "replaces": 41, "model": "keep-users-connected",
        "state": "running", "ended_at": None, "instances_replaced": 2, "instances_total": 4,
    }  # fmt: skip
    return a_publication(*REPLACING, **{**usual, **more})


def a_scheduled(**more: Any) -> Publication:
    usual: dict[str, Any] = {
        "id": "later", "version": 42, "state": "scheduled", "started_at": None, "ended_at": None,
        "scheduled_for": datetime(2026, 11, 27, 22, 0, tzinfo=UTC), "time_zone": "UTC",
        "publisher": "release-bot", "note": "Tax tables", "changed_at": ago(60),
    }  # fmt: skip
    return a_publication("pending", **{**usual, **more})


def tell(evening: Evening, run: Publication) -> None:
    evening.store.details(ERP).publications.put(run)


def refused(code: Code, **more: Any) -> Refused:
    return Refused(Problem(type="x", title="no", status=409, code=code, **more))


async def test_stragglers_fall_until_the_last_has_signed_out(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        waits = a_run(state="waiting", waiting_for="sessions", sessions_left=12)
        tell(evening, waits)
        await me.sees("12 sessions are still on version 41. It ends when the last of them has")
        tell(evening, msgspec.structs.replace(waits, sessions_left=1))
        await me.sees("1 session is still on version 41.")
        asked = Reconnection(message="Please reconnect")
        deadline = Deadline(at=NOW + timedelta(hours=1), reconnection=asked)
        keep = msgspec.structs.replace(waits.plan, deadline=deadline)
        told = "Whoever is left at 19:33, in 1 h 00 min, is asked to reconnect and disconnected"
        for word in ("sessions", None):  # it comes and goes with each batch; the deadline stays
            tell(evening, msgspec.structs.replace(waits, plan=keep, waiting_for=word))
            await me.sees(told)
        held = msgspec.structs.replace(
            waits,
            plan=msgspec.structs.replace(
                keep, deadline=msgspec.structs.replace(deadline, at=NOW), hold=Hold(first=1)
            ),
            waiting_for="go-on",
        )
        tell(evening, held)
        await me.sees("The deadline of 18:33 has passed: users are asked to reconnect next.")


async def test_users_who_were_asked_have_until_a_moment(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(
            evening,
            a_run(
                state="waiting", waiting_for="users", sessions_left=5, asked_at=ago(60),
                disconnect_at=NOW + timedelta(minutes=9),
            ),
        )  # fmt: skip
        await me.sees("Users were asked to reconnect at 18:32.")
        await me.sees("Whoever is left is disconnected at 18:42, in 9 min 0 s.")


async def test_at_a_hold_that_touches_nobody_it_goes_on_at_once_and_back_after_a_question(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        hold = Hold(first=2)
        tell(evening, a_run(state="waiting", waiting_for="go-on", hold=hold))
        await me.sees("2 of 4 instances have the new version. Look at it, then go on")
        tell(evening, a_run(state="waiting", waiting_for="go-on", hold=hold, replaces=None))
        await me.no_longer_sees("return to version")
        tell(evening, a_run(state="waiting", waiting_for="go-on", hold=hold))
        await me.sees("Look at it, then go on or return to version 41.")
        evening.plane.run_error = refused(Code.NOT_HELD)
        await me.presses("Go on")
        await me.sees("It is no longer waiting for anybody.")
        evening.store.tell()  # as each second does
        assert any("It is no longer waiting for anybody." in text for text in texts())
        evening.plane.run_error = None
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, version=43)
        await me.presses("Return to version 41")
        await me.sees("Return to version 41?")
        await me.sees("Version 41 is published again, as version 43, to all 4 instances.")
        await me.sees("37 sessions</b> stay until users sign out.")
        asked = evening.plane.previews[-1]
        assert (asked.editing, asked.plan.image_of, asked.plan.hold) == ("now", 41, None)
        await me.presses("Return to version 41")
        await me.no_longer_sees("Return to version 41?")
        assert evening.plane.asked == ["go now on", "go now back"]
        tell(evening, a_run(state="waiting", waiting_for="go-on", hold=hold, note="again"))
        await me.no_longer_sees("It is no longer waiting for anybody.")


async def test_a_bake_counts_down(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(
            evening,
            a_run(state="waiting", waiting_for="bake", waits_until=NOW + timedelta(seconds=272)),
        )
        await me.sees("It goes on by itself at 18:37, in 4 min 32 s.")


async def test_stopping_says_before_what_stays_changed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_run())
        await me.presses("Stop publication")
        await me.sees("Stop the publication of version 42?")
        await me.sees("2 instances already have version 42 and keep it")
        await me.sees("These steps stay done: Initial validation, Image creation, Model creation.")
        steps = [*a_run().steps[:5], Step(name=STEPS[5], state="running", started_at=NOW)]
        tell(evening, a_run(steps=steps))
        await me.sees("It is being finalized and ends in a moment.")
        await me.presses("Go back")
        tell(evening, a_run(note="again"))
        await me.presses("Stop publication")
        await me.sees("Stop the publication of version 42?")
        await me.presses("Stop publication")
        await me.no_longer_sees("Stop the publication of version 42?")
        assert evening.plane.asked == ["cancel now"]
        tell(evening, a_run(cancel_asked_by="ana"))
        await me.sees("ana asked for it to be stopped.")
        assert not me.offers("Stop publication")


async def test_a_failure_is_tried_again_from_its_step(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_run())
        await me.sees("Publishing version 42")
        failed = ("succeeded", "skipped", "failed", "pending")
        steps = a_publication(*failed).steps
        broken = [msgspec.structs.replace(it, reason="image-failed") if it.state == "failed" else it
                  for it in steps]  # fmt: skip
        tell(evening, a_run(state="failed", steps=broken, ended_at=NOW, instances_replaced=0))
        await me.sees("The image could not be made.")
        await me.sees("keep version 41")
        await me.presses("Try again")
        await me.sees("It goes on from the step that failed: Image creation.")
        await me.presses("Try again")
        await me.no_longer_sees("Try the publication of version 42 again?")
        assert evening.plane.asked == ["retry now"]


async def test_one_that_is_due_waits_for_the_one_that_runs(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_run())
        tell(evening, a_scheduled(state="waiting", waiting_for="turn", scheduled_for=ago(5)))
        await me.sees("Publishing version 42, Step 5 of 6")
        await me.sees("Only one publication can run at a time.")


async def test_the_buttons_of_moving_are_read_whole_in_any_zone(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.opens_tab("Scheduled")
        tell(evening, a_scheduled(time_zone="America/Argentina/Buenos_Aires"))
        moves = "Move publication of Fri 27 Nov 19:00 (America/Argentina/Buenos_Aires)"
        await me.presses(moves)
        await me.sees("(America/Argentina/Buenos_Aires).")
        dialog = next(visible(MoveDialog))
        for button in (dialog.safe, dialog.acting):
            assert button.width() >= button.sizeHint().width()


async def test_a_scheduled_one_is_moved_until_it_starts(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_scheduled())
        await me.opens_tab("Scheduled")
        await me.sees("When: Fri 27 Nov 22:00, in 3 days")
        await me.sees("1 waiting for ERP Production")
        await me.presses("Move publication of Fri 27 Nov 22:00")
        await me.sees("Optimized is scheduled for Fri 27 Nov 22:00.")
        assert not me.offers("Move to Fri 27 Nov 22:00")
        set_time(QDate(2026, 11, 27), QTime(23, 0))
        await me.presses("Move to Fri 27 Nov 23:00")
        await me.no_longer_sees("Optimized is scheduled for")
        assert evening.plane.asked == ["move later to 27 23:00"]
        await me.presses("Move publication of Fri 27 Nov 22:00")
        tell(evening, a_run(id="later", scheduled_for=datetime(2026, 11, 27, 22, tzinfo=UTC)))
        await me.sees("It started at 22:00 and can no longer be moved.")
        assert not me.offers("Move")


async def test_what_stands_in_the_way_of_another_moment_is_said_before_it_is_moved(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        asked = Reconnection(message="Please reconnect")
        at = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
        keep = Deadline(at=at, reconnection=asked)
        tell(evening, a_scheduled(model="keep-users-connected", deadline=keep))
        await me.opens_tab("Scheduled")
        await me.presses("Move publication of Fri 27 Nov 22:00")
        clash = Check(code="schedule-clash", level="warn", at=at)
        over = Check(code="deadline-passed", level="wait", at=at)
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, checks=[clash, over])
        set_time(QDate(2026, 11, 27), QTime(23, 45))
        await me.sees("Warning: Another publication is planned for")
        await me.sees("Reason to wait: The deadline of")
        await me.until(lambda: not me.offers("Move to Fri 27 Nov 23:45"), "no button")
        asked_last = evening.plane.previews[-1]
        assert (asked_last.at, asked_last.plan.deadline.at) == (at + timedelta(minutes=15), at)
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, checks=[])
        before = len(evening.plane.previews)
        set_time(QDate(2026, 11, 27), QTime(23, 0))
        await me.until(lambda: len(evening.plane.previews) > before, "another look")
        await me.until(lambda: me.offers("Move to Fri 27 Nov 23:00"), "the button")
        dialog = next(visible(MoveDialog))
        await me.until(lambda: not dialog.findChildren(CheckRow), "no reason any more")


async def test_the_buttons_of_every_row_are_its_own_and_keep_the_focus(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        later = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)
        tell(evening, a_scheduled(id="last", scheduled_for=later))
        await me.opens_tab("Scheduled")
        last = button_named("Cancel publication of Tue 1 Dec 06:30")
        assert last is not None
        last.setFocus()
        tell(evening, a_scheduled())
        await me.sees("Cancel publication of Fri 27 Nov 22:00")
        assert button_named("Cancel publication of Tue 1 Dec 06:30") is last
        assert evening.desktop.window.focusWidget() is last
        evening.desktop.window.activateWindow()
        await me.until(evening.desktop.window.isActiveWindow, "an active window")
        for name in (
            "Move publication of Tue 1 Dec 06:30", "Cancel publication of Fri 27 Nov 22:00",
            "Move publication of Fri 27 Nov 22:00",
        ):  # fmt: skip
            me.key(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
            focused = QApplication.focusWidget()
            assert focused is not None
            assert focused.accessibleName() == name
        me.key(Qt.Key.Key_Space)
        await me.sees("Optimized is scheduled for Fri 27 Nov 22:00.")


async def test_without_the_line_nothing_is_moved_or_cancelled(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_scheduled())
        await me.opens_tab("Scheduled")
        await me.sees("Cancel publication of Fri 27 Nov 22:00")
        assert me.offers("Cancel publication of Fri 27 Nov 22:00")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.until(
            lambda: not me.offers("Cancel publication of Fri 27 Nov 22:00"), "a grey button"
        )
        assert not me.offers("Move publication of Fri 27 Nov 22:00")
        await chooses_to_move_by_key()
        assert next(visible(MoveDialog), None) is None
        evening.store.set_connection(LineStatus(Line.LIVE, NOW))
        await chooses_to_move_by_key()
        await me.sees("Optimized is scheduled for Fri 27 Nov 22:00.")


async def chooses_to_move_by_key() -> None:
    table = next(visible(ScheduledTable))
    table.setFocus()
    table.selectRow(0)
    await press(Qt.Key.Key_Return)


async def test_a_scheduled_one_is_changed_in_the_form(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_scheduled())
        await me.opens_tab("Scheduled")
        await me.sees("Passed: Preparation server is running")
        await me.clicks_cell("Actions for the publication of Fri 27 Nov 22:00")
        first = len(evening.plane.previews)
        await me.chooses("Edit")
        await me.sees("Runs Fri 27 Nov at 22:00")
        await me.types("Note on this version", "Labels")
        await me.presses("Change to Fri 27 Nov 22:00")
        asked = len(evening.plane.previews)
        await me.sees("Change the scheduled publication to ERP Production?")
        tell(evening, a_run())  # while it is asked, the facts change
        await me.until(lambda: len(evening.plane.previews) > asked, "what is touched now")
        assert {it.editing for it in evening.plane.previews[first:]} == {"later"}
        await me.presses("Change to Fri 27 Nov 22:00")
        await me.no_longer_sees("Change the scheduled publication to ERP Production?")
        assert evening.plane.asked == ["edit later Labels"]
        await me.sees("Schedule for today 22:00")


async def test_a_change_that_was_begun_can_be_left(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_scheduled())
        await me.opens_tab("Scheduled")
        await me.sees("Passed: Preparation server is running")
        assert not me.offers("Cancel the change")
        await me.clicks_cell("Actions for the publication of Fri 27 Nov 22:00")
        await me.chooses("Edit")
        await me.sees("Change to Fri 27 Nov 22:00")
        await me.presses("Cancel the change")
        await me.sees("Schedule for today 22:00")
        assert not me.offers("Cancel the change")
        assert evening.plane.asked == []


async def test_a_scheduled_one_is_cancelled_after_a_question(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.opens_tab("Scheduled")
        await me.sees("Nothing is scheduled for ERP Production.")
        tell(evening, a_scheduled())
        evening.plane.run_error = refused(Code.ALREADY_STARTED, since=NOW)
        await me.presses("Cancel publication of Fri 27 Nov 22:00")
        await me.sees("The publication scheduled for Fri 27 Nov 22:00 (Optimized) will not start.")
        await me.presses("Cancel this publication")
        await me.sees("It started at 18:33 and can no longer be moved.")
        evening.plane.run_error = None
        await me.presses("Try again")
        await me.no_longer_sees("Cancel the publication scheduled for Fri 27 Nov 22:00?")
        assert evening.plane.asked == ["cancel later", "cancel later"]


async def test_what_is_scheduled_has_one_list_from_the_first_look_at_it_on(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.sees("No publication is running.")
        assert not page(evening).records.findChildren(ScheduledCard)
        tell(evening, a_scheduled())
        for tab in ("Scheduled", "Optimized", "Scheduled"):
            await me.opens_tab(tab)
        await me.sees("1 waiting for ERP Production")
        assert len(page(evening).records.findChildren(ScheduledCard)) == 1


async def test_a_missed_one_stands_in_the_history_and_says_why(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(
            evening,
            a_scheduled(state="failed", reason="missed", scheduled_for=ago(7200), ended_at=ago(60)),
        )
        await me.sees("Passed: Preparation server is running")
        await me.sees("Result: Missed")
        await me.sees("By release-bot · Scheduled, optimized")
        assert not me.offers("Try again")
        await me.clicks_cell("Actions for the publication of Today 16:33")
        await me.chooses("Details")
        await me.sees("It was missed: the control plane was not running, or its computer was")
