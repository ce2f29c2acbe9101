"""The world of kills over real guests under libvirt, and what may not be found there after."""

import random
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from autosky_desktop.server.providers.libvirt.definitions import Definition, parsed
from autosky_desktop.server.providers.libvirt.machines import Role
from tests.support.crash_world import made_at_most
from tests.support.guests.hypervisor import Hypervisor, free_ports, hypervisor
from tests.support.process import PlaneProcess
from tests.support.waiting import eventually

ENVIRONMENT = "erp"
SERVERS = {"erp", "erp-data"}


class GuestsWorld:
    """One environment on a libvirt that outlives every control plane. Nothing of it fails."""

    instances = MappingProxyType({ENVIRONMENT: 2})
    longest_life = 8.0
    patience = 400.0

    def __init__(self, folder: Path, host: Hypervisor) -> None:
        self.folder = folder / "plane"
        self._host = host
        preparation, support = free_ports(2)
        self._preparation = host.define(ENVIRONMENT, preparation)
        self.support = host.define(f"{ENVIRONMENT}-data", support)
        connection = host.connect()
        self._at_first = _volumes(connection)
        connection.close()

    def start(self) -> PlaneProcess:
        command = [sys.executable, "-m", "tests.support.hurried_plane", "libvirt"]
        return PlaneProcess([*command, str(self.folder)], log=self.folder.with_name("log"))

    def begin(self, client: httpx.Client) -> None:
        if client.get("environments").json()["environments"]:
            return
        asked = {
            "id": ENVIRONMENT,
            "name": "ERP",
            "provider": "libvirt",
            "values": {
                "uri": self._host.uri,
                "preparation": self._preparation,
                "support": [self.support],
                "instances": str(self.instances[ENVIRONMENT]),
                "account": "maintenance",
                "keep_free": "0",
            },
        }
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = client.post("environments", json=asked, headers=key)
        assert answer.is_success, answer.text
        eventually(lambda: client.get(f"environments/{ENVIRONMENT}").json()["servers"])

    def break_or_mend(self, chance: random.Random) -> None:
        """Leave it: real machines are bad enough."""

    def mend(self) -> None:
        """Leave it: nothing was broken."""

    def doubled(self, runs: Sequence[Mapping[str, Any]]) -> list[str]:
        connection = self._host.connect()
        try:
            machines = [parsed(it.XMLDesc()) for it in connection.listAllDomains()]
            volumes = _volumes(connection)
        finally:
            connection.close()
        used = {path for it in machines for path in (*it.disks, *it.chain)}
        return [
            *_too_many(machines, {**made_at_most(runs), **self._instances_at_most()}),
            *(f"not marked as ours: {it.name}" for it in machines if not _is_marked(it)),
            *(
                f"not marked as ours: {it}"
                for it in volumes - self._at_first - used
                if not Path(it).name.startswith(
                    (f"{ENVIRONMENT}-instance-", f"{ENVIRONMENT}-image-")
                )
            ),
        ]

    def _instances_at_most(self) -> dict[str, int]:
        return {Role.INSTANCE: self.instances[ENVIRONMENT]}


def _too_many(machines: Sequence[Definition], most: Mapping[str, int]) -> Iterator[str]:
    """Yield the kinds of which there are more than may be: images and models are machines too."""
    there = Counter(it.tag.get("role", "") for it in machines)
    for role, limit in most.items():
        if there[role] > limit:
            yield f"{there[role]} of {role} where {limit} may be"


def _is_marked(machine: Definition) -> bool:
    return machine.name in SERVERS or machine.tag.get("environment") == ENVIRONMENT


def _volumes(connection: Any) -> set[str]:
    pool = connection.storagePoolLookupByName("guests")
    pool.refresh()
    return {it.path() for it in pool.listAllVolumes()}


@contextmanager
def guests_world(folder: Path) -> Iterator[GuestsWorld]:
    """Yield a world on a libvirt of its own, which is there until the block is left."""
    with hypervisor() as host:
        yield GuestsWorld(folder, host)
