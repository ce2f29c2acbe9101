"""The simulated cloud keeps the promise of every provider."""

import pytest

from autosky_desktop.server.providers.simulated import SimulatedProvider
from autosky_desktop.testing.instances_contract import InstancesContract
from autosky_desktop.testing.provider_contract import ProviderContract, TriedCloud
from tests.contracts.replacing import ReplacingContract
from tests.support.cloud import Time


class TestSimulatedProvider(ProviderContract, InstancesContract, ReplacingContract):
    @pytest.fixture(params=["erp-production", "erp-staging", "payroll"])
    async def cloud(self, request, tmp_path):
        time = Time()
        provider = await SimulatedProvider.open(tmp_path, clock=time, sleep=time.sleep)

        async def moment() -> None:
            time.goes_on(seconds=7)

        yield TriedCloud(provider, request.param, moment)
        await provider.close()
