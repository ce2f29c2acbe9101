"""The example of the documentation keeps what every provider promises."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from autosky_desktop.server.providers.plugin import Services, typed
from autosky_desktop.testing.behind_ledger import behind_ledger
from autosky_desktop.testing.instances_contract import InstancesContract
from autosky_desktop.testing.provider_contract import ProviderContract, TriedCloud
from tests.support.cloud import Time

FILE = Path(__file__).parents[3] / "docs" / "example_provider.py"


def example() -> ModuleType:
    spec = spec_from_file_location("example_provider", FILE)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestExampleProvider(ProviderContract, InstancesContract):
    @pytest.fixture
    async def cloud(self, tmp_path):
        plugin, time = example().plugin, Time()
        settings = typed(plugin, {"shelf": "shelf://cellar", "machine": "prep"})
        services = Services(now=time, folder=tmp_path, control_plane="0" * 32)
        provider = await plugin.open("cellar", settings, services)

        async def moment() -> None:
            time.goes_on(seconds=1)

        async with behind_ledger(provider, tmp_path, time) as careful:
            yield TriedCloud(careful, "cellar", moment)


def test_the_example_is_short_enough_to_be_read() -> None:
    assert len(FILE.read_text().splitlines()) < 200
