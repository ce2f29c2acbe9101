"""A provider made of a cloud and of guests keeps the promise of every provider."""

import asyncio

import pytest

from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.providers.checked_provider import checked
from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.ledger import Ledger
from autosky_desktop.server.providers.machines import machine_provider
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.testing.instances_contract import InstancesContract
from autosky_desktop.testing.provider_contract import ProviderContract, TriedCloud
from tests.contracts.replacing import ReplacingContract
from tests.support.cloud import Time
from tests.support.machine_cloud import MemoryCloud, TellingCloud


async def only_long_pauses(seconds: float) -> None:
    await asyncio.sleep(seconds if seconds > 5 else 0)


class TestMachineProvider(ProviderContract, InstancesContract, ReplacingContract):
    @pytest.fixture(params=[MemoryCloud, TellingCloud])
    async def cloud(self, request, tmp_path):
        time = Time()
        machines = request.param(instances=4)
        first, second, *_ = machines.instances
        for account in ("ana", "bo", "eve"):
            machines.systems[first].signs_in(account)
        machines.systems[second].signs_in("ana")
        provider = machine_provider(
            "erp", machines, {Platform.LINUX: LinuxGuest()}, control_plane="plane", now=time,
            sleep=only_long_pauses,
        )  # fmt: skip
        engine = await open_storage(tmp_path)
        begin = UnitOfWork(engine, Bus(), time).without_events
        remembered = Ledger(engine, begin, time).remembered(checked(provider))
        await remembered.members("erp")  # who is there is told after the first look

        async def moment() -> None:
            time.goes_on(seconds=7)
            machines.tick()

        yield TriedCloud(remembered, "erp", moment)
        await provider.close()
        await engine.dispose()
