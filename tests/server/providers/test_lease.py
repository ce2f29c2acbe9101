"""One control plane alone changes an environment; another one is refused with who does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from autosky_desktop.domain.server import Power, ServerState
from autosky_desktop.server.providers.cloud import Holder
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from tests.support.machine_house import HERE, House, holds

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    await made.provider.close()


async def test_whoever_changes_something_holds_the_environment_until_it_is_closed(
    house: House,
) -> None:
    await house.provider.read(HERE)
    await house.provider.members(HERE)
    assert house.cloud.noted is None
    await house.provider.power(HERE, "prep", Power.START, key="1")
    await house.provider.power(HERE, "support", Power.START, key="2")
    assert house.cloud.noted is not None
    assert house.cloud.noted.id == "plane-1"
    assert house.cloud.noted.until == house.time() + timedelta(minutes=2)
    assert house.cloud.calls["hold"] == 1
    await house.provider.close()
    assert house.cloud.noted is None
    assert house.cloud.closed


async def test_a_lease_that_nothing_needs_any_more_runs_out(house: House) -> None:
    await house.provider.power(HERE, "prep", Power.START, key="1")
    house.time.goes_on(seconds=60)
    house.turn()
    await holds(lambda: house.cloud.calls["hold"] == 2)
    renewing = house.provider._lease._renewing
    assert renewing
    house.time.goes_on(seconds=60)
    house.turn()
    await holds(renewing.done)
    assert house.cloud.calls["hold"] == 2, "it was renewed once, while the change was fresh"
    house.time.goes_on(seconds=60)
    second = house.opened("plane-2")
    await second.power(HERE, "support", Power.START, key="2")
    with pytest.raises(ProviderRefused) as refused:
        await house.provider.power(HERE, "prep", Power.STOP, key="3")
    assert refused.value.kind is RefusalKind.HELD
    await second.close()


async def test_a_lease_that_is_kept_is_renewed_though_nothing_changes(house: House) -> None:
    await house.provider.keep(HERE)
    for times in range(2, 6):
        house.time.goes_on(seconds=60)
        await house.provider.keep(HERE)
        house.turn()
        await holds(lambda times=times: house.cloud.calls["hold"] == times)
    second = house.opened("plane-2")
    with pytest.raises(ProviderRefused):
        await second.power(HERE, "support", Power.START, key="2")
    await second.close()


async def test_a_second_control_plane_reads_and_is_refused_with_who_holds_it(house: House) -> None:
    await house.provider.power(HERE, "prep", Power.START, key="1")
    second = house.opened("plane-2")
    await second.read(HERE)
    assert house.cloud.noted
    calls = (
        second.power(HERE, "support", Power.START, key="2"),
        second.create_image(HERE, key="2"),
        second.create_model(HERE, image="image", version=2, key="2"),
        second.start_instance(HERE, model="model-1", replaces=house.first, key="2"),
        second.retire_instance(HERE, house.first, end_sessions=True, key="2"),
        second.drain(HERE, house.first, draining=True, key="2"),
        second.block(HERE, blocked=True, key="2"),
        second.message(HERE, [], "Hello", key="2"),
        second.end_sessions(HERE, [], key="2"),
    )
    for call in calls:
        with pytest.raises(ProviderRefused) as refused:
            await call
        assert refused.value.kind == RefusalKind.HELD
        assert house.cloud.noted.name in refused.value.detail
        assert refused.value.remedy
    await second.close()
    assert house.cloud.noted.id == "plane-1", "who never had it does not let it go"


async def test_a_control_plane_that_is_gone_has_lost_the_environment(house: House) -> None:
    house.cloud.noted = Holder(id="gone", name="x", until=house.time() + timedelta(seconds=90))
    with pytest.raises(ProviderRefused):
        await house.provider.power(HERE, "prep", Power.START, key="1")
    house.time.goes_on(seconds=90)
    await house.provider.power(HERE, "prep", Power.START, key="1")
    assert house.cloud.noted.id == "plane-1"


async def test_the_same_control_plane_goes_on_at_once(house: House) -> None:
    house.cloud.noted = Holder(id="plane-1", name="x", until=house.time() + timedelta(seconds=90))
    await house.provider.power(HERE, "prep", Power.START, key="1")
    assert house.cloud.servers["prep"].status == ServerState.STARTING


async def test_of_two_that_take_it_together_one_has_it() -> None:
    house = House()
    second = house.opened("plane-2")
    both = (
        house.provider.power(HERE, "prep", Power.START, key="1"),
        second.power(HERE, "support", Power.START, key="2"),
    )
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert [isinstance(it, ProviderRefused) for it in ended].count(True) == 1
    await house.provider.close()
    await second.close()


async def test_a_lease_is_renewed_and_one_that_was_lost_is_not(house: House) -> None:
    await house.provider.power(HERE, "prep", Power.START, key="1")
    house.time.goes_on(seconds=60)
    house.turn()
    await holds(lambda: house.cloud.calls["hold"] == 2)
    assert house.cloud.noted
    assert house.cloud.noted.until == house.time() + timedelta(minutes=2)
    # the computer slept, and another one took it
    house.time.goes_on(minutes=10)
    other = Holder(id="plane-2", name="bo@laptop", until=house.time() + timedelta(minutes=2))
    house.cloud.noted = other
    house.turn()
    await asyncio.sleep(0.05)
    with pytest.raises(ProviderRefused, match="bo@laptop"):
        await house.provider.power(HERE, "prep", Power.STOP, key="2")
    assert house.cloud.noted == other


async def test_a_lease_that_could_not_be_renewed_once_is_kept(house: House) -> None:
    await house.provider.power(HERE, "prep", Power.START, key="1")
    house.cloud.busy["hold"] = 1
    house.time.goes_on(seconds=30)
    house.turn()
    await holds(lambda: not house.cloud.busy["hold"])
    house.turn()
    await holds(lambda: house.cloud.calls["hold"] == 3)
    assert house.cloud.noted
    assert house.cloud.noted.until == house.time() + timedelta(minutes=2)
