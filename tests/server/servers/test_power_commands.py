"""Somebody presses a button: what is written down before, and when it counts as done."""

import asyncio
from datetime import timedelta

import pytest

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Power
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.providers import retry
from autosky_desktop.server.providers.simulated import Faults, ledger
from autosky_desktop.server.providers.simulated.faults import NO_CAPACITY
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.startup import close_interrupted
from autosky_desktop.words.provider import NO_ANSWER
from tests.support.cloud import KilledProcess
from tests.support.people import ANA

PRODUCTION, PREPARATION = "erp-production", "prep-erp-prod-01"


async def press(parts, power=Power.START, key="k"):
    return await parts.power_commands.switch(PREPARATION, power, principal=ANA, key=key)


async def activity(parts):
    return (await parts.snapshot(PRODUCTION)).activity


async def after(parts, poller=None, **units):
    parts.time.goes_on(**units)
    await (poller or parts.poller).read(PRODUCTION)
    return (await activity(parts))[0]


async def next_process(parts) -> Poller:
    """An observer that has seen nothing, over what the last process left."""
    parts.time.goes_on(seconds=1)
    poller = Poller(parts.engine, parts.provider, parts.unit_of_work, parts.time)
    await close_interrupted(parts.engine, parts.unit_of_work, poller)
    return poller


def test_a_start_is_done_when_the_server_is_seen_to_run(with_parts):
    async def story(parts):
        await press(parts)
        [entry] = await activity(parts)
        assert (entry.kind, entry.outcome, entry.target) == (
            "start-server", "running", "PREP-ERP-PROD-01",
        )  # fmt: skip
        assert (await after(parts, seconds=10)).outcome == "running"
        done = await after(parts, minutes=5)
        assert (done.outcome, done.ended_at, done.id) == ("done", parts.time(), entry.id)

    with_parts(story)


def test_a_restart_is_not_done_by_having_run_before(with_parts):
    async def story(parts):
        await press(parts)
        await after(parts, minutes=5)
        await press(parts, Power.RESTART, key="again")
        assert (await after(parts, seconds=1)).outcome == "running"
        assert (await after(parts, minutes=5)).outcome == "done"

    with_parts(story)


def test_a_server_that_comes_to_rest_elsewhere_did_not_do_it(with_parts):
    async def story(parts):
        await press(parts)
        parts.time.goes_on(minutes=5)
        await parts.provider.read(PRODUCTION)
        await parts.provider.power(PRODUCTION, PREPARATION, Power.STOP, key="console")
        entry = await after(parts, minutes=5)
        assert (entry.outcome, entry.reason) == ("failed", "not-reached")
        assert entry.detail == "stopped"

    with_parts(story)


def test_pressed_twice_with_the_same_key_it_is_one_request(with_parts):
    async def story(parts):
        first = await press(parts)
        assert await press(parts) == first
        await after(parts, minutes=5)
        assert (await press(parts)).status == "running"
        assert len(await activity(parts)) == 1

    with_parts(story)


def test_a_refusal_is_recorded_and_another_try_is_another_entry(with_parts):
    async def story(parts):
        for _ in range(2):
            with pytest.raises(Refusal) as caught:
                await press(parts, Power.STOP)
            assert caught.value.code is Code.NOT_ALLOWED_NOW
        entries = await activity(parts)
        assert [(e.outcome, e.reason) for e in entries] == [("refused", "not-allowed-now")] * 2

    with_parts(story)


def test_the_provider_s_no_is_recorded_in_its_own_words(with_parts):
    async def story(parts):
        parts.provider.faults = Faults(start_refused=NO_CAPACITY)
        with pytest.raises(Refusal):
            await press(parts)
        [entry] = await activity(parts)
        assert (entry.outcome, entry.reason) == ("refused", "provider-refused")
        assert (entry.detail, entry.ended_at) == (NO_CAPACITY, parts.time())

    with_parts(story)


def test_a_provider_that_hangs_is_busy_and_does_nothing_later(with_parts, monkeypatch):
    monkeypatch.setattr(retry, "LONGEST_SECONDS", 0.05)

    async def story(parts):
        parts.provider.faults = Faults(hangs=True)
        with pytest.raises(Refusal) as refused:
            async with asyncio.timeout(10):
                await press(parts)
        assert (refused.value.code, refused.value.detail) == (Code.PROVIDER_BUSY, NO_ANSWER)
        parts.provider.faults = Faults()
        parts.time.goes_on(minutes=5)
        servers = (await parts.provider.read(PRODUCTION)).servers
        assert {it.id: it.status for it in servers}[PREPARATION] == "stopped"
        [entry] = await activity(parts)
        assert (entry.outcome, entry.reason) == ("failed", "provider-busy")

    with_parts(story)


def test_what_was_accepted_and_cannot_be_looked_at_is_not_refused(with_parts, monkeypatch):
    monkeypatch.setattr(retry, "PAUSE_SECONDS", 0.001)

    async def story(parts):
        power = parts.provider.power

        async def and_then_busy(*args, **more):
            await power(*args, **more)
            parts.provider.faults = Faults(busy_every=1)

        parts.provider.power = and_then_busy
        assert (await press(parts)).status == "stopped"
        parts.provider.faults = Faults()
        assert (await after(parts, minutes=5)).outcome == "done"

    with_parts(story)


def test_a_crash_before_the_provider_was_asked_leaves_a_request_that_failed(with_parts):
    async def story(parts):
        async def dies(*_args, **_more):
            raise KilledProcess

        parts.provider.power, power = dies, parts.provider.power
        with pytest.raises(KilledProcess):
            await press(parts)
        parts.provider.power = power
        poller = await next_process(parts)
        entry = await after(parts, poller, seconds=1)
        assert (entry.outcome, entry.reason) == ("failed", "interrupted")

    with_parts(story)


def test_a_crash_after_the_provider_accepted_is_seen_through(with_parts, tmp_path):
    async def story(parts):
        power = parts.provider.power

        async def and_dies(*args, **more):
            await power(*args, **more)
            raise KilledProcess

        parts.provider.power = and_dies
        with pytest.raises(KilledProcess):
            await press(parts)
        parts.provider.power = power
        poller = await next_process(parts)
        assert (await after(parts, poller, seconds=1)).outcome == "running"
        assert (await press(parts)).status == "starting"  # the same key: it goes on with it
        assert (await after(parts, poller, minutes=5)).outcome == "done"
        assert len(await activity(parts)) == 1
        assert [effect.count for effect in ledger(tmp_path / "cloud")] == [1]

    with_parts(story)


def test_what_came_true_while_no_process_ran_is_done(with_parts):
    async def story(parts):
        await press(parts)
        parts.time.goes_on(minutes=5)
        entry = await after(parts, await next_process(parts), seconds=1)
        assert entry.outcome == "done"

    with_parts(story)


def test_a_crash_under_a_clock_that_was_ahead_is_seen_as_one(with_parts):
    async def story(parts):
        async def dies(*_args, **_more):
            raise KilledProcess

        parts.time.goes_on(days=365)
        parts.provider.power, power = dies, parts.provider.power
        with pytest.raises(KilledProcess):
            await press(parts)
        parts.provider.power = power
        parts.time.goes_on(days=-365)
        entry = await after(parts, await next_process(parts), seconds=1)
        assert (entry.outcome, entry.reason) == ("failed", "interrupted")

    with_parts(story)


async def shutdown_at(parts):
    return (await parts.snapshot(PRODUCTION)).servers[0].shutdown.at


def test_a_start_for_so_many_hours_ends_after_them(with_parts):
    async def story(parts):
        await parts.power_commands.switch(PREPARATION, Power.START, principal=ANA, key="k", hours=2)
        assert await shutdown_at(parts) == parts.time() + timedelta(hours=2)
        [entry] = await activity(parts)
        assert entry.count == 2
        await after(parts, minutes=5)
        started = parts.time() - timedelta(minutes=5)
        assert await shutdown_at(parts) == started + timedelta(hours=2)

    with_parts(story)


def test_the_hours_are_kept_when_the_process_ends_before_the_server_is_seen_to_start(with_parts):
    async def story(parts):
        async def dies(*_args, **_more):
            raise KilledProcess

        parts.poller.look, look = dies, parts.poller.look
        with pytest.raises(KilledProcess):
            await parts.power_commands.switch(
                PREPARATION, Power.START, principal=ANA, key="k", hours=1
            )
        parts.poller.look = look
        poller = await next_process(parts)
        await poller.read(PRODUCTION)
        assert await shutdown_at(parts) == parts.time() + timedelta(hours=1)

    with_parts(story)


@pytest.mark.parametrize(
    ("server", "power"), [(PREPARATION, Power.STOP), ("db-erp-prod-01", Power.START)]
)
def test_hours_go_with_the_start_of_a_preparation_server_alone(with_parts, server, power):
    async def story(parts):
        with pytest.raises(Refusal) as caught:
            await parts.power_commands.switch(server, power, principal=ANA, key="k", hours=2)
        assert caught.value.code is Code.INVALID_REQUEST

    with_parts(story)
