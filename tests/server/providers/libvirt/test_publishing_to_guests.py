"""A control plane over real guests: people sign in to them by SSH while versions are published."""

import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.control_plane import running_control_plane
from tests.support.guests.hypervisor import Hypervisor
from tests.support.waiting import eventually

pytest.importorskip("libvirt")

from autosky_desktop.server.providers.libvirt.definitions import parsed
from autosky_desktop.server.providers.libvirt.plugin import LibvirtPlugin
from autosky_desktop.server.providers.plugin import ProviderPace
from tests.support.guests.house import PATIENCE, House, over_ssh

BUSY = 2 * PATIENCE
"""Seconds for a publication, in which a guest starts, on a machine that has much else to do."""
PACE = 4.0
"""A quarter of a second between two looks at a publication; a guest has 150 seconds to come up."""
MESSAGE = "Version {version} is here. Sign in again within {minutes} minutes."


class Operator:
    """Somebody who has an environment at the control plane, by its API."""

    def __init__(self, client: httpx.Client, environment: str) -> None:
        self._client = client
        self._environment = environment

    def add(self, house: House) -> None:
        """Add the environment, and see it."""
        added = self._post(
            "environments",
            {
                "id": self._environment,
                "name": "ERP",
                "provider": "libvirt",
                "values": {
                    "uri": house.host.uri,
                    "preparation": house.preparation,
                    "account": "maintenance",
                    "keep_free": "0",
                },
            },
        )
        assert added["id"] == self._environment

    def snapshot(self) -> Any:
        return self._client.get(f"environments/{self._environment}").raise_for_status().json()

    def power(self, house: House, verb: str) -> None:
        self._post(f"servers/{house.preparation}/{verb}", {})

    def prepares(self) -> bool:
        """Return whether the preparation server runs."""
        return bool(self.snapshot()["servers"][0]["status"] == "running")

    def instance(self) -> Any:
        """The one instance that is not on its way in or out, with its sessions told."""
        found = [it for it in self.snapshot()["instances"] if it["sessions"] is not None]
        return found[0] if len(found) == 1 and found[0]["status"] == "available" else None

    def publish(self, plan: Mapping[str, object]) -> Callable[[], Any]:
        """Publish the next version, and return what looks how far it is."""
        shown = self._post(f"environments/{self._environment}/publications/preview", {"plan": plan})
        assert not [it for it in shown["checks"] if it["level"] == "wait"], shown["checks"]
        asked = {"expectedVersion": shown["version"], "plan": plan}
        accepted = self._post(f"environments/{self._environment}/publications", asked)
        return lambda: self._client.get(f"publications/{accepted['id']}").json()

    def _post(self, path: str, body: object) -> Any:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = self._client.post(path, json=body, headers=key)
        assert answer.is_success, answer.text
        return answer.json()


def succeeded(look: Callable[[], Any]) -> Any:
    """Wait for the end of a publication, and return it."""
    run = eventually(
        lambda: (run := look())["state"] in ("succeeded", "failed") and run, within=BUSY
    )
    assert run["state"] == "succeeded", [(it["name"], it["detail"]) for it in run["steps"]]
    return run


@contextmanager
def signed_in(house: House, instance: Any, screen: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Sign somebody in on a real terminal, which writes to the file `screen`."""
    port = port_of(house, instance)
    with (
        screen.open("wb") as shown,
        subprocess.Popen(
            house.host.ssh(port, "anna", terminal=True),
            stdin=subprocess.PIPE,
            stdout=shown,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            eventually(lambda: b"$" in screen.read_bytes(), within=PATIENCE)
            yield process
        finally:
            process.kill()


def port_of(house: House, instance: Any) -> int:
    forward = parsed(house.host.named(instance["name"]).XMLDesc()).forward
    assert forward is not None
    return forward.port


def version_on(house: House, instance: Any) -> str:
    return over_ssh(house.host, port_of(house, instance), "cat", "/etc/version")


@pytest.fixture
def house(host: Hypervisor) -> House:
    return House(host, "erp")


def somebody_is_seen(me: Operator) -> None:
    eventually(lambda: me.snapshot()["environment"]["sessions"] == 1, within=PATIENCE)


def keep_waits_for_the_last_one(me: Operator, house: House, screen: Path) -> None:
    old = eventually(me.instance, within=PATIENCE)
    with signed_in(house, old, screen) as session:
        somebody_is_seen(me)
        run = me.publish({"model": "keep-users-connected"})
        eventually(lambda: run()["waitingFor"] == "sessions", within=BUSY)
        assert session.poll() is None
        turned_away = house.host.ssh(port_of(house, old), "boris", "true")
        assert subprocess.run(turned_away, stdout=subprocess.DEVNULL).returncode == 1
    assert succeeded(run)["sessionsEnded"] == 0


def who_is_asked_reads_it_and_goes_in_peace(me: Operator, house: House, screen: Path) -> None:
    old = eventually(me.instance, within=PATIENCE)
    asked = {"minutes": 30, "message": MESSAGE}
    with signed_in(house, old, screen) as session:
        somebody_is_seen(me)
        run = me.publish({"model": "request-reconnection", "reconnection": asked})
        said = b"is here. Sign in again within 30 minutes."
        eventually(lambda: said in screen.read_bytes(), within=BUSY)
        assert session.poll() is None
    assert succeeded(run)["sessionsEnded"] == 0


def standard_disconnects(me: Operator, house: House, screen: Path) -> None:
    old = eventually(me.instance, within=PATIENCE)
    with signed_in(house, old, screen) as session:
        somebody_is_seen(me)
        run = me.publish({"model": "standard"})
        assert succeeded(run)["sessionsEnded"] == 1
        assert session.wait(PATIENCE) != 0


def test_the_first_publication_starts_the_first_instance(host: Hypervisor, tmp_path: Path) -> None:
    house = House(host, "crm")
    hurried = LibvirtPlugin()
    hurried.pace = ProviderPace(moving_seconds=1.0, speed=PACE)
    plane = running_control_plane(tmp_path / "plane", plugins=[hurried])
    with plane as running, running.client() as client:
        me = Operator(client, house.name)
        me.add(house)
        eventually(lambda: me.snapshot()["servers"])
        assert me.snapshot()["instances"] == []
        run = succeeded(me.publish({"model": "optimized"}))
        assert (run["instancesReplaced"], run["instancesTotal"]) == (1, 1)
        first = eventually(me.instance, within=PATIENCE)
        assert (first["name"], first["version"]) == ("crm-01", run["version"])
        assert version_on(house, first) == "1"


def test_versions_reach_people_on_real_guests_by_each_model(house: House, tmp_path: Path) -> None:
    house.run(house.first_instance)
    hurried = LibvirtPlugin()
    hurried.pace = ProviderPace(moving_seconds=1.0, speed=PACE)
    plane = running_control_plane(tmp_path / "plane", plugins=[hurried])
    with plane as running, running.client() as client:
        me = Operator(client, house.name)
        me.add(house)
        eventually(lambda: me.snapshot()["servers"])
        me.power(house, "start")
        assert version_on(house, eventually(me.instance, within=PATIENCE)) == "1"
        eventually(me.prepares, within=PATIENCE)
        house.run(house.prepares("2"))

        keep_waits_for_the_last_one(me, house, tmp_path / "keep")
        second = eventually(me.instance, within=PATIENCE)
        assert version_on(house, second) == "2"
        who_is_asked_reads_it_and_goes_in_peace(me, house, tmp_path / "asked")
        standard_disconnects(me, house, tmp_path / "standard")

        newest = eventually(me.instance, within=PATIENCE)["version"]
        house.run(house.prepares("broken"))
        succeeded(me.publish({"model": "optimized", "imageOf": second["version"]}))
        back = eventually(me.instance, within=PATIENCE)
        assert back["version"] == newest + 1
        assert version_on(house, back) == "2"
