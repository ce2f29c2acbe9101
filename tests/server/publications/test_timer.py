"""Publications begin at the moment they were planned for, or it is said why not."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from autosky_desktop.domain.plan import Deadline, Plan, PublishRequest, Reconnection
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db import schema
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.rules import blank_steps
from autosky_desktop.server.publications.timer import PublicationTimer
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from tests.support.cloud import MORNING
from tests.support.people import ANA

STAGING, PAYROLL = "erp-staging", "payroll"
HOUR = timedelta(hours=1)
EVENING = MORNING + 10 * HOUR
DONE = StepEnding(version=58)


def planned(identity: str = "p", **fields) -> Publication:
    run = Publication(
        id=identity, version=58, plan=Plan(), state="scheduled",
        publisher="Ana", requested_by="ana", requested_at=MORNING, steps=blank_steps(),
        scheduled_for=EVENING, time_zone="America/Sao_Paulo",
    )  # fmt: skip
    return replace(run, **fields)


class Stage:
    """A scheduler over the parts, and what it said it had started."""

    def __init__(self, parts) -> None:
        self.parts = parts
        self.started = 0
        self.slept = 0.0
        self.begin()

    def begin(self) -> None:
        """As after a restart."""
        parts = self.parts
        activity_log = ActivityLog(parts.engine, parts.unit_of_work, parts.time)
        self.scheduler = PublicationTimer(
            parts.engine,
            parts.unit_of_work,
            activity_log,
            parts.bus,
            parts.time,
            self._count,
            lambda: self.slept,
        )

    def _count(self) -> None:
        self.started += 1

    async def plan(self, *runs: Publication, environment: str = STAGING) -> None:
        async with self.parts.unit_of_work.transaction(environment) as transaction:
            for run in runs:
                await transaction.publication(run)

    async def at(self, moment) -> float | None:
        self.parts.time.now = moment
        return await self.scheduler.act()

    async def run(self, identity: str = "p") -> Publication:
        async with self.parts.engine.connect() as connection:
            found = await publications.find(connection, identity)
        assert found
        return found[1]

    async def state(self, identity: str = "p") -> str:
        return (await self.run(identity)).state

    async def end(self, identity: str) -> None:
        """Let what runs end well."""
        journal = Journal(self.parts.engine, self.parts.unit_of_work, lambda: None)
        for step in blank_steps():
            last = step.name == "finalization"
            await journal.end(identity, step.name, DONE if last else StepEnding())

    async def recorded(self) -> list[tuple[str, str, str | None]]:
        async with self.parts.engine.connect() as connection:
            wanted = activities.ActivityQuery(limit=9, kind="publish")
            page = await activities.page(connection, STAGING, wanted)
        return [(it.by or "", it.outcome, it.reason) for it in page.entries]


def test_it_starts_at_its_moment_and_not_before(with_parts):
    async def story(parts):
        stage = Stage(parts)
        assert await stage.at(MORNING) is None
        await stage.plan(planned())
        assert await stage.at(EVENING - HOUR) == 3600
        assert await stage.state() == "scheduled"
        assert await stage.at(EVENING) is None
        run = await stage.run()
        assert (run.state, run.version, run.replaces) == ("queued", 58, 57)
        assert stage.started == 1
        assert await stage.recorded() == [("", "running", None)]

    with_parts(story)


def test_one_that_falls_due_while_another_runs_waits_its_turn(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("first"), planned("second", scheduled_for=EVENING + HOUR / 2))
        await stage.at(EVENING)
        assert await stage.at(EVENING + HOUR / 2) is None
        waits = await stage.run("second")
        assert (waits.state, waits.waiting_for) == ("scheduled", "turn")
        parts.time.goes_on(hours=2)
        await stage.end("first")
        await stage.scheduler.act()
        began = await stage.run("second")
        assert (began.state, began.version, began.waiting_for) == ("queued", 59, None)

    with_parts(story)


def test_two_of_the_same_moment_go_one_after_the_other(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("a"), planned("b"))
        await stage.plan(planned("c"), environment=PAYROLL)
        await stage.at(EVENING)
        assert [await stage.state(it) for it in "abc"] == ["queued", "scheduled", "queued"]

    with_parts(story)


@pytest.mark.parametrize(
    ("late", "state", "reason"),
    [(15, "queued", None), (15.1, "failed", "missed"), (600, "failed", "missed")],
)
def test_a_moment_that_passed_meanwhile_is_made_up_for_or_said_to_be_missed(
    with_parts, late, state, reason
):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned(plan=Plan(emails=("ana@example.com",))))
        parts.time.now = EVENING + timedelta(minutes=late)
        stage.begin()
        revision = (await parts.snapshot(STAGING)).environment.revision
        await stage.scheduler.act()
        run = await stage.run()
        assert (run.state, run.reason) == (state, reason)
        assert (await parts.snapshot(STAGING)).environment.revision > revision
        outcome = "failed" if reason else "running"
        assert await stage.recorded() == [("", outcome, reason)]
        owed = await parts_owed(parts)
        assert owed == (["letter:p"] if reason else [])
        assert bool(run.ended_at) is bool(reason)

    with_parts(story)


async def parts_owed(parts) -> list[str]:
    async with parts.engine.connect() as connection:
        unseen = await activities.unseen(connection, STAGING)
    return [subject for subject, entry in unseen if entry.kind == "send-mail"]


def test_one_that_waits_its_turn_for_long_is_not_missed_but_one_nobody_could_call_is(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("first"), planned("second"))
        await stage.at(EVENING)
        parts.time.now = EVENING + 3 * HOUR
        await stage.scheduler.act()
        assert await stage.state("second") == "scheduled"
        stage.begin()
        await stage.scheduler.act()
        assert (await stage.run("second")).reason == "missed"

    with_parts(story)


@pytest.mark.parametrize(("hours", "misses"), [(0.2, False), (60, True)])
def test_one_whose_turn_comes_after_a_long_sleep_is_missed_as_after_a_restart(
    with_parts, hours, misses
):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("first"), planned("second"))
        await stage.at(EVENING)
        await stage.at(EVENING + HOUR)
        stage.slept = hours * HOUR.total_seconds()
        await stage.at(EVENING + HOUR + hours * HOUR)
        assert (await stage.run("second")).reason == ("missed" if misses else None)
        await stage.end("first")
        await stage.scheduler.act()
        assert await stage.state("second") == ("failed" if misses else "queued")

    with_parts(story)


def test_a_clock_that_is_set_forward_makes_nobody_miss_a_turn(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("first"), planned("second"))
        await stage.at(EVENING)
        await stage.at(EVENING + 3 * HOUR)
        assert (await stage.run("second")).waiting_for == "turn"
        await stage.end("first")
        await stage.scheduler.act()
        assert await stage.state("second") == "queued"

    with_parts(story)


def test_a_clock_that_was_ahead_at_the_start_makes_nobody_miss_a_turn(with_parts):
    async def story(parts):
        parts.time.now = EVENING + 3 * HOUR
        stage = Stage(parts)
        await stage.plan(planned("first"), planned("second"))
        await stage.at(EVENING)
        await stage.at(EVENING + HOUR)
        assert (await stage.run("second")).waiting_for == "turn"

    with_parts(story)


def test_a_clock_that_is_set_back_starts_nothing_twice(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("a"))
        await stage.at(EVENING)
        await stage.end("a")
        await stage.at(EVENING - HOUR)
        await stage.at(EVENING)
        assert (await stage.state("a"), stage.started) == ("succeeded", 1)

    with_parts(story)


def test_it_stands_in_the_history_where_it_began(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("early"), planned("later", state="succeeded", version=57))
        await stage.at(EVENING)
        found = (await parts.snapshot(STAGING)).publications
        assert [run.id for run in found] == ["early", "later"]

    with_parts(story)


def test_what_is_scheduled_says_which_version_is_next(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned("now", scheduled_for=MORNING + HOUR), planned("later"))
        await stage.at(MORNING + HOUR)
        await stage.end("now")
        assert (await stage.run("later")).version == 59

    with_parts(story)


def test_it_does_not_keep_an_administrator_from_publishing_now(with_parts):
    async def story(parts):
        await Stage(parts).plan(planned())
        run = await parts.publisher.publish(
            STAGING, PublishRequest(expected_version=58), principal=ANA, key="k"
        )
        assert run.state == "queued"

    with_parts(story)


def test_with_nothing_left_of_the_month_it_does_not_start(with_parts):
    async def story(parts):
        stage = Stage(parts)
        table = schema.environment
        async with parts.unit_of_work.without_events() as connection:
            await connection.execute(update(table).values(monthly_reconnections=1))
        plan = Plan(model="request-reconnection")
        await stage.plan(
            planned("a", plan=plan),
            planned("b", plan=plan, scheduled_for=EVENING + HOUR),
            planned("december", plan=plan, scheduled_for=EVENING + 24 * 10 * HOUR),
        )
        await stage.at(EVENING)
        await stage.plan(replace(await stage.run("a"), asked_at=EVENING))
        await stage.end("a")
        await stage.at(EVENING + HOUR)
        assert (await stage.run("b")).reason == "allowance-used"
        await stage.at(EVENING + 24 * 10 * HOUR)
        assert await stage.state("december") == "queued"

    with_parts(story)


def test_one_that_waited_its_turn_past_its_deadline_does_not_start(with_parts):
    async def story(parts):
        stage = Stage(parts)
        asked = Reconnection(message="Please reconnect")
        deadline = Deadline(at=EVENING + HOUR, reconnection=asked)
        late = planned("late", plan=Plan(model="keep-users-connected", deadline=deadline))
        await stage.plan(planned("first"), late)
        await stage.at(EVENING)
        assert (await stage.run("late")).waiting_for == "turn"
        await stage.end("first")
        await stage.at(EVENING + HOUR)
        run = await stage.run("late")
        assert (run.state, run.reason, run.started_at) == ("failed", "deadline-passed", None)
        assert ("", "failed", "deadline-passed") in await stage.recorded()

    with_parts(story)


def test_one_whose_image_is_gone_does_not_start(with_parts):
    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned(plan=Plan(image_of=3)))
        await stage.at(EVENING)
        assert (await stage.run()).reason == "image-gone"

    with_parts(story)


def test_one_that_was_moved_does_not_start_at_the_moment_it_had(with_parts):
    """As of JustaPenguin/assetto-server-manager#210: it starts at the original date."""

    async def story(parts):
        stage = Stage(parts)
        await stage.plan(planned())
        await stage.plan(replace(await stage.run(), scheduled_for=EVENING + 2 * HOUR))
        await stage.at(EVENING)
        assert await stage.state() == "scheduled"
        await stage.at(EVENING + 2 * HOUR)
        assert await stage.state() == "queued"

    with_parts(story)
