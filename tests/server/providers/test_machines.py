"""The provider of real machines: what it makes of a cloud and of guests, on bad days too."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.guest import Completed
from autosky_desktop.server.providers.provider import (
    Admission,
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
    TellsOfChanges,
)
from tests.support.machine_cloud import TellingCloud
from tests.support.machine_house import HERE, House, holds

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    await made.provider.close()


async def test_reading_waits_for_no_guest_and_tells_what_was_told_last(house: House) -> None:
    house.on(house.first, "ana", "bo")
    house.cloud.systems[house.others[0]].answers.clear()
    assert list((await house.counts()).values()) == [None, None, None], "not nobody"
    await house.counts_are(2, None, 0)


async def test_what_guests_tell_later_is_told_at_the_next_reading(house: House) -> None:
    await house.counts_are(0, 0, 0)
    house.on(house.first, "ana")
    house.turn()
    await house.counts_are(1, 0, 0)


async def test_a_guest_that_does_not_answer_keeps_its_last_answer_for_a_while(house: House) -> None:
    house.on(house.first, "ana")
    await house.counts_are(1, 0, 0)
    system = house.cloud.systems[house.first]
    system.fails = [ProviderBusy("Not now.")] * 9
    house.turn()
    await holds(lambda: len(system.fails) < 9)
    await house.counts_are(1, 0, 0)
    house.time.goes_on(minutes=2)
    assert (await house.counts())[house.first] is None


async def test_an_answer_that_cannot_be_read_is_not_nobody(house: House) -> None:
    house.on(house.first, "ana")
    await house.counts_are(1, 0, 0)
    house.cloud.systems[house.first].fails = [Completed(code=0, out="Welcome!\n")] * 9
    house.turn()
    await house.counts_are(None, 0, 0)


async def test_a_machine_whose_system_is_not_known_tells_nothing(house: House) -> None:
    house.cloud.platforms[house.first] = Platform.UNKNOWN
    await house.counts_are(None, 0, 0)
    assert (await house.provider.abilities(HERE)).sessions
    for it in house.others:
        house.cloud.platforms[it] = Platform.WINDOWS
    await house.counts()
    house.turn()
    await house.counts_are(None, None, None)
    able = await house.provider.abilities(HERE)
    assert not any((able.sessions, able.message, able.end_sessions, able.block))
    with pytest.raises(ProviderRefused) as refused:
        await house.provider.sessions(HERE)
    assert refused.value.kind == RefusalKind.NO_AGENT


async def test_sessions_are_those_of_all_that_answer(house: House) -> None:
    house.on(house.first, "ana")
    house.on(house.others[1], "bo", "ana")
    house.cloud.systems[house.others[0]].fails = [ProviderBusy("Not now.")] * 9
    found = await house.provider.sessions(HERE)
    assert [(it.instance, it.account) for it in found] == [
        (house.first, "ana"),
        (house.others[1], "bo"),
        (house.others[1], "ana"),
    ]


async def test_a_message_reaches_only_whom_it_is_for(house: House) -> None:
    ana, bo = house.on(house.first, "ana", "bo")
    (eve,) = house.on(house.others[0], "eve")
    first, second, third = await house.ids()
    text = "Please save: `reboot` $(id) 'é'\nThank you."
    await house.provider.message(HERE, [first, third, "i/99/0123abcd.1-1", "no one"], text, key="1")
    assert (ana.heard, bo.heard, eve.heard) == (
        [text.replace("\n", "\r\n")],
        [],
        [text.replace("\n", "\r\n")],
    )
    assert second not in (first, third)


async def test_nobody_hears_a_message_twice_because_another_machine_was_busy(house: House) -> None:
    (ana,), (eve,) = house.on(house.first, "ana"), house.on(house.others[0], "eve")
    ids = await house.ids()
    house.cloud.systems[house.others[0]].fails = [ProviderBusy("Not now.")]
    with pytest.raises(ProviderBusy, match="instance-2: Not now"):
        await house.provider.message(HERE, ids, "Hello", key="1")
    await house.provider.message(HERE, ids, "Hello", key="1")
    assert (ana.heard, eve.heard) == (["Hello"], ["Hello"])


async def test_what_was_ended_before_another_machine_was_busy_is_told_in_the_end(
    house: House,
) -> None:
    house.on(house.first, "ana")
    house.on(house.others[0], "eve")
    ids = await house.ids()
    house.cloud.systems[house.others[0]].fails = [ProviderBusy("Not now.")]
    with pytest.raises(ProviderBusy):
        await house.provider.end_sessions(HERE, ids, key="1")
    assert sorted(await house.provider.end_sessions(HERE, ids, key="1")) == sorted(ids)


async def test_ended_sessions_are_not_told_any_more(house: House) -> None:
    house.on(house.first, "ana", "bo")
    await house.counts_are(2, 0, 0)
    first, _second = await house.ids()
    assert await house.provider.end_sessions(HERE, [first], key="1") == [first]
    assert (await house.counts())[house.first] == 1


async def test_an_instance_that_somebody_is_on_stays(house: House) -> None:
    await house.provider.members(HERE)
    house.on(house.first, "ana")
    with pytest.raises(ProviderRefused, match="1 session is open on instance-1") as refused:
        await house.provider.retire_instance(HERE, house.first, end_sessions=False, key="1")
    assert refused.value.kind == RefusalKind.IN_USE
    assert house.first in house.cloud.instances


async def test_an_instance_that_somebody_might_be_on_stays(house: House) -> None:
    house.cloud.systems[house.first].fails = [ProviderBusy("Not now.")]
    with pytest.raises(ProviderRefused) as refused:
        await house.provider.retire_instance(HERE, house.first, end_sessions=False, key="1")
    assert refused.value.kind == RefusalKind.IN_USE
    assert refused.value.remedy
    assert house.first in house.cloud.instances
    assert await house.provider.retire_instance(HERE, house.first, end_sessions=False, key="1") == 0
    assert house.first not in house.cloud.instances


async def test_an_instance_that_never_came_up_goes(house: House) -> None:
    new = await house.provider.start_instance(HERE, model="model-1", replaces=house.first, key="1")
    house.cloud.systems[new].fails = [ProviderBusy("Not yet.")] * 9
    assert await house.provider.retire_instance(HERE, new, end_sessions=False, key="2") == 0
    assert new not in house.cloud.instances


async def test_sessions_are_asked_to_end_before_their_machine_goes(house: House) -> None:
    house.on(house.first, "ana", "bo")
    system = house.cloud.systems[house.first]
    assert await house.provider.retire_instance(HERE, house.first, end_sessions=True, key="1") == 2
    assert system.people == []
    assert house.first not in house.cloud.instances


async def test_an_instance_that_answers_nothing_goes_where_people_are_disconnected(
    house: House,
) -> None:
    house.cloud.systems[house.first].fails = [ProviderRefused("No agent.")] * 9
    assert await house.provider.retire_instance(HERE, house.first, end_sessions=True, key="1") == 0
    assert house.first not in house.cloud.instances


async def test_what_an_interrupted_call_left_of_an_instance_goes(house: House) -> None:
    assert await house.provider.retire_instance(HERE, "i/99", end_sessions=False, key="1") == 0
    assert house.cloud.calls["retire_instance"] == 1


async def test_a_successor_has_the_name_of_the_one_it_replaces(house: House) -> None:
    new = await house.provider.start_instance(HERE, model="model-1", replaces=house.first, key="1")
    assert house.cloud.instances[new].instance.name == "instance-1"


async def test_an_answer_that_got_lost_makes_nothing_twice(house: House) -> None:
    house.cloud.gone_after = {"start_instance", "create_image"}
    with pytest.raises(ProviderBusy):
        await house.provider.start_instance(HERE, model="model-1", replaces=house.first, key="1")
    await house.provider.start_instance(HERE, model="model-1", replaces=house.first, key="1")
    with pytest.raises(ProviderBusy):
        await house.provider.create_image(HERE, key="1")
    await house.provider.create_image(HERE, key="1")
    assert (len(house.cloud.instances), len(house.cloud.images)) == (4, 1)


async def test_blocked_instances_let_nobody_on(house: House) -> None:
    await house.provider.drain(HERE, house.first, draining=True, key="0")
    await house.provider.block(HERE, blocked=True, key="1")
    systems = house.cloud.systems
    assert not any(systems[it].admits for it in house.cloud.instances)
    members = {it.instance.id: it.admission for it in await house.provider.members(HERE)}
    assert list(members.values()) == [Admission.DRAINING, Admission.BLOCKED, Admission.BLOCKED]
    await house.provider.block(HERE, blocked=False, key="2")
    assert [systems[it].admits for it in house.cloud.instances] == [False, True, True]


async def test_one_that_cannot_be_blocked_is_told_and_the_others_are(house: House) -> None:
    house.cloud.systems[house.first].fails = [ProviderRefused("No agent.")] * 9
    with pytest.raises(ProviderRefused, match="instance-1: No agent"):
        await house.provider.block(HERE, blocked=True, key="1")
    members = {it.instance.id: it.admission for it in await house.provider.members(HERE)}
    assert list(members.values()) == [Admission.OPEN, Admission.BLOCKED, Admission.BLOCKED]
    with pytest.raises(ProviderRefused):
        await house.provider.drain(HERE, house.first, draining=True, key="2")
    await house.provider.drain(HERE, house.first, draining=True, end_sessions=True, key="3")


async def test_who_is_on_a_server_is_told_with_its_endpoint(house: House) -> None:
    assert (await house.provider.endpoint(HERE, "support")).present is None, "never read"
    await house.provider.read(HERE)
    assert (await house.provider.endpoint(HERE, "support")).present == []
    await house.provider.power(HERE, "support", Power.START, key="1")
    house.cloud.tick()
    house.on("support", "root")
    await house.provider.read(HERE)
    present = (await house.provider.endpoint(HERE, "support")).present
    assert [it.account for it in present or ()] == ["root"]
    house.cloud.systems["support"].fails = [ProviderBusy("Not now.")]
    assert (await house.provider.endpoint(HERE, "support")).present is None


async def test_machines_that_hang_hold_up_nobody_else() -> None:
    house = House(instances=100, answer_seconds=0.5)
    for hanging in house.others[:20]:
        house.cloud.systems[hanging].answers.clear()
    house.on(house.others[-1], "ana")
    told = {it.instance.id: it.instance.sessions for it in await house.provider.members(HERE)}
    assert [it for it in told if told[it] is None] == house.others[:20]
    assert told[house.others[-1]] == 1
    await house.provider.close()


async def test_at_most_sixteen_machines_are_asked_at_once() -> None:
    house = House(instances=40)
    for system in house.cloud.systems.values():
        system.answers.clear()
    await house.provider.read(HERE)
    asked = lambda: sum(len(it.asked) for it in house.cloud.systems.values())  # noqa: E731
    await holds(lambda: asked() >= 16)
    assert asked() == 16
    await house.provider.close()


async def test_reading_asks_the_cloud_once(house: House) -> None:
    await house.counts_are(0, 0, 0)
    house.cloud.calls.clear()
    for _ in range(10):
        await house.provider.read(HERE)
    assert dict(house.cloud.calls) == {"read": 10}


async def test_guests_are_left_alone_when_nobody_reads(house: House) -> None:
    await house.counts_are(0, 0, 0)
    asked = len(house.cloud.systems[house.first].asked)
    house.time.goes_on(minutes=3)
    house.turn()
    await asyncio.sleep(0.05)
    assert len(house.cloud.systems[house.first].asked) == asked


async def test_a_cloud_that_tells_makes_a_provider_that_does() -> None:
    assert not isinstance(House().provider, TellsOfChanges)
    cloud = TellingCloud()
    house = House(cloud)
    assert isinstance(house.provider, TellsOfChanges)
    await house.counts_are(0, 0, 0)
    async with asyncio.timeout(10):
        await house.provider.changed()
        waiting = asyncio.ensure_future(house.provider.changed())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        cloud.news.set()
        assert await waiting == {HERE}
        waiting = asyncio.ensure_future(house.provider.changed())
        house.on(house.first, "ana")
        house.turn()
        assert await waiting == {HERE}
    await house.provider.close()


async def test_another_environment_is_refused(house: House) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await house.provider.power("crm", "prep", Power.START, key="1")
    assert refused.value.kind == RefusalKind.NOT_FOUND
