"""A new instance counts as up when somebody could sign in to it, not when its machine runs."""

from collections.abc import AsyncIterator

import pytest

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused
from tests.support.machine_cloud import START_TICKS
from tests.support.machine_house import HERE, House
from tests.support.rolling import Rolling

pytestmark = pytest.mark.anyio

NOT_YET = [ProviderBusy("Not yet.")] * 99
NO_AGENT = [ProviderRefused("No agent.")] * 99


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    await made.provider.close()


async def successor(house: House) -> str:
    """Start one in place of the first, and return it when its cloud says that it is up."""
    new = await house.provider.start_instance(HERE, model="model-1", replaces=house.first, key="1")
    for _ in range(START_TICKS):
        house.cloud.tick()
    assert house.cloud.instances[new].instance.status == InstanceState.AVAILABLE
    return new


async def status(house: House, instance: str) -> str:
    members = await house.provider.members(HERE)
    return next(it.instance.status for it in members if it.instance.id == instance)


async def test_it_is_up_when_its_system_answers(house: House) -> None:
    new = await successor(house)
    house.cloud.systems[new].fails = list(NOT_YET)
    assert await status(house, new) == InstanceState.STARTING
    house.time.goes_on(minutes=9)
    assert await status(house, new) == InstanceState.STARTING
    house.cloud.systems[new].fails = []
    assert await status(house, new) == InstanceState.AVAILABLE


async def test_it_stays_up_when_its_system_does_not_answer_for_a_while(house: House) -> None:
    new = await successor(house)
    assert await status(house, new) == InstanceState.AVAILABLE
    house.cloud.systems[new].fails = list(NOT_YET)
    house.time.goes_on(minutes=9)
    assert await status(house, new) == InstanceState.AVAILABLE


async def test_nobody_is_taken_off_the_old_one_before(house: House) -> None:
    house.cloud.models["model-2"] = 2

    async def moment() -> None:
        house.cloud.tick()

    run = Rolling(
        house.provider, HERE, "model-2", key="roll", moment=moment, only=[house.first],
        end_sessions=True, clock=house.time,
    )  # fmt: skip
    await run.turn()
    (new,) = (id_ for id_, it in house.cloud.instances.items() if it.replaces)
    house.cloud.systems[new].fails = list(NOT_YET)
    for _ in range(START_TICKS + 2):
        await run.turn()
    assert house.first in house.cloud.instances
    house.cloud.systems[new].fails = []
    await run.to_the_end()
    assert house.first not in house.cloud.instances
    assert new in house.cloud.instances


async def test_one_whose_system_never_answers_has_failed_and_the_old_one_stays(
    house: House,
) -> None:
    house.cloud.models["model-2"] = 2

    async def moment() -> None:
        house.cloud.tick()
        house.time.goes_on(minutes=1)
        for id_, member in house.cloud.instances.items():
            if member.replaces:
                house.cloud.systems[id_].fails = list(NOT_YET)

    run = Rolling(
        house.provider, HERE, "model-2", key="roll", moment=moment, only=[house.first],
        end_sessions=True, clock=house.time,
    )  # fmt: skip
    await run.to_the_end()
    assert [it.instance for it in run.failures] == [house.first]
    assert len(house.cloud.instances) == 3
    assert house.cloud.systems[house.first].admits


async def test_where_no_system_can_be_asked_its_cloud_is_believed(house: House) -> None:
    for it in house.cloud.instances:
        house.cloud.platforms[it] = Platform.UNKNOWN
    new = await successor(house)
    house.cloud.platforms[new] = Platform.UNKNOWN
    assert await status(house, new) == InstanceState.AVAILABLE


async def test_an_agent_that_the_old_one_had_is_given_time_to_come(house: House) -> None:
    new = await successor(house)
    house.cloud.systems[new].fails = list(NO_AGENT)
    assert await status(house, new) == InstanceState.STARTING
    house.time.goes_on(minutes=2)
    assert await status(house, new) == InstanceState.STARTING
    house.time.goes_on(minutes=1)
    assert await status(house, new) == InstanceState.AVAILABLE, "there is none any more"


async def test_one_that_replaces_nothing_any_more_is_what_its_cloud_says(house: House) -> None:
    """A control plane that began just now knows no answer of before."""
    new = await successor(house)
    await house.provider.retire_instance(HERE, house.first, end_sessions=True, key="2")
    await house.provider.close()
    house.cloud.systems[new].fails = list(NOT_YET)
    house.provider = house.opened("plane-1")
    assert await status(house, new) == InstanceState.AVAILABLE
