"""The sentences about instances and the people on them, and about ending their sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from autosky_desktop.domain.environment import Environment, InstanceLoad
from autosky_desktop.domain.session import Session, SessionList, SessionsEnded
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.question import Ask, Consequence
from autosky_desktop.words.times import clock, clock_or_moment

NAMED = 8
"""Accounts that a question names; the others are counted."""
MANY = 2
"""The number that stands for one that is not known: it has the plural."""


def read(found: SessionList, shown: int) -> str:
    """Say how many sessions were read and when: 37 sessions, read 18:33:11. It also says how many
    are shown.
    """
    at = clock(found.read_at, seconds=True)
    if not found.sessions:
        return _("No session is open, read {time}.").format(time=at)
    number = len(found.sessions)
    text = ngettext("{n} session, read {time}.", "{n} sessions, read {time}.", number)
    if shown < number:
        text = ngettext(
            "{shown} of {n} session, read {time}.", "{shown} of {n} sessions, read {time}.", number
        )
    return text.format(n=number, shown=shown, time=at)


def question(chosen: Sequence[Session], environment: str) -> str:
    if len(chosen) == 1:
        text = _("End the session of {account} in {environment}?")
        return text.format(account=chosen[0].account, environment=environment)
    number = len(chosen)
    text = ngettext(
        "End {n} session in {environment}?", "End {n} sessions in {environment}?", number
    )
    return text.format(n=number, environment=environment)


def end(number: int) -> str:
    """Name the button that ends so many sessions: End session, End 3 sessions."""
    if number == 1:
        return _("End session")
    return ngettext("End {n} session", "End {n} sessions", number).format(n=number)


def result(came: SessionsEnded, accounts: Mapping[str, str]) -> str:
    """Say what came of ending sessions: 2 sessions ended. Already gone: ana."""
    number = len(came.ended)
    said = ngettext("{n} session ended.", "{n} sessions ended.", number).format(n=number)
    if not came.gone:
        return said
    names = ", ".join(sorted(accounts.get(key, key) for key in came.gone))
    gone = _("Already gone: {accounts}.").format(accounts=names)
    return f"{said} {gone}" if number else gone


def since(session: Session, now: datetime) -> str:
    """Return the time of sign-in: 18:02, or Mon 23 Nov 18:02 when that was another day."""
    return clock_or_moment(session.since, now=now)


def ask(environment: Environment, chosen: Sequence[Session]) -> Ask:
    """Word the question before sessions are ended."""
    named = ", ".join(escape(it.account) for it in chosen[:NAMED])
    if rest := len(chosen) - NAMED if len(chosen) > NAMED else 0:
        named = _("{accounts} and {n} more").format(accounts=named, n=rest)
    number = len(chosen)
    ends = Consequence(
        "users",
        "bad",
        ngettext(
            "<b>{n} session</b> ends at once: {accounts}.",
            "<b>{n} sessions</b> end at once: {accounts}.",
            number,
        ).format(n=number, accounts=named),
        _("Users get no warning. Unsaved work in them is lost."),
    )
    stays = Consequence(
        "layers",
        "ok",
        _("The instances keep running; users can sign in again."),
    )
    return Ask(
        _("End sessions"),
        question(chosen, environment.name),
        (ends, stays),
        end(number),
        _("Ending…"),
        hurts=True,
    )


def no_instance(environment: Environment | None) -> str:
    """Say that no instance is running, and what starts some."""
    if environment and environment.wanted_instances:
        return _(labels.A_PUBLICATION_STARTS_THEM)
    return _(labels.NO_INSTANCE_IS_RUNNING)


def still_on(sessions: int, versions: str) -> str:
    """Say how many sessions are on instances of other versions than the current one."""
    text = ngettext(
        "{n} session is still on version {version}",
        "{n} sessions are still on version {version}",
        sessions,
    )
    return text.format(n=sessions, version=versions)


def on_version(sessions: int, versions: str) -> str:
    """Say in short how many sessions are on instances of other versions."""
    text = ngettext(
        "{n} session on version {version}", "{n} sessions on version {version}", sessions
    )
    return text.format(n=sessions, version=versions)


def spoken(running: int, sessions: int | None, version: int | None) -> str:
    """Tell a screen reader of all instances."""
    text = ngettext(
        "Instances: {n} running, {sessions} session, version {version}",
        "Instances: {n} running, {sessions} sessions, version {version}",
        MANY if sessions is None else sessions,
    )
    return text.format(n=running, sessions=_or_none(sessions), version=_or_none(version))


def in_one_line(running: int, sessions: int | None, version: int | None) -> str:
    """Tell of all instances in one line, as HTML."""
    text = ngettext(
        "<b>{n}</b> running &nbsp; <b>{s}</b> session &nbsp; version <b>{v}</b>",
        "<b>{n}</b> running &nbsp; <b>{s}</b> sessions &nbsp; version <b>{v}</b>",
        MANY if sessions is None else sessions,
    )
    return text.format(n=running, s=_or_none(sessions), v=_or_none(version))


def _or_none(number: int | None) -> int | str:
    return "–" if number is None else number


def load(told: InstanceLoad | None) -> str | None:
    """Return how busy an instance is: processors, then memory; None where nothing is told."""
    if told is None or (told.cpu is None and told.memory is None):
        return None
    return _("{cpu} / {memory}").format(cpu=_percent(told.cpu), memory=_percent(told.memory))


def load_in_full(told: InstanceLoad | None) -> str:
    """Say how busy an instance is, for people who listen."""
    if told is None or (told.cpu is None and told.memory is None):
        return _("How busy it is, is unknown")
    unknown = _("unknown")
    cpu = unknown if told.cpu is None else _percent(told.cpu)
    memory = unknown if told.memory is None else _percent(told.memory)
    return _("CPU {cpu}, memory {memory}").format(cpu=cpu, memory=memory)


def _percent(value: float | None) -> str:
    return "–" if value is None else _("{n} %").format(n=round(value))
