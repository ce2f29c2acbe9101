"""The channel to a guest by its QEMU guest agent, which runs scripts without a network."""

import asyncio
import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import libvirt
import libvirt_qemu

from autosky_desktop.server.providers.guest import Completed
from autosky_desktop.server.providers.libvirt.connection import LibvirtConnection
from autosky_desktop.server.providers.libvirt.definitions import Agent
from autosky_desktop.server.providers.libvirt.errors import meaning
from autosky_desktop.server.providers.libvirt.machines import definition
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused, RefusalKind
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

SECONDS_FOR_ANSWER = 5
FIRST_LOOK, LONGEST_LOOK = 0.02, 0.5
"""Seconds between two questions whether a script has ended: the first and the longest."""

# The script comes by the standard input and is read whole before any of it runs: no other program
# reads the rest of it, and no command line is too short.
SHELLS = {
    "sh": ("/bin/sh", ["-c", 'eval "$(cat)"']),
    "powershell": (
        "powershell.exe",
        [
            "-NoProfile",
            "-NonInteractive",
            "-Command",
            "& ([ScriptBlock]::Create([Console]::In.ReadToEnd()))",
        ],
    ),
}


class AgentChannel:
    """The channel to one machine. `overdue` says whether its agent should have come long ago."""

    def __init__(
        self, connection: LibvirtConnection, machine: str, overdue: Callable[[str], bool]
    ) -> None:
        self._connection = connection
        self._machine = machine
        self._overdue = overdue

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        try:
            async with asyncio.timeout(seconds):
                return await self._run(script, *SHELLS[shell])
        except TimeoutError as late:
            raise ProviderBusy(_(words.SCRIPT_TOO_LONG)) from late

    async def _run(self, script: str, program: str, arguments: list[str]) -> Completed:
        data = base64.b64encode(script.encode()).decode()
        begun = await self._command(
            "guest-exec",
            {"path": program, "arg": arguments, "input-data": data, "capture-output": True},
        )
        pause = FIRST_LOOK
        while not (seen := await self._command("guest-exec-status", {"pid": begun["pid"]}))[
            "exited"
        ]:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_LOOK)
        return Completed(
            code=int(seen.get("exitcode", 128 + int(seen.get("signal", 0)))),
            out=_text(seen.get("out-data", "")),
            err=_text(seen.get("err-data", "")),
        )

    async def _command(self, name: str, arguments: dict[str, Any]) -> Any:
        asked = json.dumps({"execute": name, "arguments": arguments})
        return await self._connection.ask(partial(self._answer, asked=asked))

    def _answer(self, connection: Any, *, asked: str) -> Any:
        machine = connection.lookupByUUIDString(self._machine)
        try:
            answer = libvirt_qemu.qemuAgentCommand(machine, asked, SECONDS_FOR_ANSWER, 0)
        except libvirt.libvirtError as error:
            raise self._why_not(machine, error) from error
        return json.loads(answer)["return"]

    def _why_not(self, machine: Any, error: libvirt.libvirtError) -> Exception:
        code = error.get_error_code()
        if code in (libvirt.VIR_ERR_AGENT_UNRESPONSIVE, libvirt.VIR_ERR_AGENT_UNSYNCED):
            if not self._overdue(self._machine):
                return ProviderBusy(_(words.AGENT_NOT_READY))
        elif code == libvirt.VIR_ERR_INTERNAL_ERROR:  # what the agent itself answers
            return ProviderRefused(
                _(words.AGENT_REFUSED).format(why=error.get_error_message()),
                kind=RefusalKind.NO_AGENT,
                remedy=_(words.ALLOW_EXEC),
            )
        elif not machine.isActive() or definition(machine).agent is not Agent.NONE:
            raise meaning(error) from error
        return ProviderRefused(
            _(words.NO_AGENT), kind=RefusalKind.NO_AGENT, remedy=_(words.INSTALL_AGENT)
        )


def _text(data: str) -> str:
    return base64.b64decode(data).decode(errors="replace")
