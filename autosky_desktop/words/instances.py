"""The instances of an environment in a line: how many run, and with how many sessions."""

from autosky_desktop.words import counts
from autosky_desktop.words.language import ngettext

MANY = 2
"""The number that stands for one that is not known: it has the plural."""


def still_on(sessions: int, versions: str) -> str:
    """Say how many sessions are on instances of other versions than the current one."""
    text = ngettext(
        "{sessions} is still on version {version}",
        "{sessions} are still on version {version}",
        sessions,
    )
    return text.format(sessions=counts.sessions(sessions), version=versions)


def spoken(running: int, sessions: int | None, version: int | None) -> str:
    """Tell a screen reader of all instances."""
    text = ngettext(
        "Instances: {n} running, {sessions} session, version {version}",
        "Instances: {n} running, {sessions} sessions, version {version}",
        MANY if sessions is None else sessions,
    )
    return text.format(n=running, sessions=_or_none(sessions), version=version)


def in_one_line(running: int, sessions: int | None, version: int | None) -> str:
    """Tell of all instances in one line, as HTML."""
    text = ngettext(
        "<b>{n}</b> running &nbsp; <b>{s}</b> session &nbsp; version <b>{v}</b>",
        "<b>{n}</b> running &nbsp; <b>{s}</b> sessions &nbsp; version <b>{v}</b>",
        MANY if sessions is None else sessions,
    )
    return text.format(n=running, s=_or_none(sessions), v=version)


def _or_none(number: int | None) -> int | str:
    return "–" if number is None else number
