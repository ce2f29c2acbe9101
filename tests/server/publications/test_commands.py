"""What is asked of a publication after it was accepted."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.plan import Deadline, Hold, Plan, Reconnection
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.publications.commands import PublicationCommands
from autosky_desktop.server.publications.rules import blank_steps, passed
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from autosky_desktop.server.refusal import Refusal
from tests.support.cloud import MORNING
from tests.support.people import ANA

STAGING = "erp-staging"


def commands_of(parts) -> PublicationCommands:
    activity_log = ActivityLog(parts.engine, parts.unit_of_work, parts.time)
    planned = ScheduleCommands(parts.engine, parts.unit_of_work, activity_log, parts.time)
    return PublicationCommands(
        parts.engine, parts.unit_of_work, activity_log, planned, lambda: None
    )


def failed() -> Publication:
    """One that was told to stop, and failed before it could."""
    first, *others = blank_steps()
    return Publication(
        id="p", version=58, replaces=57, plan=Plan(model="standard"), state="failed",
        publisher="Ana", requested_by="ana", requested_at=MORNING, ended_at=MORNING,
        steps=[replace(first, state="failed", reason="provider-busy"), *others],
        cancel_asked_by="ana",
    )  # fmt: skip


def with_an_image(run: Publication) -> Publication:
    steps = [replace(it, made="img-1") if it.name == "image-creation" else it for it in run.steps]
    return replace(run, steps=steps)


def test_one_that_failed_while_it_was_to_stop_does_not_stop_again_when_it_is_retried(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(failed())
        again = await commands.retry("p", principal=ANA, key="k")
        assert (again.state, again.retries, again.cancel_asked_by) == ("queued", 1, None)

    with_parts(story)


def test_one_whose_deadline_is_over_is_not_tried_again(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        asked = Reconnection(message="Please reconnect")
        deadline = Deadline(at=MORNING + timedelta(hours=1), reconnection=asked)
        keep = replace(failed(), plan=Plan(model="keep-users-connected", deadline=deadline))
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(keep)
        parts.time.now = deadline.at
        with pytest.raises(Refusal) as caught:
            await commands.retry("p", principal=ANA, key="late")
        assert (caught.value.code, caught.value.detail) == ("reason-to-wait", "deadline-passed")
        parts.time.now = deadline.at - timedelta(minutes=1)
        assert (await commands.retry("p", principal=ANA, key="in time")).state == "queued"

    with_parts(story)


@pytest.mark.parametrize(
    ("run", "highest", "moved"),
    [
        (failed(), 57, None),
        (failed(), 58, 59),  # another one has an image by that number now
        (with_an_image(failed()), 58, None),
        (with_an_image(failed()), 59, 60),
        (replace(failed(), version=59, replaces=58), 57, 58),  # which is not there any more
    ],
)
def test_what_failed_is_tried_again_while_its_number_is_its_own(with_parts, run, highest, moved):
    async def story(parts):
        commands = commands_of(parts)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(run)
            transaction.takes_version(highest)
        if moved is None:
            assert (await commands.retry("p", principal=ANA, key="k")).version == 58
            return
        with pytest.raises(Refusal) as caught:
            await commands.retry("p", principal=ANA, key="k")
        assert (caught.value.code, caught.value.version) == ("version-moved", moved)

    with_parts(story)


def ending_of(kind: str, *, activity) -> tuple[str, str | None]:
    [entry] = [it for it in activity if it.kind == kind]
    return entry.outcome, entry.reason


async def carried_out(parts, *, fails: bool = False) -> None:
    """Each step that is open ends well, or the first of them does not."""
    journal = Journal(parts.engine, parts.unit_of_work, lambda: None)
    for step in blank_steps():
        bad = StepEnding(state="failed", reason="image-failed")
        last = step.name == "finalization"
        await journal.end(
            "p", step.name, bad if fails else StepEnding(version=58 if last else None)
        )
        if fails:
            return


@pytest.mark.parametrize(
    ("fails", "came"), [(False, ("done", None)), (True, ("failed", "image-failed"))]
)
def test_trying_again_is_done_when_it_is_done(with_parts, fails, came):
    async def story(parts):
        commands = commands_of(parts)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(failed())
        await commands.retry("p", principal=ANA, key="k")
        activity = (await parts.snapshot(STAGING)).activity
        assert ending_of("retry-publication", activity=activity) == ("running", None)
        await carried_out(parts, fails=fails)
        activity = (await parts.snapshot(STAGING)).activity
        assert ending_of("retry-publication", activity=activity) == came

    with_parts(story)


@pytest.mark.parametrize("stops", [True, False])
def test_stopping_is_done_when_it_has_stopped(with_parts, stops):
    async def story(parts):
        commands = commands_of(parts)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            run = replace(failed(), state="running", ended_at=None, steps=blank_steps())
            await transaction.publication(replace(run, cancel_asked_by=None))
        await commands.cancel("p", principal=ANA, key="k")
        activity = (await parts.snapshot(STAGING)).activity
        assert ending_of("cancel-publication", activity=activity) == ("running", None)
        if stops:
            await Journal(parts.engine, parts.unit_of_work, lambda: None).cancelled("p")
        else:
            await carried_out(parts)
        activity = (await parts.snapshot(STAGING)).activity
        came = ("done", None) if stops else ("failed", "already-ended")
        assert ending_of("cancel-publication", activity=activity) == came

    with_parts(story)


def test_past_its_hold_it_goes_on_and_its_steps_stay_as_they_are():
    steps = blank_steps()
    held = replace(
        failed(), state="waiting", ended_at=None, steps=steps, waiting_for="bake",
        waits_until=MORNING, plan=Plan(hold=Hold(first=1, bake_seconds=60)), sessions_ended=7,
    )  # fmt: skip
    run = passed(held, by="ana")
    assert (run.state, run.waiting_for, run.waits_until) == ("running", None, None)
    assert (run.plan, run.hold_passed_by) == (held.plan, "ana")
    assert (run.steps, run.sessions_ended) == (steps, 7)


def test_one_that_waits_for_something_else_has_no_hold_to_go_past():
    waits = replace(failed(), state="waiting", waiting_for="sessions")
    waits = replace(waits, plan=Plan(hold=Hold(first=1)))
    assert passed(waits, by="ana") is waits
    unheld = replace(waits, waiting_for="go-on", plan=Plan())
    assert passed(unheld, by="ana") is unheld
