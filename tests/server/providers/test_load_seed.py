"""A big cloud: begun once, and opened again without looking at all of it."""

import pytest

from autosky_desktop.server.providers.demo_seed import load_seed
from autosky_desktop.server.providers.provider import ProviderRefused
from autosky_desktop.server.providers.simulated import SimulatedProvider, disk
from tests.support.cloud import Time

pytestmark = pytest.mark.anyio


async def open_cloud(folder, **more):
    return await SimulatedProvider.open(folder, clock=Time(), **more)


async def test_it_has_as_many_servers_as_were_asked_for(tmp_path):
    cloud = await open_cloud(tmp_path, begin=load_seed(5, 20))
    for number in range(1, 6):
        observed = await cloud.read(f"company-{number:03}")
        assert len({server.id for server in observed.servers}) == 20
    with pytest.raises(ProviderRefused):
        await cloud.read("erp-production")


async def test_it_goes_on_without_being_asked_for_again(tmp_path):
    first = await open_cloud(tmp_path, begin=load_seed(3, 4))
    before = await first.read("company-002")
    await first.close()
    assert await (await open_cloud(tmp_path)).read("company-002") == before


async def test_what_nobody_asks_for_is_not_looked_at(tmp_path, monkeypatch):
    await (await open_cloud(tmp_path, begin=load_seed(3, 4))).close()
    looked_at = []
    load = disk.load
    monkeypatch.setattr(
        disk, "load", lambda folder, name: looked_at.append(name) or load(folder, name)
    )
    cloud = await open_cloud(tmp_path)
    assert looked_at == []
    await cloud.read("company-003")
    assert looked_at == ["company-003"]


async def test_one_that_is_damaged_is_not_there_any_more(tmp_path):
    await (await open_cloud(tmp_path, begin=load_seed(2, 4))).close()
    (tmp_path / "cloud-company-001.json").write_text("{")
    cloud = await open_cloud(tmp_path)
    with pytest.raises(ProviderRefused):
        await cloud.read("company-001")
    assert (await cloud.read("company-002")).servers
