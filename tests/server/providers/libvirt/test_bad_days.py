"""What goes wrong on a libvirt: each has its sentence, and nothing is doubled or lost."""

import asyncio
from datetime import timedelta

import pytest

from autosky_desktop.domain.server import ImageState, Power, ServerState
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.cloud import Holder
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from tests.support.guests.hypervisor import Hypervisor

pytest.importorskip("libvirt")

from tests.support.guests.house import (
    PATIENCE,
    House,
    image_of,
    is_up,
    made,
    member,
    preparation,
    until,
)

pytestmark = pytest.mark.anyio


async def refused(call: object) -> ProviderRefused:
    with pytest.raises(ProviderRefused) as found:
        await call  # type: ignore[misc]
    return found.value


async def test_a_guest_without_agent_runs_and_cannot_be_asked(host: Hypervisor) -> None:
    house = House(host, "mute", agent=False)
    async with house.cloud() as cloud:
        await cloud.power(house.preparation, Power.START)
        assert is_up(await cloud.read())
        why = await refused(cloud.channel(house.preparation).run("true", shell="sh"))
        assert why.kind is RefusalKind.NO_AGENT
        assert "qemu-guest-agent" in why.remedy
    host.off("mute")


async def test_an_agent_that_never_comes_is_waited_for_a_while(host: Hypervisor) -> None:
    house = House(host, "late")
    async with house.cloud() as cloud:
        await cloud.power(house.preparation, Power.START)
        assert preparation(await cloud.read()).status == ServerState.STARTING
        with pytest.raises(ProviderBusy, match="does not answer yet"):
            await cloud.channel(house.preparation).run("true", shell="sh")
    async with house.cloud(agent_comes=timedelta(0)) as cloud:
        assert is_up(await cloud.read())
        why = await refused(cloud.channel(house.preparation).run("true", shell="sh"))
        assert why.kind is RefusalKind.NO_AGENT
    host.off("late")


async def test_a_server_that_was_renamed_is_still_the_same_one(host: Hypervisor) -> None:
    house = House(host, "before")
    async with house.cloud() as cloud:
        host.named("before").rename("after")
        server = preparation(await cloud.read())
        assert (server.id, server.name) == (house.preparation, "after")


async def test_a_server_that_was_deleted_elsewhere_is_not_there(host: Hypervisor) -> None:
    house = House(host, "gone")
    async with house.cloud() as cloud:
        host.named("gone").undefine()
        assert (await cloud.read()).servers == []
        for call in (
            cloud.power(house.preparation, Power.START),
            cloud.endpoint(house.preparation),
            cloud.create_image(key="image"),
        ):
            why = await refused(call)
            assert (why.kind, bool(why.remedy)) == (RefusalKind.NOT_FOUND, True)


async def test_an_image_is_not_begun_without_space_for_it(host: Hypervisor) -> None:
    house = House(host, "full")
    async with house.cloud(keep_free=100_000) as cloud:
        why = await refused(cloud.create_image(key="image"))
        assert why.kind is RefusalKind.NO_SPACE
        assert "97.7 TiB" in why.detail or "100000" in why.detail
        assert await cloud.leftovers() == []
    assert list(host.disks.glob("full-image-*")) == []


async def test_an_image_that_broke_off_is_made_by_whoever_comes_next(host: Hypervisor) -> None:
    house = House(host, "cut")
    async with house.cloud() as cloud:
        image = await cloud.create_image(key="image")
    async with house.cloud() as cloud:
        assert await image_of(cloud, "image") == image
    assert len(list(host.disks.glob("cut-image-*"))) == 1


async def test_an_image_that_cannot_be_made_says_why(host: Hypervisor) -> None:
    house = House(host, "broken")
    (host.disks / "broken.qcow2").write_bytes(b"no disk of any kind" * 1000)
    async with house.cloud() as cloud:
        image = await cloud.create_image(key="image")
        progress = await made(cloud, image)
        assert progress.state == ImageState.FAILED
        assert "qcow2" in progress.detail
        assert [(it.kind, it.id) for it in await cloud.leftovers()] == [("image", image)]
        with pytest.raises(ProviderRefused):
            await cloud.create_model(image=image, version=1, key="model")


async def test_an_instance_whose_answer_was_lost_is_there_once(host: Hypervisor) -> None:
    house = House(host, "lost")
    async with house.cloud() as cloud:
        model = await model_of(house)
        lost = [
            asyncio.create_task(
                cloud.start_instance(model=model, name="lost-1", replaces="", key="start")
            )
            for _ in range(2)
        ]
        await asyncio.sleep(0)
        for task in lost:
            task.cancel()
        id_ = await cloud.start_instance(model=model, name="lost-1", replaces="", key="start")
        assert [it.instance.id for it in (await cloud.read()).members] == [id_]
        assert len(list(host.disks.glob("lost-instance-*"))) == 1

        other = await cloud.start_instance(model=model, name="lost-1", replaces="", key="other")
        ports = {(await cloud.endpoint(it)).port for it in (id_, other)}
        assert len(ports) == 2
        for each in (id_, other):
            await cloud.retire_instance(each)
        assert list(host.disks.glob("lost-instance-*")) == []


async def test_an_instance_that_restarts_for_ever_never_comes_up(host: Hypervisor) -> None:
    house = House(host, "loop")
    async with house.cloud() as cloud:
        model = await model_of(house)
        id_ = await cloud.start_instance(model=model, name="loop-1", replaces="", key="start")
        for _ in range(8):
            host.named("loop-1").reset()
        reading = await until(cloud, lambda it: member(it, id_) and member(it, id_).failed)
        found = member(reading, id_)
        assert found is not None
        assert "started again" in found.failed
        await cloud.retire_instance(id_)


async def test_an_instance_that_was_switched_off_says_so_and_is_left_over(host: Hypervisor) -> None:
    house = House(host, "off")
    async with house.cloud() as cloud:
        model = await model_of(house)
        id_ = await cloud.start_instance(model=model, name="off-1", replaces="", key="start")
        host.off("off-1")
        reading = await until(cloud, lambda it: member(it, id_) and member(it, id_).failed)
        found = member(reading, id_)
        assert found is not None
        assert found.failed == "It was switched off."
        assert [it.name for it in await cloud.leftovers()] == ["off-1"]
        await cloud.retire_instance(id_)
        assert await cloud.leftovers() == []


async def test_a_libvirt_that_was_updated_is_found_again(host: Hypervisor) -> None:
    house = House(host, "update")
    async with house.cloud() as cloud:
        await cloud.read()
        host.stop()
        with pytest.raises(ProviderBusy):
            await cloud.read()
        host.start()
        assert preparation(await cloud.read()).status == ServerState.STOPPED
        host.named("update").create()
        async with asyncio.timeout(PATIENCE):
            await cloud.changed()
        assert preparation(await cloud.read()).status == ServerState.STARTING
    host.off("update")


async def test_who_holds_the_environment_is_noted_at_its_server(host: Hypervisor) -> None:
    house = House(host, "held")
    holder = Holder(id="a", name="the first", until=now() + timedelta(minutes=1))
    async with house.cloud() as one, house.cloud() as other:
        assert await other.holder() is None
        await one.hold(holder)
        assert await other.holder() == holder
        await one.hold(None)
        assert await other.holder() is None


async def test_a_disk_of_an_instance_that_nobody_knows_is_left_over(host: Hypervisor) -> None:
    house = House(host, "volume")
    stray = host.disks / "volume-instance-of-nobody.qcow2"
    stray.write_bytes((host.disks / "volume.qcow2").read_bytes())
    async with house.cloud() as cloud:
        assert [(it.kind, it.name) for it in await cloud.leftovers()] == [("volume", stray.name)]


async def test_no_answer_is_told_of_a_libvirt_that_is_not_there(host: Hypervisor) -> None:
    house = House(host, "nowhere")
    house.uri = "qemu+unix:///session?socket=/nowhere"
    async with house.cloud() as cloud:
        with pytest.raises(ProviderError, match="nowhere"):
            await cloud.read()


async def model_of(house: House) -> str:
    async with house.cloud() as cloud:
        return await cloud.create_model(
            image=await image_of(cloud, "image"), version=1, key="model"
        )
