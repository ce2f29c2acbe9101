"""Many environments are confirmed together, and nothing is asked of the database for each."""

import asyncio

from msgspec.structs import replace
from sqlalchemy import event

from autosky_desktop.server.environments import poller
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.words.provider import NOT_KEPT
from tests.support.cloud import source_of

EVERYWHERE = ["erp-production", "erp-staging", "payroll"]


def statements(engine):
    heard = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    return heard


async def told_after(parts, position):
    async with parts.engine.connect() as connection:
        rows = await events.after(connection, position, 1000)
    return [(row.kind, row.environment) for row in rows]


def asked(heard: list[str]) -> list[str]:
    """Leave out what begins, and what gives events the order of their commits on PostgreSQL."""
    return [one for one in heard if not one.startswith("BEGIN") and "advisory" not in one]


def test_a_confirmation_of_all_is_one_transaction_however_many_they_are(with_parts):
    async def story(parts):
        position = (await parts.snapshot("payroll")).last_event
        parts.time.goes_on(seconds=40)
        heard = statements(parts.engine)
        await parts.poller.read_all(EVERYWHERE)
        assert len(asked(heard)) == 3
        told = await told_after(parts, position)
        assert sorted(told) == [("environment", name) for name in EVERYWHERE]

    with_parts(story)


def test_the_timer_asks_once_for_all_environments(with_parts):
    async def story(parts):
        heard = statements(parts.engine)
        await parts.timer.act()
        assert len(asked(heard)) == 2

    with_parts(story)


def test_one_that_cannot_be_read_leaves_the_others_confirmed(with_parts):
    async def story(parts):
        parts.time.goes_on(seconds=40)
        parts.provider.faults = Faults(environment="payroll", busy_every=1)
        came = await parts.poller.read_all(EVERYWHERE)
        assert came.failed == {"payroll"}
        confirmed = {
            name: (await parts.snapshot(name)).environment.confirmed_at for name in EVERYWHERE
        }
        assert confirmed.pop("payroll") < parts.time()
        assert set(confirmed.values()) == {parts.time()}

    with_parts(story)


def test_what_cannot_be_written_down_is_said_of_its_environment_and_no_other(with_parts):
    async def story(parts):
        read = parts.provider.read

        async def has_one_of_no_version(environment):
            found = await read(environment)
            odd = replace(found.instances[0], version=2**70)
            return replace(found, instances=[odd]) if environment == "payroll" else found

        parts.provider.read = has_one_of_no_version
        parts.time.goes_on(seconds=40)
        before = await parts.snapshot("payroll")
        await parts.poller.read_all(EVERYWHERE)
        payroll = await parts.snapshot("payroll")
        assert payroll.environment.unreachable == NOT_KEPT
        assert payroll.servers == before.servers
        assert payroll.environment.confirmed_at < parts.time()
        staging = (await parts.snapshot("erp-staging")).environment
        assert (staging.unreachable, staging.confirmed_at) == (None, parts.time())
        parts.provider.read = read
        await parts.poller.read_all(EVERYWHERE)
        assert (await parts.snapshot("payroll")).environment.unreachable is None

    with_parts(story)


def test_an_older_reading_does_not_replace_a_newer_one(with_parts):
    async def story(parts):
        read, first_has_read = parts.provider.read, asyncio.Event()
        goes_on = asyncio.Event()

        async def slow_the_first_time(environment):
            parts.provider.read = read
            observed = await read(environment)
            first_has_read.set()
            await goes_on.wait()
            return observed

        parts.provider.read = slow_the_first_time
        older = asyncio.create_task(parts.poller.read("payroll"))
        await first_has_read.wait()
        parts.provider.faults = Faults(status_words={"db-payroll-01": "hibernating"})
        await parts.poller.read("payroll")
        goes_on.set()
        await older
        statuses = {s.id: s.status for s in (await parts.snapshot("payroll")).servers}
        assert statuses["db-payroll-01"] == "hibernating"

    with_parts(story)


def test_a_reading_that_tells_nothing_new_waits_for_nobody_who_writes(with_parts):
    async def story(parts):
        parts.time.goes_on(seconds=40)
        await parts.poller.read("payroll")
        confirmed = (await parts.snapshot("payroll")).environment.confirmed_at
        parts.time.goes_on(seconds=14)
        async with parts.unit_of_work.turn(), asyncio.timeout(30):
            await parts.poller.read("payroll")
        assert (await parts.snapshot("payroll")).environment.confirmed_at == confirmed
        parts.time.goes_on(seconds=1)
        await parts.poller.read("payroll")
        assert (await parts.snapshot("payroll")).environment.confirmed_at == parts.time()

    with_parts(story)


def test_the_first_reading_after_one_that_failed_is_recorded_though_nothing_changed(with_parts):
    async def story(parts):
        await parts.poller.read_all(["payroll"])
        parts.provider.faults = Faults(environment="payroll", busy_every=1)
        await parts.poller.read_all(["payroll"])
        assert (await parts.snapshot("payroll")).environment.unreachable
        parts.provider.faults = Faults()
        await parts.poller.read("payroll")
        assert (await parts.snapshot("payroll")).environment.unreachable is None

    with_parts(story)


def test_one_that_cannot_be_read_is_tried_again_ever_more_slowly_and_anew_once_it_could(
    with_parts, monkeypatch
):
    """By the number of the failure that each pause is asked for."""
    failures, asked, changes = [], asyncio.Event(), asyncio.Queue()

    def hardly_any(count, **_):
        failures.append(count)
        asked.set()
        return 0.01

    monkeypatch.setattr(poller, "pause_after", hardly_any)

    async def until(so_many):
        while len(failures) < so_many:
            asked.clear()
            await asked.wait()

    async def story(parts):
        parts.provider.changed = changes.get
        parts.provider.faults = Faults(environment="payroll", busy_every=1)
        reading = asyncio.create_task(parts.poller.follow(source_of(parts.provider, EVERYWHERE)))
        async with asyncio.timeout(30):
            await until(4)
            assert failures == [1, 2, 3, 4]
            parts.provider.faults = Faults()
            read, has_read = parts.provider.read, asyncio.Event()

            async def tells(environment):
                observed = await read(environment)
                has_read.set()
                return observed

            parts.provider.read = tells
            await has_read.wait()
            failures.clear()
            parts.provider.faults = Faults(environment="payroll", busy_every=1)
            changes.put_nowait(frozenset({"payroll"}))
            await until(2)
            assert failures == [1, 2]
        reading.cancel()

    with_parts(story)


def test_the_first_readings_of_all_look_up_once_where_everything_is(with_parts):
    async def story(parts):
        poller = Poller(parts.engine, parts.provider, parts.unit_of_work, parts.time)
        heard = statements(parts.engine)
        await poller.read_all(EVERYWHERE)
        asked = [one for one in heard if one.startswith("SELECT server.id, server.environment")]
        assert len([one for one in asked if "position" not in one]) == 1

    with_parts(story)
