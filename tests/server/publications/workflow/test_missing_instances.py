"""An environment that has fewer instances than it shall have gets them by a publication."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.server.providers.provider import ProviderBusy
from tests.support.machine_cloud import MemoryCloud
from tests.support.machine_house import HERE, House
from tests.support.rolling import Rolling

pytestmark = pytest.mark.anyio

WANTED = 3


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House(MemoryCloud(instances=0), wanted=WANTED)
    yield made
    await made.provider.close()


def rolls(house: House, model: str = "model-1", *, attempt: int = 0, ticks: bool = True) -> Rolling:
    async def moment() -> None:
        if ticks:
            house.cloud.tick()
        house.time.goes_on(seconds=7)

    return Rolling(
        house.provider, HERE, model, key=f"roll {model}", attempt=attempt, moment=moment,
        clock=house.time,
    )  # fmt: skip


def names(house: House) -> list[str]:
    return [it.instance.name for it in house.cloud.instances.values()]


async def test_what_is_missing_is_started_with_names_of_its_own(house: House) -> None:
    run = rolls(house)
    await run.to_the_end()
    assert not run.failures
    assert names(house) == ["instance-01", "instance-02", "instance-03"]
    states = {it.instance.status for it in house.cloud.instances.values()}
    assert states == {InstanceState.AVAILABLE}


@pytest.mark.parametrize("turns", [1, 2, 3, 4])
async def test_a_process_that_is_killed_starts_none_twice(house: House, turns: int) -> None:
    """Also where the next one does not see yet what the last one began."""
    for _ in range(6):
        killed = rolls(house)
        for _ in range(turns):
            await killed.turn()
        await rolls(house).replacer.begin(await rolls(house).look(), end_sessions=False)
    await rolls(house).to_the_end()
    assert names(house) == ["instance-01", "instance-02", "instance-03"]


async def test_a_start_whose_answer_was_lost_is_asked_for_again(house: House) -> None:
    killed = rolls(house)
    before = await killed.look()
    house.cloud.gone_after.add("start_instance")
    with pytest.raises(ProviderBusy):
        await house.provider.start_instance(
            HERE, model="model-1", replaces="", key="roll model-1:start:added/1:0"
        )
    assert names(house) == ["instance-01"]
    await rolls(house).replacer.begin(before, end_sessions=False)
    assert names(house) == ["instance-01"]
    await rolls(house).to_the_end()
    assert len(names(house)) == WANTED


async def test_one_that_does_not_come_up_goes_and_the_next_attempt_adds_it(house: House) -> None:
    run = rolls(house)
    await run.turn()
    (id_,) = house.cloud.instances
    house.cloud.fails(id_, "No room.")
    await run.to_the_end()
    assert [(it.instance, it.detail) for it in run.failures] == [(f"added/{id_}", "No room.")]
    assert len(names(house)) == WANTED - 1
    assert id_ not in house.cloud.instances
    again = rolls(house, attempt=1)
    await again.to_the_end()
    assert not again.failures
    assert len(names(house)) == WANTED


async def test_one_that_takes_too_long_has_failed(house: House) -> None:
    run = rolls(house, ticks=False)
    await run.turn()
    await run.turn()
    house.time.now += timedelta(minutes=11)
    await run.turn()
    assert [it.detail for it in run.failures] == [
        "The new instance-01 did not come up in 10 minutes."
    ]


async def test_one_that_vanishes_has_failed_when_its_time_is_over(house: House) -> None:
    run = rolls(house)
    await run.turn()
    house.cloud.instances.clear()
    await run.turn()
    house.time.now += timedelta(minutes=11)
    await run.to_the_end()
    assert [(it.instance, it.detail) for it in run.failures] == [
        ("added/1", "A new instance did not come up in 10 minutes.")
    ]


async def test_one_that_is_stopped_takes_away_what_has_not_come_up(house: House) -> None:
    run = rolls(house)
    await run.until(lambda rollout: rollout.lacking < WANTED and rollout.adding)
    assert len(names(house)) == 2
    await run.is_stopped()
    assert names(house) == ["instance-01"]


async def test_more_than_are_wanted_stay(house: House) -> None:
    await rolls(house).to_the_end()
    fewer = House(house.cloud, wanted=1)
    image = await fewer.provider.create_image(HERE, key="image")
    model = await fewer.provider.create_model(HERE, image=image, version=2, key="model")
    await rolls(fewer, model).to_the_end()
    assert names(house) == ["instance-01", "instance-02", "instance-03"]
    assert {it.model for it in house.cloud.instances.values()} == {model}
    await fewer.provider.close()
