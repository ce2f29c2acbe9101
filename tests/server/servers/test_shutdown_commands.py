"""Somebody moves a shutdown: what is recorded and told, and what happens then."""

from datetime import timedelta

import pytest

from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Power, ShutdownMove, ShutdownRequest
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from autosky_desktop.server.refusal import Refusal
from tests.support.people import ANA, BEA, manager

STAGING, PREPARATION = "erp-staging", "prep-erp-stg-01"
HOUR = timedelta(hours=1)


async def preparation(parts):
    return (await parts.snapshot(STAGING)).servers[0]


async def activity(parts):
    return (await parts.snapshot(STAGING)).activity


async def move(parts, move="extend", *, hours=None, key="k", by="ana"):
    expected = (await preparation(parts)).shutdown.at
    to = None if hours is None else expected + hours * HOUR
    request = ShutdownRequest(move=ShutdownMove(move), expected=expected, to=to)
    return await parts.shutdown_commands.move(PREPARATION, request, principal=manager(by), key=key)


def test_a_move_is_recorded_with_who_and_told(with_parts):
    async def story(parts):
        before = (await preparation(parts)).shutdown.at
        answer = await move(parts, hours=2)
        assert answer == await preparation(parts)
        assert answer.shutdown.at == before + 2 * HOUR
        snapshot = await parts.snapshot(STAGING)
        assert snapshot.environment.preparation.shutdown == answer.shutdown
        [entry] = snapshot.activity
        assert (entry.kind, entry.outcome, entry.by, entry.target) == (
            "move-shutdown", "done", "ana", "PREP-ERP-STG-01",
        )  # fmt: skip
        assert (entry.moved_from, entry.moved_to) == (before, before + 2 * HOUR)

    with_parts(story)


def test_a_repeat_with_the_same_key_moves_once(with_parts):
    async def story(parts):
        first = (await preparation(parts)).shutdown.at
        request = ShutdownRequest(move=ShutdownMove.EXTEND, expected=first, to=first + HOUR)
        answers = [
            await parts.shutdown_commands.move(PREPARATION, request, principal=ANA, key="k")
            for _ in "ab"
        ]
        assert answers[0] == answers[1]
        assert len(await activity(parts)) == 1

    with_parts(story)


def test_a_refusal_is_recorded_with_its_code(with_parts):
    async def story(parts):
        await move(parts, hours=1, by="bea")
        stale = ShutdownRequest(
            move=ShutdownMove.CANCEL, expected=(await preparation(parts)).shutdown.moved_from
        )
        with pytest.raises(Refusal) as caught:
            await parts.shutdown_commands.move(PREPARATION, stale, principal=ANA, key="k2")
        assert caught.value.code is Code.SHUTDOWN_MOVED
        newest, _ = await activity(parts)
        assert (newest.kind, newest.outcome, newest.reason) == (
            "cancel-shutdown", "refused", "shutdown-moved",
        )  # fmt: skip

    with_parts(story)


def test_a_moved_shutdown_happens_at_its_new_moment(with_parts):
    async def story(parts):
        await move(parts, hours=1)
        parts.time.goes_on(hours=4)
        assert await parts.timer.act() == 3600
        assert (await preparation(parts)).status == "running"
        parts.time.goes_on(hours=1)
        await parts.timer.act()
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_a_cancelled_one_does_not_happen_until_the_next_start_sets_another(with_parts):
    async def story(parts):
        assert (await move(parts, "cancel")).shutdown is None
        parts.time.goes_on(hours=40)
        assert await parts.timer.act() is None
        await parts.poller.read(STAGING)
        assert (await preparation(parts)).shutdown is None
        for number, power in enumerate((Power.STOP, Power.START)):
            await parts.power_commands.switch(PREPARATION, power, principal=ANA, key=f"{number}")
            parts.time.goes_on(minutes=5)
            await parts.poller.read(STAGING)
        assert (await preparation(parts)).shutdown is not None

    with_parts(story)


def test_skipping_keeps_the_daily_schedule(with_parts):
    async def story(parts):
        before = (await preparation(parts)).shutdown
        after = (await move(parts, "skip")).shutdown
        assert after.at == before.skips_to
        assert after.skips_to == before.skips_to + timedelta(days=1)
        newest = (await activity(parts))[0]
        assert (newest.kind, newest.moved_to) == ("skip-shutdown", after.at)

    with_parts(story)


def test_a_held_one_that_is_extended_waits_for_its_new_moment(with_parts):
    async def story(parts):
        run = await parts.publisher.publish(
            STAGING, PublishRequest(expected_version=58), principal=ANA, key="p"
        )
        parts.time.goes_on(hours=4)
        await parts.timer.act()
        assert (await preparation(parts)).shutdown.held
        assert (await activity(parts))[0].kind == "hold-shutdown"
        answer = await move(parts, hours=2)
        assert not answer.shutdown.held
        failed = StepEnding(state="failed", reason="image-failed")
        await Journal(parts.engine, parts.unit_of_work, lambda: None).end(
            run.id, "image-creation", failed
        )
        assert await parts.timer.act() == 7200
        assert (await preparation(parts)).status == "running"

    with_parts(story)


def test_what_is_being_switched_off_cannot_be_promised_more_time(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        moved_meanwhile = []

        async def impatient(*_args, **_more):
            with pytest.raises(Refusal) as caught:
                await move(parts, hours=1)
            moved_meanwhile.append(caught.value.code)

        parts.provider.power = impatient
        await parts.timer.act()
        assert moved_meanwhile == [Code.NOT_ALLOWED_NOW]

    with_parts(story)


def test_what_was_moved_at_the_last_moment_is_not_switched_off(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        [due] = await parts.timer._scheduled()
        await move(parts, hours=1)
        assert await parts.timer._see_to(due) is None
        assert (await preparation(parts)).status == "running"

    with_parts(story)


def test_a_scheduled_shutdown_is_in_the_record_until_it_is_seen_done(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        await parts.timer.act()
        [entry] = await activity(parts)
        assert (entry.kind, entry.by, entry.outcome) == ("scheduled-shutdown", None, "running")
        parts.time.goes_on(minutes=5)
        await parts.poller.read(STAGING)
        [entry] = await activity(parts)
        assert (entry.outcome, entry.ended_at) == ("done", parts.time())

    with_parts(story)


def test_one_that_fails_is_recorded_once_and_the_try_that_succeeds_too(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = Faults(busy_every=1)
        for _ in range(3):
            assert await parts.timer.act() == 60
        [entry] = await activity(parts)
        assert (entry.outcome, entry.reason) == ("failed", "provider-busy")
        parts.provider.faults = Faults()
        parts.time.goes_on(minutes=1)
        await parts.timer.act()
        assert [each.outcome for each in await activity(parts)] == ["running", "failed"]

    with_parts(story)


def test_what_was_skipped_is_had_again_unless_it_was_moved_meanwhile(with_parts):
    async def story(parts):
        was = (await preparation(parts)).shutdown.at
        await move(parts, "skip", key="one")
        stands = (await preparation(parts)).shutdown.at
        assert stands != was
        back = ShutdownRequest(move=ShutdownMove.SET, expected=stands, to=was)
        await parts.shutdown_commands.move(PREPARATION, back, principal=BEA, key="two")
        assert (await preparation(parts)).shutdown.at == was
        with pytest.raises(Refusal) as caught:
            await parts.shutdown_commands.move(PREPARATION, back, principal=BEA, key="three")
        assert (caught.value.code, caught.value.at) == (Code.SHUTDOWN_MOVED, was)

    with_parts(story)


def test_what_was_cancelled_is_had_again_and_both_are_on_the_record(with_parts):
    async def story(parts):
        at = (await preparation(parts)).shutdown.at
        await move(parts, "cancel", key="one")
        assert (await preparation(parts)).shutdown is None
        request = ShutdownRequest(move=ShutdownMove.SET, expected=None, to=at)
        await parts.shutdown_commands.move(PREPARATION, request, principal=BEA, key="two")
        shutdown = (await preparation(parts)).shutdown
        assert (shutdown.at, shutdown.moved_by, shutdown.moved_from) == (at, "bea", None)
        newest, before = await activity(parts)
        assert (newest.kind, newest.outcome, newest.by, newest.moved_to) == (
            "set-shutdown", "done", "bea", at,
        )  # fmt: skip
        assert before.kind == "cancel-shutdown"

    with_parts(story)
