"""The first publication of an environment without instances, from the API to its machines."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import Struct

from autosky_desktop.domain.environment_settings import CheckLine, Found
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.providers.cloud import CloudReading, Platform
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.machines import machine_provider
from autosky_desktop.server.providers.plugin import ProviderPace, Services
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.words.running import failed_instances
from tests.support.control_plane import running_control_plane
from tests.support.machine_cloud import MemoryCloud
from tests.support.waiting import eventually


class TickingCloud(MemoryCloud):
    """Goes on a bit whenever somebody looks. The first instance never comes up if `breaks`."""

    breaks = False

    async def read(self) -> CloudReading:
        self.tick()
        return await super().read()

    async def start_instance(self, *, model: str, name: str, replaces: str, key: str) -> str:
        started = await super().start_instance(model=model, name=name, replaces=replaces, key=key)
        if self.breaks:
            self.fails(started, "No room.")
            self.breaks = False
        return started


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


def published(
    client: httpx.Client, *, instances: int, plan: Mapping[str, object] = MappingProxyType({})
) -> tuple[Any, Callable[[], Any]]:
    """Add the environment, publish, and return what was shown before and what looks how it goes."""
    added = {"id": "erp", "name": "ERP", "provider": "shelf"}
    post(client, "environments", {**added, "values": {"instances": str(instances)}})
    eventually(lambda: client.get("environments/erp").json()["servers"])
    shown = post(client, "environments/erp/publications/preview", {"plan": {**plan}})
    asked = {"expectedVersion": shown["version"], "plan": {**plan}}
    run = post(client, "environments/erp/publications", asked)
    return shown, lambda: client.get(f"publications/{run['id']}").json()


def ended(look: Callable[[], Any]) -> Any:
    return eventually(lambda: (run := look())["endedAt"] and run, within=60)


def test_it_starts_as_many_as_the_settings_want_and_says_so_before(client, shelf) -> None:
    shown, look = published(client, instances=2)
    run = ended(look)
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
    shown, look = published(client, instances=0)
    run = ended(look)
    assert (shown["instances"], shown["instancesAdded"]) == (0, 0)
    assert (run["steps"][4]["state"], run["steps"][4]["reason"]) == ("skipped", "nothing-runs")
    assert not shelf.cloud.instances


@pytest.mark.parametrize(
    ("stops", "reason", "names"),
    [(True, "start-failed", []), (False, "instances-missing", ["instance-01"])],
)
def test_one_that_cannot_be_started_is_told_as_missing_and_not_as_left_behind(
    client, shelf, stops, reason, names
) -> None:
    shelf.cloud.breaks = True
    run = ended(published(client, instances=2, plan={"stopAtFirstFailure": stops})[1])
    assert (run["state"], run["steps"][4]["reason"]) == ("failed", reason)
    told = failed_instances(msgspec.convert(run, Publication))
    assert told == ("" if stops else "1 instance could not be started and is still missing.")
    assert [it.instance.name for it in shelf.cloud.instances.values()] == names


def test_before_a_hold_as_many_are_added_as_the_first_share_has(client, shelf) -> None:
    _shown, look = published(client, instances=4, plan={"hold": {"first": 2}})
    held = eventually(lambda: (run := look())["waitingFor"] == "go-on" and run, within=60)
    assert held["steps"][4]["first"] == ["added/1", "added/2"]
    assert (held["instancesReplaced"], held["instancesTotal"]) == (2, 4)
    assert len(shelf.cloud.instances) == 2
    post(client, f"publications/{held['id']}/go-on", {})
    assert ended(look)["instancesReplaced"] == 4
    assert len(shelf.cloud.instances) == 4


def test_others_are_kept_out_while_it_waits_for_a_person(tmp_path) -> None:
    shelf = Shelf()
    with running_control_plane(tmp_path, plugins=[shelf]) as running, running.client() as client:
        _shown, look = published(client, instances=2, plan={"hold": {"first": 1}})
        eventually(lambda: look()["waitingFor"] == "go-on", within=60)
    assert shelf.cloud.noted is None, "whoever goes lets go"
    with running_control_plane(tmp_path, plugins=[shelf]):
        eventually(lambda: shelf.cloud.noted)


def test_where_the_old_ones_are_fewer_than_the_first_share_some_are_added_before(
    client, shelf
) -> None:
    shelf.cloud = TickingCloud(instances=1)
    (old,) = shelf.cloud.instances
    _shown, look = published(client, instances=3, plan={"hold": {"first": 2}})
    held = eventually(lambda: (run := look())["waitingFor"] == "go-on" and run, within=60)
    assert held["steps"][4]["first"] == [old, "added/2"]
    assert sorted(it.model == "model-1" for it in shelf.cloud.instances.values()) == [False, False]
