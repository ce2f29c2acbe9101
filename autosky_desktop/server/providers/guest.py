"""The interface to the system on a machine: who is signed in there, who may sign in, and the
channel by which scripts get to it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct


class Completed(Struct, frozen=True, kw_only=True):
    """The end of a script: its exit code and what it wrote, cut to what the channel carries."""

    code: int
    out: str = ""
    err: str = ""


class Channel(Protocol):
    """Runs scripts on one machine with the rights that a guest's administration needs."""

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        """Run the script by `shell` (`sh` or `powershell`) and wait for its end, at most `seconds`.
        Text for people stands in it as data alone (base64).

        Raises ProviderBusy when the guest does not answer yet, ProviderRefused when it cannot be
        asked.
        """


class GuestSession(Struct, frozen=True, kw_only=True):
    """A user session on one machine; `id` is the guest's own, and says nothing elsewhere."""

    id: str
    account: str
    since: datetime


class GuestReading(Struct, frozen=True, kw_only=True):
    """The sessions on one machine. `boot` is another one after each restart that may undo what
    `Guest.admit` did; it is empty where none does.
    """

    sessions: list[GuestSession]
    boot: str = ""


class Guest(Protocol):
    """The calls made of a guest, through a channel to it. Each may be repeated.

    Raises ProviderBusy when the guest may answer later, ProviderRefused when it will not.
    """

    async def read(self, channel: Channel) -> GuestReading:
        """Return everybody who is signed in, disconnected sessions included."""

    async def message(self, channel: Channel, sessions: Sequence[str], text: str) -> None:
        """Show `text` to those of these sessions that are there. It is data, whatever is in it."""

    async def end_sessions(self, channel: Channel, sessions: Sequence[str]) -> list[str]:
        """End these sessions at once and return the ids of those that existed."""

    async def admit(self, channel: Channel, *, allowed: bool) -> None:
        """Let new sessions on, or none. Those that are there go on; whoever has to look after the
        machine still gets in.
        """
