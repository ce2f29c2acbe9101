"""Publications are planned, moved, edited and called off until they start."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from autosky_desktop.domain.plan import (
    Deadline,
    EditRequest,
    Model,
    MoveRequest,
    Plan,
    PreviewRequest,
    PublishRequest,
    Reconnection,
    Schedule,
)
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db import schema
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.rules import blank_steps
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.refusal import Refusal
from tests.support.cloud import MORNING
from tests.support.people import ANA, RUI

STAGING, ZONE = "erp-staging", "America/Sao_Paulo"
HOUR = timedelta(hours=1)
EVENING = Schedule(at=MORNING + 12 * HOUR, time_zone=ZONE)
LATER = Schedule(at=MORNING + 13 * HOUR, time_zone="Europe/Berlin")
ASKED = PublishRequest(
    expected_version=58, note="Tax tables", publisher="Ana Lima", schedule=EVENING,
    plan=Plan(emails=("eva@example.com",)),
)  # fmt: skip


class Book:
    def __init__(self, parts) -> None:
        self.parts = parts
        activity_log = ActivityLog(parts.engine, parts.unit_of_work, parts.time)
        self.schedules = ScheduleCommands(
            parts.engine, parts.unit_of_work, activity_log, parts.time
        )

    async def plan(self, asked: PublishRequest = ASKED, key: str = "p"):
        return await self.schedules.plan(STAGING, asked, principal=ANA, key=key)

    async def move(self, identity: str, request: MoveRequest, key: str = "m"):
        return await self.schedules.move(identity, request, principal=RUI, key=key)

    async def edit(self, identity: str, request: EditRequest, key: str = "e"):
        return await self.schedules.edit(identity, request, principal=RUI, key=key)

    async def call_off(self, identity: str, key: str = "c"):
        return await self.schedules.call_off(identity, principal=RUI, key=key)

    async def stored(self, identity: str):
        async with self.parts.engine.connect() as connection:
            found = await publications.find(connection, identity)
        assert found
        return found[1]

    async def started(self, identity: str) -> None:
        run = await self.stored(identity)
        async with self.parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(replace(run, state="running"))

    async def recorded(self) -> list[tuple[str, str, str | None]]:
        async with self.parts.engine.connect() as connection:
            page = await activities.page(connection, STAGING, activities.ActivityQuery(limit=9))
        return [(it.kind, it.outcome, it.reason) for it in page.entries]


def edited(run, **fields) -> EditRequest:
    asked = {name: getattr(ASKED, name) for name in ASKED.__struct_fields__}
    since = run.changed_at or run.requested_at
    return EditRequest(**{**asked, "unchanged_since": since, **fields})


async def refusal(coming) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        await coming
    return caught.value.code, caught.value.detail


def test_it_is_planned_once_with_all_that_was_asked(with_parts):
    async def story(parts):
        book = Book(parts)
        run = await book.plan()
        assert await book.plan() == run
        assert await book.stored(run.id) == run
        assert (run.state, run.version, run.publisher) == ("scheduled", 58, "Ana Lima")
        assert (run.scheduled_for, run.time_zone) == (EVENING.at, ZONE)
        assert (run.note, run.plan.emails) == ("Tax tables", ("eva@example.com",))
        assert await book.recorded() == [("schedule-publication", "done", None)]

    with_parts(story)


def test_whom_it_tells_is_written_down_once_however_often_it_was_typed(with_parts):
    async def story(parts):
        plan = Plan(emails=("eva@example.com", "rui@example.com", "EVA@example.com"))
        run = await Book(parts).plan(replace(ASKED, plan=plan))
        assert run.plan.emails == ("eva@example.com", "rui@example.com")

    with_parts(story)


@pytest.mark.parametrize(
    ("fields", "code", "why"),
    [
        ({"schedule": Schedule(at=MORNING, time_zone=ZONE)}, "invalid-request", "is over"),
        ({"schedule": replace(EVENING, time_zone="Mars")}, "invalid-request", "no time zone Mars"),
        ({"schedule": replace(EVENING, at=EVENING.at.replace(tzinfo=None))},
         "invalid-request", "without its time zone"),
        ({"plan": Plan(emails=("eva",))}, "invalid-request", "sent to eva"),
        ({"plan": Plan(emails=("eva@example.com",) * 21)}, "invalid-request", "at most 20"),
        ({"plan": Plan(model="unknown")}, "invalid-request", "no such model"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(with_parts, fields, code, why):
    async def story(parts):
        book = Book(parts)
        found, detail = await refusal(book.plan(replace(ASKED, **fields)))
        assert (found, why in detail) == (code, True)
        assert await book.recorded() == [("schedule-publication", "refused", code)]

    with_parts(story)


def test_a_running_publication_keeps_nobody_from_planning_the_next(with_parts):
    async def story(parts):
        asked = PublishRequest(expected_version=58)
        await parts.publisher.publish(STAGING, asked, principal=ANA, key="now")
        assert (await Book(parts).plan()).state == "scheduled"

    with_parts(story)


def test_it_is_moved_once_from_the_moment_that_was_shown(with_parts):
    async def story(parts):
        book = Book(parts)
        run = await book.plan()
        wanted = MoveRequest(expected=EVENING.at, schedule=LATER)
        parts.time.goes_on(minutes=1)
        moved = await book.move(run.id, wanted)
        assert (moved.scheduled_for, moved.time_zone) == (LATER.at, "Europe/Berlin")
        assert moved.changed_at == parts.time()
        assert await book.move(run.id, wanted) == moved
        code, _ = await refusal(book.move(run.id, wanted, key="again"))
        assert code == "changed-meanwhile"
        assert (await book.stored(run.id)).scheduled_for == LATER.at

    with_parts(story)


MESSAGE = Reconnection(message="Please reconnect")
KEEP = replace(
    ASKED,
    plan=Plan(
        model=Model.KEEP,
        deadline=Deadline(at=EVENING.at + 30 * HOUR / 60, reconnection=MESSAGE),
    ),
)


@pytest.mark.parametrize("way", ["plan", "edit", "move"])
def test_nobody_is_disconnected_by_a_deadline_that_is_over_when_it_starts(with_parts, way):
    async def story(parts):
        book = Book(parts)
        if way == "plan":
            coming = book.plan(replace(KEEP, schedule=LATER))
        else:
            run = await book.plan(KEEP)
            coming = (
                book.edit(run.id, edited(run, plan=KEEP.plan, schedule=LATER))
                if way == "edit"
                else book.move(run.id, MoveRequest(expected=EVENING.at, schedule=LATER))
            )
        assert await refusal(coming) == ("reason-to-wait", "deadline-passed")
        if way != "plan":
            assert await book.stored(run.id) == run

    with_parts(story)


@pytest.mark.parametrize("way", ["plan", "edit", "move"])
def test_it_counts_in_the_month_in_which_it_will_ask(with_parts, way):
    async def story(parts):
        book = Book(parts)
        asks = replace(ASKED, plan=Plan(model=Model.RECONNECT, reconnection=MESSAGE))
        december = Schedule(at=MORNING + 10 * 24 * HOUR, time_zone=ZONE)
        run = await book.plan(replace(asks, schedule=december))
        table = schema.environment
        async with parts.unit_of_work.without_events() as connection:
            await connection.execute(update(table).values(monthly_reconnections=0))
        to = Schedule(at=MORNING + 12 * 24 * HOUR, time_zone=ZONE)
        coming = {
            "plan": lambda: book.plan(replace(asks, schedule=to), key="other"),
            "edit": lambda: book.edit(run.id, edited(run, plan=asks.plan, schedule=to)),
            "move": lambda: book.move(run.id, MoveRequest(expected=december.at, schedule=to)),
        }[way]()
        assert await refusal(coming) == ("reason-to-wait", "allowance-none")

    with_parts(story)


def test_a_deadline_counts_in_its_own_month(with_parts):
    async def story(parts):
        deadline = replace(KEEP.plan.deadline, at=MORNING + 10 * 24 * HOUR)
        asked = PreviewRequest(plan=replace(KEEP.plan, deadline=deadline))
        seen = await parts.publisher.preview(STAGING, asked)
        assert seen.allowance.resets_at > deadline.at > MORNING

    with_parts(story)


def test_a_version_whose_image_is_gone_is_not_moved_to_another_day(with_parts):
    async def story(parts):
        book = Book(parts)
        steps = [replace(step, state="succeeded", made="i") for step in blank_steps()]
        third = replace(await book.plan(), id="3", version=3, state="succeeded", steps=steps)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(third)
        run = await book.plan(replace(ASKED, plan=Plan(image_of=3)), key="again")
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(replace(third, image_gone=True))
        coming = book.move(run.id, MoveRequest(expected=EVENING.at, schedule=LATER))
        assert await refusal(coming) == ("reason-to-wait", "image-gone")

    with_parts(story)


def test_one_that_is_edited_is_not_in_its_own_way(with_parts):
    async def story(parts):
        run = await Book(parts).plan()
        asked = PreviewRequest(at=EVENING.at)
        in_the_way = [
            [check.at for check in seen.checks if check.code == "schedule-clash"]
            for seen in (
                await parts.publisher.preview(STAGING, asked),
                await parts.publisher.preview(STAGING, replace(asked, editing=run.id)),
            )
        ]
        assert in_the_way == [[EVENING.at], []]

    with_parts(story)


def test_it_is_edited_unless_somebody_else_did(with_parts):
    async def story(parts):
        book = Book(parts)
        run = await book.plan()
        parts.time.goes_on(minutes=1)
        changed = await book.edit(run.id, edited(run, note="Other", schedule=LATER))
        assert (changed.note, changed.scheduled_for, changed.id) == ("Other", LATER.at, run.id)
        code, _ = await refusal(book.edit(run.id, edited(run, note="Mine"), key="late"))
        assert code == "changed-meanwhile"
        code, why = await refusal(book.edit(run.id, edited(changed, schedule=None), key="now"))
        assert (code, why) == ("invalid-request", "what is scheduled keeps a moment")

    with_parts(story)


def test_once_called_off_it_stays_so(with_parts):
    async def story(parts):
        book = Book(parts)
        run = await book.plan()
        ended = await book.call_off(run.id)
        assert (ended.state, ended.reason, ended.cancel_asked_by) == (
            "cancelled", "called-off", "rui",
        )  # fmt: skip
        assert await book.call_off(run.id) == ended
        code, _ = await refusal(book.call_off(run.id, key="again"))
        assert code == "already-ended"
        assert (await parts.snapshot(STAGING)).environment.publishing is None

    with_parts(story)


def test_what_has_started_is_neither_moved_nor_edited_nor_called_off(with_parts):
    async def story(parts):
        book = Book(parts)
        run = await book.plan()
        await book.started(run.id)
        wanted = MoveRequest(expected=EVENING.at, schedule=LATER)
        for coming in (
            book.move(run.id, wanted),
            book.edit(run.id, edited(run)),
            book.call_off(run.id),
        ):
            code, _ = await refusal(coming)
            assert code == "already-started"

    with_parts(story)
