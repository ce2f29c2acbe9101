"""A logind on a bus of its own, as loginctl asks it, and a channel to the machine that it is on."""

import asyncio
import os

from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, method

from autosky_desktop.server.providers.guest import Completed

SESSIONS = "/org/freedesktop/login1/session/s"
BEGUN = 1796030102000000
MACHINE = (
    "mount -t tmpfs none /run && mkdir -p /run/systemd/system /run/systemd/sessions && exec sh -s"
)
"""Turns a shell into one on a machine that was booted by systemd."""


class Logind(ServiceInterface):
    """The sessions by their number: account, terminal, class, and state."""

    def __init__(self, sessions: dict[str, tuple[str, str, str, str]]) -> None:
        super().__init__("org.freedesktop.login1.Manager")
        self.sessions = sessions

    @method()
    def ListSessions(self) -> "a(susso)":  # noqa: F821
        return [[it, 1000, self.sessions[it][0], "", SESSIONS + it] for it in self.sessions]

    @method()
    def GetSession(self, number: "s") -> "o":  # noqa: F821
        return SESSIONS + number

    @method()
    def TerminateSession(self, number: "s") -> None:  # noqa: F821
        self.sessions.pop(number)

    def properties(self, asked: Message) -> Message | None:
        """Answer for everything of a session, whatever the interface."""
        found = self.sessions.get((asked.path or "").removeprefix(SESSIONS))
        if asked.member != "GetAll" or found is None:
            return None
        told = dict(zip(("Name", "TTY", "Class", "State"), found, strict=True))
        values = {name: Variant("s", value) for name, value in told.items()}
        values["Timestamp"] = Variant("t", BEGUN)
        return Message.new_method_return(asked, "a{sv}", [values])

    async def serve(self, bus: str) -> MessageBus:
        connection = await MessageBus(bus_address=bus).connect()
        connection.export("/org/freedesktop/login1", self)
        connection.add_message_handler(self.properties)
        await connection.request_name("org.freedesktop.login1")
        return connection


class LocalChannel:
    """Runs scripts on this computer, as on a machine that has that bus."""

    def __init__(self, bus: str) -> None:
        self._bus = bus

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            "unshare", "--mount", "sh", "-c", MACHINE, stdin=pipe, stdout=pipe, stderr=pipe,
            env=os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": self._bus},
        )  # fmt: skip
        async with asyncio.timeout(seconds):
            out, err = await process.communicate(script.encode())
        assert process.returncode is not None
        return Completed(code=process.returncode, out=out.decode(), err=err.decode())
