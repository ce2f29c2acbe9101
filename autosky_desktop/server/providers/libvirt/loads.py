"""Asks the hypervisor how busy machines are.

It tells how long a machine has computed since it was started, so two looks make a figure: the last
one of somebody who looks again, or one a moment before. How much memory is used only the system in
it knows, and says so where its balloon driver is there and asked for statistics.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import libvirt

from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.wire import within
from autosky_desktop.server.db.clock import now, steady
from autosky_desktop.server.providers.libvirt.connection import LibvirtConnection

A_MOMENT = 1.0
OLDEST = 600.0
"""How old the last look may be, in seconds: an average of hours says nothing of now."""
ASKED = (
    libvirt.VIR_DOMAIN_STATS_CPU_TOTAL
    | libvirt.VIR_DOMAIN_STATS_VCPU
    | libvirt.VIR_DOMAIN_STATS_BALLOON
)
Stats = Mapping[str, Any]


class Look(NamedTuple):
    """A look at a machine: when, by a clock that is never set, and how long it has computed."""

    at: float
    computed: float


class Loads:
    """The loads of the machines of one environment."""

    def __init__(self, connection: LibvirtConnection) -> None:
        self._connection = connection
        self._looks: dict[str, Look] = {}

    async def read(self, ids: Collection[str]) -> list[InstanceLoad]:
        """Return the loads of those that run."""
        before = {
            id_: it for id_, it in self._looks.items() if A_MOMENT <= steady() - it.at <= OLDEST
        }
        if not set(ids) <= set(before):
            before = _looks(await self._connection.ask(_stats)) | before
            await asyncio.sleep(A_MOMENT)
        stats = await self._connection.ask(_stats)
        self._looks = _looks(stats)
        moment = now()
        return [
            InstanceLoad(id=id_, cpu=_cpu(before.get(id_), look, stats[id_]),
                         memory=_memory(stats[id_]), at=moment)
            for id_, look in self._looks.items()
            if id_ in ids
        ]  # fmt: skip


def _stats(connection: Any) -> dict[str, Stats]:
    found = connection.getAllDomainStats(ASKED, libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_RUNNING)
    return {domain.UUIDString(): told for domain, told in found}


def _looks(stats: Mapping[str, Stats]) -> dict[str, Look]:
    at = steady()
    return {id_: Look(at, it["cpu.time"] / 1e9) for id_, it in stats.items() if "cpu.time" in it}


def _cpu(before: Look | None, now: Look, stats: Stats) -> float | None:
    """Return the share of its processors that a machine has used; one that was started anew
    meanwhile has computed less than before.
    """
    processors = int(stats.get("vcpu.current", 0))
    if before is None or not processors or now.computed < before.computed or now.at <= before.at:
        return None
    return _percent(now.computed - before.computed, (now.at - before.at) * processors)


def _memory(stats: Stats) -> float | None:
    whole, free = stats.get("balloon.available"), stats.get("balloon.usable")
    free = stats.get("balloon.unused") if free is None else free
    return None if not whole or free is None else _percent(whole - free, whole)


def _percent(part: float, whole: float) -> float:
    return within(round(1000 * part / whole), 0, 1000) / 10
