"""A provider update that was asked for: begun, carried out, and told with what it changed."""

import asyncio

import msgspec
import pytest

from autosky_desktop.domain.operation import Differences
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.environments.commands import RecordedState, differences
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.providers import retry
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.startup import close_interrupted
from tests.support.people import ANA, manager

PRODUCTION, DATABASE = "erp-production", "db-erp-prod-01"


async def begin(parts, key="k", by="ana"):
    return await parts.updates.begin(PRODUCTION, principal=manager(by), key=key)


def test_it_is_answered_at_once_and_told_with_what_changed(with_parts):
    async def story(parts):
        parts.provider.faults = Faults(status_words={DATABASE: "hibernating"})
        position = (await parts.snapshot(PRODUCTION)).last_event
        operation = await begin(parts)
        assert (operation.state, operation.by) == ("running", "ana")
        snapshot = await parts.snapshot(PRODUCTION)
        assert snapshot.operations == [operation]
        assert [entry.outcome for entry in snapshot.activity] == ["running"]
        await parts.updates.carry_out(operation)
        snapshot = await parts.snapshot(PRODUCTION)
        [ended] = snapshot.operations
        assert (ended.id, ended.state) == (operation.id, "succeeded")
        assert ended.differences == Differences(statuses=1)
        [entry] = snapshot.activity
        assert (entry.kind, entry.outcome, entry.by) == ("provider-update", "done", "ana")
        assert snapshot.environment.troubled == 1
        async with parts.engine.connect() as connection:
            told = [row.kind for row in await events.after(connection, position, 100)]
        assert told == [
            "operation", "activity", "server", "environment", "operation", "activity",
        ]  # fmt: skip

    with_parts(story)


def test_whoever_asks_while_one_runs_is_told_of_that_one(with_parts):
    async def story(parts):
        first = await begin(parts)
        assert await begin(parts, key="other", by="bea") == first
        await parts.updates.carry_out(first)
        assert (await begin(parts, key="other", by="bea")).id != first.id
        assert len((await parts.snapshot(PRODUCTION)).activity) == 2

    with_parts(story)


def test_a_repeat_with_the_same_key_is_the_same_update_even_when_it_ended(with_parts):
    async def story(parts):
        first = await begin(parts)
        await parts.updates.carry_out(first)
        again = await begin(parts)
        assert (again.id, again.state) == (first.id, "succeeded")

    with_parts(story)


@pytest.mark.parametrize(
    ("faults", "reason"), [(Faults(busy_every=1), "provider-busy")], ids=["busy"]
)
def test_one_that_fails_says_why(with_parts, monkeypatch, faults, reason):
    monkeypatch.setattr(retry, "PAUSE_SECONDS", 0.001)

    async def story(parts):
        parts.provider.faults = faults
        await parts.updates.carry_out(await begin(parts))
        snapshot = await parts.snapshot(PRODUCTION)
        [ended] = snapshot.operations
        assert (ended.state, ended.reason) == ("failed", reason)
        assert ended.detail == snapshot.environment.unreachable
        assert (snapshot.activity[0].outcome, snapshot.activity[0].reason) == ("failed", reason)

    with_parts(story)


def test_one_whose_process_died_is_closed_by_the_next(with_parts):
    async def story(parts):
        await begin(parts)
        await close_interrupted(parts.engine, parts.unit_of_work, parts.poller)
        snapshot = await parts.snapshot(PRODUCTION)
        assert (snapshot.operations[0].state, snapshot.operations[0].reason) == (
            "failed", "interrupted",
        )  # fmt: skip
        assert snapshot.activity[0].reason == "interrupted"

    with_parts(story)


def test_those_that_run_are_cancelled_with_the_control_plane(with_parts):
    async def story(parts):
        parts.provider.faults = Faults(slow=0)
        reading = asyncio.Event()

        async def never(_environment):
            reading.set()
            await asyncio.Event().wait()

        parts.provider.read = never
        work = asyncio.create_task(parts.updates.run())
        await begin(parts)
        await reading.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert (await parts.snapshot(PRODUCTION)).operations[0].state == "running"

    with_parts(story)


def test_an_environment_that_is_not_there_is_refused(with_parts):
    async def story(parts):
        with pytest.raises(Refusal) as caught:
            await parts.updates.begin("nowhere", principal=ANA, key="k")
        assert caught.value.code is Code.NOT_FOUND

    with_parts(story)


def test_what_changed_is_counted_by_what_it_is(with_parts):
    async def story(parts):
        snapshot = await parts.snapshot(PRODUCTION)
        before = RecordedState(
            {s.id: s for s in snapshot.servers}, {i.id: i for i in snapshot.instances}
        )
        change = msgspec.structs.replace
        first, second, third, *others = snapshot.instances
        instances = [
            change(first, sessions=99, version=1), change(second, public_ip="203.0.113.1"),
            change(third, id="i-new"), *others,
        ]  # fmt: skip
        after = RecordedState(
            {s.id: change(s, status="odd") for s in snapshot.servers},
            {i.id: i for i in instances},
        )
        assert differences(before, after) == Differences(
            statuses=4, addresses=1, versions=1, sessions=1, appeared=1, gone=1
        )
        assert not differences(before, before)

    with_parts(story)
