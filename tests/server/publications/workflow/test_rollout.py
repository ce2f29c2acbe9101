"""How instances are rolled out over the simulated cloud, and what that does to people on them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.provider import Admission, Member
from autosky_desktop.server.providers.simulated import Faults, SimulatedProvider, ledger
from tests.support.cloud import MORNING, Time
from tests.support.rolling import Rolling

STAGING = replace(demo_seed.ERP_STAGING, sessions=9)
EMPTY = replace(STAGING, sessions=0)
PAYROLL = next(it for it in demo_seed.environments() if it.id == "payroll")
LOOK = timedelta(seconds=1)
CLOSED = ("blocked", "draining", "stopping", "starting")


class Evening:
    """A rollout of version 99 in one environment, with a clock of its own."""

    def __init__(self, cloud: SimulatedProvider, time: Time, environment: str, model: str) -> None:
        self.cloud = cloud
        self.time = time
        self.environment = environment
        self.model = model
        self.begun = time()

    def rolls(self, *, key: str = "roll", attempt: int = 0, end_sessions: bool = False) -> Rolling:
        return Rolling(
            self.cloud,
            self.environment,
            self.model,
            key=key,
            attempt=attempt,
            end_sessions=end_sessions,
            moment=self.moment,
            clock=self.time,
        )

    async def moment(self) -> None:
        self.time.now += LOOK

    async def members(self) -> list[Member]:
        return await self.cloud.members(self.environment)

    async def statuses(self) -> list[str]:
        return [it.instance.status for it in await self.members()]

    async def versions(self) -> list[int]:
        return [it.instance.version for it in await self.members()]

    async def sessions(self) -> dict[str, int]:
        return {it.instance.id: it.instance.sessions or 0 for it in await self.members()}

    @property
    def lasted(self) -> timedelta:
        return self.time() - self.begun


Story = Callable[[Evening], Awaitable[None]]


def tell(
    folder: Path,
    story: Story,
    demo: demo_seed.DemoEnvironment = STAGING,
    *,
    blocked: bool = False,
    churn: bool = False,
    faults: Faults = Faults(),  # noqa: B008 - frozen
) -> None:
    async def told() -> None:
        time = Time()
        cloud = await SimulatedProvider.open(
            folder, clock=time, sleep=time.sleep, churn=churn, begin=[demo], faults=faults
        )
        image = await cloud.create_image(demo.id, key="image")
        time.goes_on(minutes=8)
        model = await cloud.create_model(demo.id, image=image, version=99, key="model")
        if blocked:
            await cloud.block(demo.id, blocked=True, key="block")
        await story(Evening(cloud, time, demo.id, model))

    asyncio.run(told())


@pytest.mark.parametrize("seed", range(8))
def test_one_instance_takes_sixty_to_a_hundred_and_ten_seconds(tmp_path, seed):
    async def story(it: Evening) -> None:
        count = len(await it.members())
        await it.rolls().until(lambda rollout: len(rollout.outdated) < count)
        up = it.lasted
        while "stopping" in await it.statuses():
            await it.moment()
        assert up < it.lasted
        assert timedelta(seconds=60) <= it.lasted <= timedelta(seconds=110) + 2 * LOOK

    tell(tmp_path, story, replace(EMPTY, seed=seed))


def test_forty_instances_do_not_take_a_quarter_of_an_hour(tmp_path):
    async def story(it: Evening) -> None:
        await it.rolls(end_sessions=True).to_the_end()
        assert await it.versions() == [99] * 40
        assert it.lasted < timedelta(minutes=15)

    tell(tmp_path, story, PAYROLL)


def test_the_new_instance_starts_before_the_old_one_goes_and_takes_its_name(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.turn()
        pair = [each for each in await it.members() if each.instance.name == "INST-01"]
        old, new = sorted(pair, key=lambda each: each.instance.version)
        assert (old.instance.status, new.instance.status) == ("draining", "starting")
        assert (new.instance.version, new.instance.public_ip) == (99, None)
        await run.until(lambda rollout: rollout.succeeded)
        there = {each.instance.id: each.instance for each in await it.members()}
        assert there[old.instance.id].status == "stopping"
        assert there[new.instance.id].status == "available"
        assert there[new.instance.id].public_ip

    tell(tmp_path, story, EMPTY)


@pytest.mark.parametrize("turns", [1, 2, 5, 1000])
def test_with_end_sessions_every_session_is_ended_and_counted_once(tmp_path, turns):
    """However often the process that carries it out is another one."""

    async def story(it: Evening) -> None:
        before = sum((await it.sessions()).values())
        run, is_done = it.rolls(end_sessions=True), False
        while not is_done:
            run = it.rolls(end_sessions=True)
            for _ in range(turns):
                is_done = is_done or (await run.turn()).is_done
        assert run.sessions_ended == before > 0
        assert sum((await it.sessions()).values()) == 0

    tell(tmp_path, story, blocked=True)


def test_without_it_nobody_is_thrown_out_and_it_waits_for_them(tmp_path):
    async def story(it: Evening) -> None:
        run, waited = it.rolls(), False
        while True:
            busy = {id_ for id_, sessions in (await it.sessions()).items() if sessions}
            rollout = await run.look()
            waited = waited or rollout.is_waiting
            going = {
                each.instance.id
                for each in await it.members()
                if each.instance.status == "stopping"
            }
            assert not busy & going
            if rollout.is_done:
                break
            await run.turn()
        assert waited
        assert run.sessions_ended == 0

    tell(tmp_path, story, blocked=True)


def test_blocked_instances_drain_at_once_within_fifteen_minutes(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.turn()
        assert "blocked" not in [
            each.instance.status for each in await it.members() if each.instance.sessions
        ]
        begun = it.time()
        while sum((await it.sessions()).values()):
            await it.moment()
        assert timedelta(minutes=2) <= it.time() - begun <= timedelta(minutes=15)

    tell(tmp_path, story, blocked=True)


def test_instances_that_are_not_blocked_keep_a_place_for_people_until_a_new_one_is_up(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.turn()
        assert {"available", "draining"} <= set(await it.statuses())
        await run.until(lambda rollout: rollout.succeeded)
        await run.turn()
        old = [each for each in await it.members() if each.model != it.model]
        busy = [each for each in old if each.instance.sessions]
        assert busy
        assert {each.instance.status for each in busy} == {"draining"}

    tell(tmp_path, story)


def test_no_session_lands_on_blocked_or_draining_instances(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        while True:
            before = {each.instance.id: each.instance for each in await it.members()}
            rollout = await run.turn()
            for each in await it.members():
                was = before.get(each.instance.id)
                if was is not None and was.status in CLOSED:
                    assert (each.instance.sessions or 0) <= (was.sessions or 0)
            if rollout.is_done:
                break

    tell(tmp_path, story, blocked=True, churn=True)


def test_an_instance_that_never_becomes_healthy_fails_and_the_others_stay_as_they_were(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.until(lambda _: run.failures)
        [failure] = run.failures
        assert "INST-03" in failure.detail
        assert it.lasted > timedelta(minutes=10)
        await run.is_stopped()
        it.time.goes_on(minutes=1)
        assert (await it.versions()).count(99) == 2
        assert (await it.statuses()).count("blocked") == 4
        assert len(await it.members()) == 6

    tell(tmp_path, story, EMPTY, blocked=True, faults=Faults(unhealthy_instance=3))


def test_what_was_left_is_replaced_by_the_next_attempt(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.until(lambda _: run.failures)
        await run.is_stopped()
        left = [each for each in await it.versions() if each != 99]
        it.cloud.faults = Faults()
        again = it.rolls(attempt=1)
        await again.to_the_end()
        assert len(left) == 4
        assert not again.failures
        assert await it.versions() == [99] * 6

    tell(tmp_path, story, EMPTY, faults=Faults(unhealthy_instance=3))


def test_one_that_failed_is_left_behind_and_the_others_go_on(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls(end_sessions=True)
        await run.to_the_end()
        assert len(run.failures) == 1
        members = await it.members()
        assert (
            sorted(each.instance.version for each in members)
            == [STAGING.current_version] + [99] * 5
        )
        assert {each.admission for each in members} == {Admission.OPEN}

    tell(tmp_path, story, faults=Faults(unhealthy_instance=3))


def test_one_that_takes_too_long_to_come_up_has_failed_whatever_the_cloud_says(tmp_path):
    """A new instance that was started a short while ago, at a cloud whose clock goes slowly."""

    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.turn()
        it.cloud._store.put(later(it.cloud._now(it.environment)))
        await run.until(lambda _: run.failures)
        assert run.failures[0].detail == "The new INST-01 did not come up in 10 minutes."
        assert timedelta(minutes=10) <= it.lasted <= timedelta(minutes=10) + 2 * LOOK
        await run.is_stopped()
        assert await it.statuses() == ["available"] * 6

    tell(tmp_path, story, EMPTY)


def test_one_that_is_deleted_while_it_comes_up_fails_when_its_time_is_over(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls()
        await run.turn()
        [new] = [each for each in await it.members() if each.replaces]
        await it.cloud.retire_instance(
            it.environment, new.instance.id, end_sessions=True, key="by hand"
        )
        await run.until(lambda _: run.failures)
        assert run.failures[0].instance == new.replaces
        assert it.lasted >= timedelta(minutes=10)
        effects = [each for each in ledger(tmp_path) if each.kind == "start-instance"]
        assert len(effects) == 1, "nothing was started a second time"

    tell(tmp_path, story, EMPTY)


@pytest.mark.parametrize("somebody", [True, False])
def test_one_that_is_stopped_when_a_new_one_is_up_disconnects_nobody(tmp_path, somebody):
    """The old one goes if it is empty; otherwise the new one goes again."""

    async def story(it: Evening) -> None:
        run = it.rolls(end_sessions=True)
        await run.turn()
        there = sum((await it.sessions()).values())
        it.time.goes_on(minutes=2)
        for _ in range(2):
            await run.is_stopped()
        it.time.goes_on(minutes=1)
        assert sum((await it.sessions()).values()) == there
        assert (await it.versions()).count(99) == (0 if somebody else 1)
        assert await it.statuses() == ["available"] * 6

    tell(tmp_path, story, replace(STAGING, sessions=60) if somebody else EMPTY)


def test_stopped_while_people_are_on_both_it_keeps_both_until_the_next_rollout(tmp_path):
    async def story(it: Evening) -> None:
        run = it.rolls(end_sessions=True)
        await run.turn()
        [new] = [each for each in await it.members() if each.replaces]
        while not (await it.sessions())[new.instance.id]:
            await it.moment()
        assert (before := await it.sessions())[new.replaces]
        await run.is_stopped()
        assert await it.sessions() == before
        assert await it.statuses() == ["available"] * 7
        image = await it.cloud.create_image(it.environment, key="next image")
        it.time.goes_on(minutes=8)
        it.model = await it.cloud.create_model(
            it.environment, image=image, version=100, key="next model"
        )
        await it.rolls(key="next", end_sessions=True).to_the_end()
        assert await it.versions() == [100] * 6

    tell(tmp_path, story, replace(STAGING, sessions=60), churn=True)


def test_every_instance_is_written_down_as_started_and_retired_once(tmp_path):
    async def story(it: Evening) -> None:
        old = {each.instance.id for each in await it.members()}
        await it.rolls(end_sessions=True).to_the_end()
        for kind in ("start-instance", "retire-instance"):
            written = [each for each in ledger(tmp_path) if each.kind == kind]
            assert sorted(each.target for each in written) == sorted(old)
            assert {each.count for each in written} == {1}

    tell(tmp_path, story)


def later(state):
    """The cloud with what comes up later than it would."""
    coming = {
        id_: replace(it, ready_at=MORNING + timedelta(days=1)) if it.replaces else it
        for id_, it in state.instances.items()
    }
    return replace(state, instances=coming)
