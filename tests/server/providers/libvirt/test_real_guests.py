"""The cloud of libvirt on real guests, under software emulation."""

import pytest

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.server import Power, ServerState
from autosky_desktop.server.providers.provider import (
    Admission,
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
)
from tests.support.guests.hypervisor import Hypervisor

pytest.importorskip("libvirt")

from autosky_desktop.server.providers.libvirt.cloud import LibvirtCloud
from autosky_desktop.server.providers.libvirt.volumes import delete
from tests.support.guests.house import (
    House,
    available,
    content,
    image_of,
    is_up,
    member,
    over_ssh,
    preparation,
    until,
)

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def house(host: Hypervisor) -> House:
    return House(host, "erp")


async def test_a_server_starts_and_is_reached_and_restarts_and_stops(house: House) -> None:
    async with house.cloud() as cloud:
        server = preparation(await cloud.read())
        assert (server.name, server.status) == ("erp", ServerState.STOPPED)

        await cloud.power(server.id, Power.START)
        await cloud.power(server.id, Power.START)
        await until(cloud, lambda it: preparation(it).status == ServerState.STARTING)
        await until(cloud, is_up)

        endpoint = await cloud.endpoint(server.id)
        assert (endpoint.protocol, endpoint.private_ip, endpoint.port, endpoint.account) == (
            "ssh", "127.0.0.1", house.port, "maintenance",
        )  # fmt: skip
        booted = over_ssh(house.host, house.port, "cat", "/proc/sys/kernel/random/boot_id")

        await cloud.power(server.id, Power.RESTART)
        assert preparation(await cloud.read()).status == ServerState.RESTARTING
        await until(cloud, is_up)
        told = await cloud.channel(server.id).run("cat /proc/sys/kernel/random/boot_id", shell="sh")
        assert told.out.strip() not in ("", booted)

        await cloud.power(server.id, Power.STOP)
        await until(cloud, lambda it: preparation(it).status == ServerState.STOPPED)
        await cloud.power(server.id, Power.STOP)


async def test_a_script_runs_in_the_guest_and_what_it_reads_is_its_own(house: House) -> None:
    async with house.cloud() as cloud:
        await cloud.power(house.preparation, Power.START)
        await until(cloud, is_up)
        channel = cloud.channel(house.preparation)
        done = await channel.run(
            'cat; echo told >&2; echo "that\'s $((6 * 7))"; exit 3', shell="sh"
        )
        assert (done.code, done.out, done.err) == (3, "that's 42\n", "told\n")
        with pytest.raises(ProviderBusy, match="did not finish"):
            await channel.run("sleep 60", shell="sh", seconds=0.5)


async def tells_its_load(cloud: LibvirtCloud, instance: str) -> None:
    for _ in range(2):  # the second one has an earlier look to go by
        [load] = await cloud.loads()
        assert (load.id, load.memory) == (instance, None)  # its guest has no balloon driver
        assert load.cpu is not None


async def test_versions_are_published_from_a_running_server(house: House) -> None:
    """One life of two versions; what others rest on is never written to."""
    shared = content(house.host.disks / "disk.qcow2")
    async with house.cloud() as cloud:
        await cloud.power(house.preparation, Power.START)
        await until(cloud, is_up)
        await cloud.channel(house.preparation).run("echo 76 >/etc/version", shell="sh")

        image = await image_of(cloud, "image-76")
        assert await cloud.create_image(key="image-76") == image
        assert is_up(await cloud.read())
        model = await cloud.create_model(image=image, version=76, key="model-76")
        assert await cloud.create_model(image=image, version=76, key="model-76") == model

        first = await cloud.start_instance(model=model, name="erp-1", replaces="", key="first")
        again = await cloud.start_instance(model=model, name="erp-1", replaces="", key="first")
        assert again == first
        reading = await until(cloud, available(first))
        assert [it.instance.name for it in reading.members] == ["erp-1"]
        found = member(reading, first)
        assert found is not None
        assert (found.model, found.instance.version, found.failed) == (model, 76, "")
        await tells_its_load(cloud, first)
        reached = await cloud.endpoint(first)
        assert reached.port != house.port
        assert over_ssh(house.host, reached.port, "cat", "/etc/version") == "76"

        await cloud.mark(first, Admission.DRAINING)
        drained = await until(cloud, lambda it: not available(first)(it))
        found = member(drained, first)
        assert found is not None
        assert (found.admission, found.instance.status) == (
            Admission.DRAINING, InstanceState.DRAINING,
        )  # fmt: skip

        second = await cloud.start_instance(model=model, name="erp-2", replaces=first, key="second")
        reading = await until(cloud, available(second))
        found = member(reading, second)
        assert found is not None
        assert found.replaces == first
        await cloud.retire_instance(first)
        await cloud.retire_instance(first)
        reading = await cloud.read()
        assert [it.instance.id for it in reading.members] == [second]
        assert [it.name for it in house.host.disks.glob("*-instance-*")] == [
            f"erp-instance-{second}.qcow2"
        ]
        assert await cloud.leftovers() == []
    assert content(house.host.disks / "disk.qcow2") == shared
    assert list(house.host.disks.glob("*frozen*")) == []


async def test_a_disk_that_others_rest_on_is_not_deleted(house: House) -> None:
    async with house.cloud() as cloud:
        reading = await cloud.read()
        path = next(house.host.disks.glob("erp-image-*"))
        connection = house.host.connect()
        with pytest.raises(ProviderRefused, match=r"instance.*destroy") as refused:
            delete(connection, str(path))
        assert refused.value.kind is RefusalKind.IN_USE
        with pytest.raises(ProviderRefused):
            delete(connection, str(house.host.disks / "erp.qcow2"))
        connection.close()
        assert path.exists()
        assert (await cloud.read()).members == reading.members
