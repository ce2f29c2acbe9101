"""The simulated cloud keeps the promise of every provider."""

import pytest

from autosky_desktop.server.providers.simulated import SimulatedProvider
from tests.contracts.instances import InstancesContract
from tests.contracts.provider import Cloud, ProviderContract
from tests.contracts.replacing import ReplacingContract
from tests.support.cloud import Time


class TestSimulatedProvider(ProviderContract, InstancesContract, ReplacingContract):
    @pytest.fixture(params=["erp-production", "erp-staging", "payroll"])
    async def cloud(self, request, tmp_path):
        time = Time()
        provider = await SimulatedProvider.open(tmp_path, clock=time, sleep=time.sleep)

        async def moment() -> None:
            time.goes_on(seconds=7)

        yield Cloud(provider, request.param, moment)
        await provider.close()
