"""An instance that is to let nobody on keeps to it after a restart, which takes away what did."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.guest import Channel
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.machines import machine_provider
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused, RefusalKind
from tests.support.channels import ScriptedChannel
from tests.support.machine_house import HERE, House, holds

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    await made.provider.close()


class SlowGuest(LinuxGuest):
    """Keeps people out, or lets them on, when it is told to go on."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.admitting = 0

    async def admit(self, channel: Channel, *, allowed: bool) -> None:
        self.admitting += 1
        await self.goes_on.wait()
        self.admitting -= 1
        await super().admit(channel, allowed=allowed)


async def look(house: House) -> None:
    """Read as the workflow does, when answers of before are too old."""
    house.time.goes_on(seconds=6)
    await house.provider.members(HERE)


def admits(house: House) -> list[bool]:
    return [house.cloud.systems[it].admits for it in house.cloud.instances]


def asked(house: House, verb: str = "admit") -> int:
    return sum(it.asked.count(verb) for it in house.cloud.systems.values())


@pytest.mark.parametrize("draining", [True, False])
async def test_it_lets_nobody_on_again_when_its_system_answers(
    house: House, draining: bool
) -> None:
    await house.provider.members(HERE)
    if draining:
        await house.provider.drain(HERE, house.first, draining=True, key="1")
    else:
        await house.provider.block(HERE, blocked=True, key="1")
    before = admits(house)
    system = house.cloud.systems[house.first]
    system.restarts()
    system.fails = [ProviderBusy("Not yet.")]
    await look(house)
    assert system.admits, "it does not answer yet"
    await look(house)
    assert admits(house) == before


async def test_it_does_so_while_people_only_look_on(house: House) -> None:
    await house.counts_are(0, 0, 0)
    await house.provider.block(HERE, blocked=True, key="1")
    system = house.cloud.systems[house.first]
    system.restarts()
    await house.counts()
    house.turn()
    await holds(lambda: not system.admits)


async def test_what_did_not_restart_is_told_nothing_again(house: House) -> None:
    await house.provider.members(HERE)
    await house.provider.block(HERE, blocked=True, key="1")
    told, channels = asked(house), house.cloud.calls["channel"]
    for _ in range(3):
        await look(house)
    assert asked(house) == told == 3
    assert house.cloud.calls["channel"] == channels + 9, "who is there is all that was asked"
    house.cloud.systems[house.first].restarts()
    for _ in range(3):
        await look(house)
    assert asked(house) == told + 1


async def test_nobody_is_kept_out_of_what_lets_people_on(house: House) -> None:
    await house.provider.members(HERE)
    await house.provider.block(HERE, blocked=True, key="1")
    await house.provider.block(HERE, blocked=False, key="2")
    house.cloud.systems[house.first].restarts()
    await look(house)
    assert admits(house) == [True] * 3


async def test_a_mark_that_is_read_late_keeps_nobody_out(house: House) -> None:
    """A cloud may tell for a while what was noted before."""
    await house.provider.block(HERE, blocked=True, key="1")
    late = dict(house.cloud.instances)
    await house.provider.block(HERE, blocked=False, key="2")
    house.cloud.instances = late
    await look(house)
    await look(house)
    assert admits(house) == [True] * 3


async def test_who_lets_people_on_at_the_same_moment_has_the_last_word(house: House) -> None:
    guest = SlowGuest()
    provider = machine_provider(
        HERE, house.cloud, {Platform.LINUX: guest}, control_plane="plane-1", now=house.time,
        sleep=house.waits,
    )  # fmt: skip
    await provider.members(HERE)
    await provider.block(HERE, blocked=True, key="1")
    house.cloud.systems[house.first].restarts()
    guest.goes_on.clear()
    letting_on = asyncio.create_task(provider.block(HERE, blocked=False, key="2"))
    await holds(lambda: guest.admitting == 3)
    house.time.goes_on(seconds=6)
    looking = asyncio.create_task(provider.members(HERE))
    await holds(lambda: asked(house, "sessions") == 6)
    for _ in range(20):
        await asyncio.sleep(0)
    guest.goes_on.set()
    await asyncio.gather(letting_on, looking)
    assert admits(house) == [True] * 3
    await provider.close()


async def test_another_process_of_the_control_plane_does_it_too(house: House) -> None:
    await house.provider.block(HERE, blocked=True, key="1")
    await house.provider.close()
    house.cloud.systems[house.first].restarts()
    house.provider = house.opened("plane-1")
    await house.provider.members(HERE)
    assert admits(house) == [False] * 3


async def test_it_is_left_to_the_control_plane_that_has_the_environment(house: House) -> None:
    await house.provider.members(HERE)
    await house.provider.block(HERE, blocked=True, key="1")
    other = house.opened("plane-2")
    house.cloud.systems[house.first].restarts()
    await other.members(HERE)
    assert house.cloud.systems[house.first].admits
    await other.close()
    await look(house)
    assert not house.cloud.systems[house.first].admits


async def test_one_that_fails_is_tried_again_and_the_others_are_not_held_up(
    house: House,
) -> None:
    await house.provider.members(HERE)
    await house.provider.block(HERE, blocked=True, key="1")
    for system in house.cloud.systems.values():
        system.restarts()
    house.cloud.systems[house.first].refuses = {
        "admit": [ProviderRefused("No.", kind=RefusalKind.NO_AGENT)]
    }
    await look(house)
    assert admits(house) == [True, False, False]
    await look(house)
    assert admits(house) == [False] * 3


async def test_a_linux_guest_tells_its_boot() -> None:
    answer = "autosky 1\nterminals 89abcdef\nbooted 1790000000\nend\n"
    read = await LinuxGuest().read(ScriptedChannel(answer))
    assert (read.boot, read.sessions) == ("89abcdef", [])
