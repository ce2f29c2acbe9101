"""Linux guests: sessions of logind where it runs, else those on terminals.

Where logind does not run, a session without a terminal (a file transfer) is not seen. New sign-ins
are kept out by `nologin`, which root passes, or by a program of the machine's own, called as
`/usr/lib/autosky/admit yes` or `no`: what has no PAM, such as dropbear, needs one.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from autosky_desktop.domain.text import one_line, several_lines
from autosky_desktop.server.providers.guest import Channel, GuestReading, GuestSession
from autosky_desktop.server.providers.guests.linux_script import SCRIPT
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _

FIRST, LAST = "autosky 1", "end"
SESSION_ID = re.compile(r"[0-9a-f]{8}\.[A-Za-z0-9_-]+")
TICKS = 100
"""Ticks of a process's start in a second: what Linux tells programs, on every processor."""
GONE = frozenset({"closing"})
"""States of sessions whose user has signed out, and left something running."""


class LinuxGuest:
    """The guest of a Linux machine."""

    async def read(self, channel: Channel) -> GuestReading:
        lines = await _asked(channel, "sessions")
        try:
            return _reading(lines)
        except (ValueError, KeyError, IndexError, OverflowError) as cause:
            raise _unreadable("\n".join(lines)) from cause

    async def message(self, channel: Channel, sessions: Sequence[str], text: str) -> None:
        said = several_lines(text).replace("\n", "\r\n")
        if whole := _whole(sessions):
            await _asked(channel, "message", _data(f"\r\n\a{said}\r\n"), *whole)

    async def end_sessions(self, channel: Channel, sessions: Sequence[str]) -> list[str]:
        if not (whole := _whole(sessions)):
            return []
        lines = await _asked(channel, "end_sessions", *whole)
        return [line.removeprefix("ended ") for line in lines if line.startswith("ended ")]

    async def admit(self, channel: Channel, *, allowed: bool) -> None:
        notice = _data(_(words.NOT_NOW) + "\n")
        lines = await _asked(channel, "admit", "yes" if allowed else "no", notice)
        if "unable" in lines:
            raise _no_agent(_(words.NOTHING_KEEPS_OUT), _(words.ADD_ADMIT))
        if "locked-out" in lines:
            raise _no_agent(_(words.LOCKED_OUT), _(words.USE_ROOT_OR_ADMIT))


async def _asked(channel: Channel, *words_of_it: str) -> list[str]:
    """Return the lines of the script's answer."""
    script = f"{SCRIPT}\nanswer {' '.join(words_of_it)}\n"
    completed = await channel.run(script, shell="sh")  # noqa: S604 - the name of a shell
    if completed.code:
        why = one_line(completed.err or completed.out) or f"{completed.code}"
        raise _no_agent(_(words.SCRIPT_FAILED).format(why=why))
    lines = completed.out.splitlines()
    if len(lines) < 2 or lines[0] != FIRST or lines[-1] != LAST:
        raise _unreadable(completed.out)
    return lines[1:-1]


def _reading(lines: Sequence[str]) -> GuestReading:
    kind, boot, *rest = lines[0].split()
    if kind == "logind":
        own, account = rest
        found = _of_logind(lines[1:], boot, own=own, account=account)
    elif kind == "terminals":
        found = _of_terminals(lines[1:], boot)
    else:
        raise ValueError(kind)
    return GuestReading(sessions=list(found), boot=boot)


def _of_logind(
    lines: Sequence[str], boot: str, *, own: str, account: str
) -> Iterator[GuestSession]:
    """Yield the sessions of people. Those of the account that we come as, without a terminal, are
    our own: a connection that is kept is one too.
    """
    for number, shown in _blocks(lines):
        if not shown:  # it ended between two questions
            continue
        person = shown["Class"].startswith("user") and shown["State"] not in GONE
        ours = number == own or (shown["Name"] == account and not shown["TTY"])
        if person and not ours:
            since = datetime.strptime(shown["Timestamp"], "%a %Y-%m-%d %H:%M:%S UTC")
            yield _session(f"{boot}.{number}", shown["Name"], since.replace(tzinfo=UTC))


def _blocks(lines: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for line in filter(None, lines):
        key, equals, value = line.partition("=")
        if equals:
            found[-1][1][key] = value
        else:
            word, number = line.split()
            if word != "session":
                raise ValueError(line)
            found.append((number, {}))
    return found


def _of_terminals(lines: Sequence[str], boot: str) -> Iterator[GuestSession]:
    word, booted = lines[0].split()
    if word != "booted":
        raise ValueError(lines[0])
    since_boot = datetime.fromtimestamp(int(booted), UTC)
    for line in lines[1:]:
        word, process, ticks, owner, terminal = line.split()
        if word != "leader":
            raise ValueError(line)
        if owner == "root" and not terminal.startswith("/dev/pts/"):
            continue  # what waits for somebody to sign in at a console
        since = since_boot + timedelta(seconds=int(ticks) // TICKS)
        yield _session(f"{boot}.{int(process)}-{int(ticks)}", owner, since)


def _session(number: str, account: str, since: datetime) -> GuestSession:
    if not SESSION_ID.fullmatch(number) or not account:
        raise ValueError(number)
    return GuestSession(id=number, account=one_line(account), since=since)


def _whole(sessions: Sequence[str]) -> list[str]:
    """Return the ids that may be this guest's; another is nobody's, and no word of a script."""
    return [each for each in sessions if SESSION_ID.fullmatch(each)]


def _data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _no_agent(detail: str, remedy: str = "") -> ProviderRefused:
    return ProviderRefused(detail, kind=RefusalKind.NO_AGENT, remedy=remedy)


def _unreadable(answer: str) -> ProviderRefused:
    start = one_line(answer) or _(words.NOTHING)
    return _no_agent(_(words.UNREADABLE).format(answer=start))
