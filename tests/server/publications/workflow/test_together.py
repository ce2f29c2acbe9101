"""What one turn of a rollout has to do is done together, and nothing of it twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from autosky_desktop.server.providers.provider import Admission, ProviderBusy, ProviderRefused
from autosky_desktop.server.publications.workflow.together import AT_ONCE, together
from tests.support.machine_house import HERE, House, holds
from tests.support.rolling import Rolling

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House(instances=24)
    yield made
    await made.provider.close()


def rolling(house: House) -> Rolling:
    async def moment() -> None:
        house.cloud.tick()

    return Rolling(house.provider, HERE, "model-2", key="roll", moment=moment, clock=house.time)


def asked(house: House, verb: str) -> Counter[str]:
    """Return how often each instance was asked that, of those that were."""
    counted = {id_: it.asked.count(verb) for id_, it in house.cloud.systems.items()}
    return +Counter(counted)


async def all_blocked_and_used(house: House) -> Rolling:
    for it in list(house.cloud.instances):
        house.on(it, "ana")
    house.cloud.models["model-2"] = 2
    await house.provider.block(HERE, blocked=True, key="block")
    for system in house.cloud.systems.values():
        system.asked.clear()
    return rolling(house)


async def test_slow_instances_are_drained_together_a_few_at_a_time(house: House) -> None:
    run = await all_blocked_and_used(house)
    rollout = await run.look()
    systems = house.cloud.systems.values()
    for system in systems:
        system.answers.clear()
    begun = asyncio.create_task(run.replacer.begin(rollout, end_sessions=False))
    await holds(lambda: asked(house, "admit").total() >= AT_ONCE)
    assert asked(house, "admit").total() == AT_ONCE
    for system in systems:
        system.answers.set()
    await begun
    assert asked(house, "admit") == Counter(list(house.cloud.instances))


async def test_one_that_cannot_be_drained_keeps_no_other_open(house: House) -> None:
    run = await all_blocked_and_used(house)
    rollout = await run.look()
    house.cloud.systems[house.first].fails = [ProviderRefused("No agent.")]
    with pytest.raises(ProviderRefused, match="instance-1: No agent"):
        await run.replacer.begin(rollout, end_sessions=False)
    admissions = Counter(it.admission for it in house.cloud.instances.values())
    assert admissions == {Admission.DRAINING: 23, Admission.BLOCKED: 1}


async def test_slow_instances_are_retired_together_each_once(house: House) -> None:
    house.cloud.models["model-2"] = 2
    run = rolling(house)
    await run.turn()
    house.cloud.tick()
    rollout = await run.replacer.members()
    olds = [it.replaces for it in rollout if it.replaces]
    assert len(olds) == AT_ONCE
    before = {it: house.cloud.systems[it].asked.count("sessions") for it in olds}
    for it in olds:
        house.cloud.systems[it].answers.clear()
    looked = asyncio.create_task(run.look())
    systems = {it: house.cloud.systems[it] for it in olds}
    await holds(lambda: all(s.asked.count("sessions") > before[it] for it, s in systems.items()))
    assert set(olds) <= set(house.cloud.instances), "each is asked before any is gone"
    for system in systems.values():
        system.answers.set()
    await looked
    assert not set(olds) & set(house.cloud.instances)
    assert house.cloud.calls["retire_instance"] == AT_ONCE


async def test_what_is_to_be_admitted_again_is_so_whatever_cannot_be_retired(house: House) -> None:
    house.cloud.models["model-2"] = 2
    run = rolling(house)
    await run.turn()
    house.cloud.busy["retire_instance"] = 1000
    with pytest.raises(ProviderBusy):
        await run.replacer.give_up()
    assert {it.admission for it in house.cloud.instances.values()} == {Admission.OPEN}


async def test_the_first_error_is_told_when_all_are_done() -> None:
    done = []

    async def call(number: int) -> None:
        await asyncio.sleep(0.01 if number == 0 else 0)
        if number in (0, 5):
            raise ProviderRefused(f"{number} is refused.")
        done.append(number)

    with pytest.raises(ProviderRefused, match="0 is refused"):
        await together(call, range(9))
    assert sorted(done) == [1, 2, 3, 4, 6, 7, 8]


async def test_a_process_that_dies_begins_nothing_more() -> None:
    begun, answered = [], asyncio.Event()

    async def call(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise asyncio.CancelledError
        await answered.wait()

    with pytest.raises(asyncio.CancelledError):
        await together(call, range(9))
    answered.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert begun == list(range(AT_ONCE))
