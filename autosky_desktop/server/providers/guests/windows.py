"""Windows guests, by the terminal services. New sessions are kept out by the drain mode, in which
those that are there go on and may be taken up again; `mstsc /admin` gets in all the same.

This follows Microsoft's documentation and has not been run by us on Windows yet.
"""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from autosky_desktop.domain.text import one_line, several_lines
from autosky_desktop.server.providers.guest import Channel, GuestReading, GuestSession
from autosky_desktop.server.providers.guests.windows_script import SCRIPT
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _

SESSION_ID = re.compile(r"[0-9]+-[0-9]+", re.ASCII)


class WindowsSession(Struct, frozen=True, kw_only=True):
    """A session as the script tells it."""

    id: Annotated[str, Meta(pattern="^[0-9]+-[0-9]+$")]
    account: Annotated[str, Meta(min_length=1)]
    since: Annotated[datetime, Meta(tz=True)]
    state: int


class Answered(Struct, frozen=True, kw_only=True):
    """An answer of our own script, which the number says."""

    autosky: Literal[1]


class SessionsAnswered(Answered, frozen=True, kw_only=True):
    sessions: list[WindowsSession]


class EndAnswered(Answered, frozen=True, kw_only=True):
    ended: list[str]


class AdmitAnswered(Answered, frozen=True, kw_only=True):
    unable: bool


Answer = TypeVar("Answer", bound=Answered)


class WindowsGuest:
    """The guest of a Windows machine."""

    async def read(self, channel: Channel) -> GuestReading:
        answer = await _asked(channel, "Sessions", SessionsAnswered)
        found = [
            GuestSession(id=it.id, account=one_line(it.account), since=it.since)
            for it in answer.sessions
        ]
        return GuestReading(sessions=found)  # no boot: the drain mode outlasts a restart

    async def message(self, channel: Channel, sessions: Sequence[str], text: str) -> None:
        if ids := _ids(sessions):
            title, said = _data(_(words.MESSAGE_TITLE)), _data(several_lines(text))
            await _asked(channel, f"Message {title} {said} @({ids})", Answered)

    async def end_sessions(self, channel: Channel, sessions: Sequence[str]) -> list[str]:
        if not (ids := _ids(sessions)):
            return []
        return (await _asked(channel, f"EndSessions @({ids})", EndAnswered)).ended

    async def admit(self, channel: Channel, *, allowed: bool) -> None:
        answer = await _asked(channel, f"Admit {'$true' if allowed else '$false'}", AdmitAnswered)
        if answer.unable:
            raise _no_agent(_(words.NO_DRAIN_MODE), _(words.ADD_SESSION_HOST))


async def _asked(channel: Channel, call: str, kind: type[Answer]) -> Answer:
    """Return the script's answer to a call of one of its functions."""
    script = f"{SCRIPT}\nAnswer {{ {call} }}\n"
    completed = await channel.run(script, shell="powershell")  # noqa: S604 - the name of a shell
    if completed.code:
        why = one_line(completed.err or completed.out) or f"{completed.code}"
        raise _no_agent(_(words.SCRIPT_FAILED).format(why=why))
    try:
        return msgspec.json.decode(completed.out.strip(), type=kind)
    except msgspec.MsgspecError as cause:
        start = one_line(completed.out) or _(words.NOTHING)
        raise _no_agent(_(words.UNREADABLE).format(answer=start)) from cause


def _ids(sessions: Sequence[str]) -> str:
    """Return the ids that may be this guest's as a list of the script; another is nobody's."""
    return ", ".join(f"'{each}'" for each in sessions if SESSION_ID.fullmatch(each))


def _data(text: str) -> str:
    return f"'{base64.b64encode(text.encode()).decode()}'"


def _no_agent(detail: str, remedy: str = "") -> ProviderRefused:
    return ProviderRefused(detail, kind=RefusalKind.NO_AGENT, remedy=remedy)
