"""Scripts on guests, and tunnels to them, by AWS Systems Manager.

Whoever runs the same script on many machines at the same moment sends one command to up to fifty of
them, and asks once for what came of it: each call counts.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any

from autosky_desktop.domain.endpoint import Tunnel, TunnelKind
from autosky_desktop.domain.pause import pause_after
from autosky_desktop.server.providers.aws.reading import AccountReading
from autosky_desktop.server.providers.guest import Completed
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused, RefusalKind
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _

DOCUMENTS: Mapping[str, str] = MappingProxyType({
    "sh": "AWS-RunShellScript",
    "powershell": "AWS-RunPowerShellScript",
})  # fmt: skip
FORWARDING = "AWS-StartPortForwardingSession"
MOST_MACHINES = 50
TOGETHER_SECONDS = 0.05
"""How long a command waits for others that say the same."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
LEAST_TIMEOUT = 30
"""The shortest time that Systems Manager accepts for taking a command to a machine."""
LISTED_OUTPUT = 2500
"""As much of the output as the list of invocations tells; a single one tells 24,000 characters."""
ERRORS_FOLLOW = "----------ERROR-------"
UNDER_WAY = frozenset({"Pending", "InProgress", "Delayed", "Cancelling"})
ENDED = frozenset({"Success", "Failed"})
SESSIONS_SECONDS = 60.0
CALLS_A_COMMAND = 3
"""It is sent, and its end is asked for, mostly twice."""
GUESTS_SECONDS = 300.0
AGAIN_SECONDS = 60.0
"""How old the list of machines with an agent may be: at most, and for one that is not on it."""

Said = tuple[str, str, float]


@dataclass
class _Batch:
    """The machines for which somebody has said the same, and what comes of it on each."""

    machines: set[str]
    task: "asyncio.Task[dict[str, Completed | BaseException]]"


class SsmCommands:
    """Runs scripts on the machines of an account."""

    def __init__(self, reading: AccountReading) -> None:
        self._reading = reading
        self._account = reading.account
        self._gathering: dict[Said, _Batch] = {}

    async def run(self, machine: str, script: str, shell: str, seconds: float) -> Completed:
        """Run the script on the machine. Raises ProviderBusy, ProviderRefused."""
        await self.has_agent(machine)
        said = (script, shell, seconds)
        if (batch := self._gathering.get(said)) is None:
            task = asyncio.get_running_loop().create_task(self._send_soon(said))
            batch = self._gathering[said] = _Batch(set(), task)
        batch.machines.add(machine)
        # whoever gives up leaves the others their answer
        completed = (await asyncio.shield(batch.task))[machine]
        if isinstance(completed, ProviderRefused) and completed.kind is RefusalKind.NO_AGENT:
            self._reading.guests.forget()
        if isinstance(completed, BaseException):
            raise completed
        return completed

    async def tunnel(self, machine: str, port: int) -> Tunnel:
        """Begin a session that forwards to a port of the machine. AWS ends one that nobody opens.
        Raises ProviderBusy, ProviderRefused.
        """
        await self.has_agent(machine)
        begun = await self._account.call(
            "ssm",
            "start_session",
            Target=machine,
            DocumentName=FORWARDING,
            Parameters={"portNumber": [str(port)]},
        )
        region, service = await self._account.place("ssm")
        return Tunnel(
            kind=TunnelKind.SESSION_MANAGER.value,
            session=begun["SessionId"],
            machine=machine,
            region=region,
            url=begun["StreamUrl"],
            service=service,
            token=begun["TokenValue"],
            profile="" if self._account.access.role_arn else self._account.access.profile,
        )

    async def has_agent(self, machine: str) -> None:
        """Raise ProviderRefused if Systems Manager does not know the machine, ProviderBusy if its
        agent does not answer.
        """
        guests = self._reading.guests
        known = await guests.read(GUESTS_SECONDS)
        if known.get(machine) != "Online":
            known = await guests.read(AGAIN_SECONDS)
        if machine not in known:
            remedy = _(words.NO_AGENT_REMEDY)
            raise ProviderRefused(_(words.NO_AGENT), kind=RefusalKind.NO_AGENT, remedy=remedy)
        if known[machine] != "Online":
            raise ProviderBusy(_(words.AGENT_LOST))

    async def _send_soon(self, said: Said) -> dict[str, Completed | BaseException]:
        await asyncio.sleep(TOGETHER_SECONDS)
        names = sorted(self._gathering.pop(said).machines)
        parts = [names[at : at + MOST_MACHINES] for at in range(0, len(names), MOST_MACHINES)]
        sent = await asyncio.gather(
            *(self._send(said, part) for part in parts), return_exceptions=True
        )
        found: dict[str, Completed | BaseException] = {}
        for part, answer in zip(parts, sent, strict=True):
            found |= dict.fromkeys(part, answer) if isinstance(answer, BaseException) else answer
        return found

    async def _send(self, said: Said, part: list[str]) -> dict[str, Completed | BaseException]:
        """Send the command to some machines, and return what came of it on each."""
        script, shell, seconds = said
        sent = await self._account.call(
            "ssm",
            "send_command",
            InstanceIds=part,
            DocumentName=DOCUMENTS[shell],
            Parameters={"commands": [script], "executionTimeout": [str(max(1, int(seconds)))]},
            TimeoutSeconds=max(LEAST_TIMEOUT, int(seconds)),
        )
        return await self._ended(sent["Command"]["CommandId"], part, seconds)

    async def _ended(
        self, command: str, names: Iterable[str], seconds: float
    ) -> dict[str, Completed | BaseException]:
        """Wait until the command has ended everywhere, or its time is up."""
        loop = asyncio.get_running_loop()
        until, tries = loop.time() + seconds + LEAST_TIMEOUT, 0
        while True:
            tries += 1
            await asyncio.sleep(pause_after(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
            told = await self._account.pages(
                "ssm",
                "list_command_invocations",
                "CommandInvocations",
                CommandId=command,
                Details=True,
            )
            states = {it["InstanceId"]: it for it in told}
            under_way = {it for it in names if _status(states.get(it)) in UNDER_WAY}
            if not under_way or loop.time() > until:
                return {it: await self._completed(command, it, states.get(it)) for it in names}

    async def _completed(
        self, command: str, machine: str, told: Mapping[str, Any] | None
    ) -> Completed | ProviderBusy:
        status = _status(told)
        plugins = told.get("CommandPlugins", []) if told else []
        if status not in ENDED or not plugins:
            return ProviderBusy(_(words.COMMAND_UNFINISHED).format(status=status))
        code, out = int(plugins[0].get("ResponseCode", -1)), str(plugins[0].get("Output", ""))
        if len(out) < LISTED_OUTPUT and ERRORS_FOLLOW not in out:
            return Completed(code=code, out=out)
        whole = await self._account.call(
            "ssm", "get_command_invocation", CommandId=command, InstanceId=machine
        )
        return Completed(
            code=int(whole["ResponseCode"]),
            out=str(whole.get("StandardOutputContent", "")),
            err=str(whole.get("StandardErrorContent", "")),
        )


def calls_for_sessions(machines: int) -> int:
    """Return how many calls an hour it costs to ask so many machines for their sessions."""
    commands = ceil(machines / MOST_MACHINES)
    return round(3600 / SESSIONS_SECONDS * commands * CALLS_A_COMMAND + 3600 / GUESTS_SECONDS)


class SsmChannel:
    """Takes scripts to one machine."""

    def __init__(self, commands: SsmCommands, machine: str) -> None:
        self._commands = commands
        self._machine = machine

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        return await self._commands.run(self._machine, script, shell, seconds)


def _status(told: Mapping[str, Any] | None) -> str:
    return str(told["Status"]) if told else "Pending"
