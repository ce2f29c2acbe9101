"""The first publication of an environment without instances, from the API to its machines."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from msgspec import Struct

from autosky_desktop.domain.environment_settings import CheckLine, Found
from autosky_desktop.server.providers.cloud import CloudReading, Platform
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.machines import machine_provider
from autosky_desktop.server.providers.plugin import ProviderPace, Services
from autosky_desktop.server.providers.provider import Provider
from tests.support.control_plane import running_control_plane
from tests.support.machine_cloud import MemoryCloud
from tests.support.waiting import eventually


class TickingCloud(MemoryCloud):
    """Goes on a bit whenever somebody looks."""

    async def read(self) -> CloudReading:
        self.tick()
        return await super().read()


class ShelfSettings(Struct, kw_only=True):
    instances: int = 0


class Shelf:
    """A plug-in whose one environment keeps its machines when the control plane is started anew."""

    api = 1
    name = "shelf"
    title = "Shelf"
    settings = ShelfSettings
    pace = ProviderPace(settled_seconds=0.1, moving_seconds=0.1, speed=200.0)

    def __init__(self) -> None:
        self.cloud = TickingCloud(instances=0)

    async def find(self, settings: ShelfSettings) -> Found:
        return Found()

    async def check(self, environment: str, settings: ShelfSettings) -> AsyncIterator[CheckLine]:
        yield CheckLine(capability="read", state="ok")

    async def open(self, environment: str, settings: ShelfSettings, services: Services) -> Provider:
        return machine_provider(
            environment, self.cloud, {Platform.LINUX: LinuxGuest()}, now=services.now,
            control_plane=services.control_plane, wanted=settings.instances,
        )  # fmt: skip


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def client(tmp_path, shelf) -> Iterator[httpx.Client]:
    with running_control_plane(tmp_path, plugins=[shelf]) as running, running.client() as client:
        yield client


def post(client: httpx.Client, path: str, body: object) -> Any:
    answer = client.post(path, json=body, headers={"Idempotency-Key": path})
    assert answer.is_success, answer.text
    return answer.json()


def published(client: httpx.Client, *, instances: int) -> tuple[Any, Any]:
    """Add the environment, publish, and return what was shown before and what came of it."""
    added = {"id": "erp", "name": "ERP", "provider": "shelf"}
    post(client, "environments", {**added, "values": {"instances": str(instances)}})
    eventually(lambda: client.get("environments/erp").json()["servers"])
    shown = post(client, "environments/erp/publications/preview", {"plan": {}})
    asked = {"expectedVersion": shown["version"], "plan": {}}
    run = post(client, "environments/erp/publications", asked)
    path = f"publications/{run['id']}"
    return shown, eventually(lambda: (it := client.get(path).json())["endedAt"] and it, within=60)


def test_it_starts_as_many_as_the_settings_want_and_says_so_before(client, shelf) -> None:
    shown, run = published(client, instances=2)
    assert (shown["instances"], shown["instancesAdded"]) == (0, 2)
    assert run["state"] == "succeeded", run["steps"]
    assert run["steps"][4]["state"] == "succeeded"
    assert (run["instancesReplaced"], run["instancesTotal"]) == (2, 2)
    assert [it.instance.name for it in shelf.cloud.instances.values()] == [
        "instance-01", "instance-02",
    ]  # fmt: skip
    environment = client.get("environments/erp").json()["environment"]
    assert (environment["wantedInstances"], environment["instances"]) == (2, 2)


def test_without_a_number_nothing_is_started(client, shelf) -> None:
    shown, run = published(client, instances=0)
    assert (shown["instances"], shown["instancesAdded"]) == (0, 0)
    assert (run["steps"][4]["state"], run["steps"][4]["reason"]) == ("skipped", "nothing-runs")
    assert not shelf.cloud.instances
