"""Remembers what events told of machines and their definitions do not tell."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import libvirt

from autosky_desktop.domain.server import ServerState
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.libvirt.definitions import Agent, Definition

AGENT_COMES = timedelta(minutes=3)
"""How long after it was switched on a machine without an answering agent is taken to be up."""
ASKED_HOLDS = timedelta(minutes=5)
"""How long a machine is said to do what was asked of it although nothing more is heard."""
AGENT_CONNECTED = libvirt.VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED
RESTARTS_FOR_EVER = 5
"""Restarts without a word of the guest agent after which a machine never comes up."""

STATES: Mapping[int, ServerState] = MappingProxyType({
    libvirt.VIR_DOMAIN_RUNNING: ServerState.RUNNING,
    libvirt.VIR_DOMAIN_BLOCKED: ServerState.RUNNING,
    libvirt.VIR_DOMAIN_SHUTDOWN: ServerState.STOPPING,
    libvirt.VIR_DOMAIN_SHUTOFF: ServerState.STOPPED,
    libvirt.VIR_DOMAIN_CRASHED: ServerState.STOPPED,
})  # fmt: skip


class Watch:
    """The memory of one environment's events, and the news of them."""

    def __init__(self, now: Now, *, agent_comes: timedelta = AGENT_COMES) -> None:
        self._now = now
        self._agent_comes = agent_comes
        self._news = asyncio.Event()
        self._asked: dict[str, tuple[ServerState, datetime]] = {}
        self._on_since: dict[str, datetime] = {}
        self._since: dict[str, tuple[str, datetime]] = {}
        self._restarts: Counter[str] = Counter()

    async def changed(self) -> None:
        """Wait for news. A hundred of them between two calls are one."""
        await self._news.wait()
        self._news.clear()

    def told(self, what: str, machine: str, detail: int) -> None:
        """Take in an event."""
        if what == "reboot":
            self._restarts[machine] += 1
        elif what == "agent" and detail == AGENT_CONNECTED:
            self._restarts.pop(machine, None)
            self._asked.pop(machine, None)
        elif what == "lifecycle" and detail == libvirt.VIR_DOMAIN_EVENT_STOPPED:
            for of_this_run in (self._asked, self._on_since, self._restarts):
                of_this_run.pop(machine, None)
        self._news.set()

    def asked(self, machine: str, state: ServerState) -> None:
        """Note what the machine was asked to do, which it shows only when it does it."""
        self._asked[machine] = (state, self._now())
        self._news.set()

    def status(self, told: Definition, state: int) -> str:
        """Return the state of a machine, from libvirt's number of it."""
        found = STATES.get(state)
        if found is None:
            return "paused"
        if found is not ServerState.RUNNING:
            return found.value
        since = self._on_since.setdefault(told.id, self._now())
        asked, at = self._asked.get(told.id, (found, since))
        if asked is not found and self._now() - at < ASKED_HOLDS:
            return asked.value
        if told.agent is Agent.AWAITED and self._now() - since < self._agent_comes:
            return ServerState.STARTING.value
        return found.value

    def since(self, machine: str, status: str) -> datetime:
        """Return when this state was first seen."""
        known = self._since.get(machine)
        if known is None or known[0] != status:
            known = self._since[machine] = (status, self._now())
        return known[1]

    def overdue(self, machine: str) -> bool:
        """Return whether its guest agent should have answered long ago."""
        since = self._on_since.get(machine)
        return since is not None and self._now() - since >= self._agent_comes

    def restarts(self, machine: str) -> int:
        """Return how often it restarted for ever, and 0 for one that may still come up."""
        count = self._restarts[machine]
        return count if count >= RESTARTS_FOR_EVER else 0
