"""The inbox: what the person at this computer was told, newest first, and what of it was read."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from autosky_desktop.domain.environment import Environment, Publishing
from autosky_desktop.domain.reminders import Kind, Reminder, WarningsGiven
from autosky_desktop.domain.wire import Word

MOST = 100
"""Entries kept: the oldest go first, unless they still wait for somebody."""


class News(Word):
    """The kind of an entry: a reminder, an answer to one, or a publication that waits or ended."""

    SOON = "soon"
    HELD = "held"
    MISSED = "missed"
    MOVED = "moved"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    PUBLISHED = "published"
    FAILED = "failed"
    WAITS = "waits"
    UNKNOWN = "unknown"


ANSWERS = (News.MOVED, News.REFUSED, News.UNANSWERED)
"""What an answer to a reminder may be."""


BREAKS_THROUGH = (News.WAITS, News.FAILED)
"""What is told in quiet hours too: users may stand before it until somebody answers."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the inbox.

    `told_at` is when; `at` the moment of the shutdown it is about. `unconfirmed` is since when
    the control plane had not been heard then. `text` is the sentence of an answer,
    or what the provider said of a failure, and `reason` a word why. `answered`:
    nothing is to be done about it any more.
    """

    id: str
    news: str
    told_at: datetime
    environment: str
    name: str
    server: str = ""
    server_name: str = ""
    at: datetime | None = None
    ahead: int = 0
    reason: str = ""
    unconfirmed: datetime | None = None
    version: int | None = None
    step: int | None = None
    text: str = ""
    read: bool = False
    answered: bool = False


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The state that a restart must not lose: what was told, and what is in the inbox."""

    told: dict[str, WarningsGiven] = {}
    entries: tuple[Entry, ...] = ()


def is_quiet(hours: Sequence[int], now: datetime) -> bool:
    """Return whether it is within the hours, from the first to the second, which may be one of the
    next day. They are those of this computer's clock.
    """
    if len(hours) != 2:
        return False
    (begin, end), hour = hours, now.astimezone().hour
    return begin <= hour < end if begin <= end else hour >= begin or hour < end


def entry_of(
    reminder: Reminder, name: str, *, now: datetime, unconfirmed: datetime | None = None
) -> Entry:
    """Return the entry for a reminder; `name` is the environment's."""
    of = reminder.of
    return Entry(
        id=f"{reminder.kind}-{of.key}-{of.at.timestamp():.0f}-{reminder.ahead}",
        news=reminder.kind,
        told_at=now,
        environment=of.environment,
        name=name,
        server=of.server,
        server_name=of.name,
        at=of.at,
        ahead=reminder.ahead,
        reason=of.reason,
        unconfirmed=unconfirmed,
    )


def with_entry(entries: Iterable[Entry], new: Entry) -> tuple[Entry, ...]:
    """Return the entries with `new` on top. A warning replaces the last one of the same server."""
    rest = (it for it in entries if it.id != new.id and not _replaces(new, it))
    every = (new, *rest)
    waiting = (it for it in every[MOST:] if waits_for_somebody(it, now=new.told_at))
    return (*every[:MOST], *waiting)


def moot(
    entries: Iterable[Entry],
    standing: Mapping[tuple[str, str], datetime],
    known: Container[str],
    *,
    now: datetime,
) -> list[Entry]:
    """Return warnings of a shutdown to come that no longer stands, so that they would mislead.

    `standing` are the shutdowns by environment and server, as far as these are `known`.
    """
    return [
        it
        for it in entries
        if it.news == News.SOON
        and it.environment in known
        and it.at
        and it.at > now
        and standing.get((it.environment, it.server)) != it.at
    ]


def waits(environment: Environment, *, now: datetime) -> Entry | None:
    """Return the entry for a publication that waits for somebody; None if none does."""
    run = environment.publishing
    if run is None or not run.waits_for_you:
        return None
    return _of_publication(News.WAITS, environment, run.version, run.since, now)


def failed(environment: Environment, *, now: datetime, step: int | None = None) -> Entry | None:
    """Return the entry for a publication that failed; `step` is its last known step, used if the
    environment tells none.
    """
    if environment.failed_version is None or environment.publishing:
        return None
    version, at = environment.failed_version, environment.failed_at
    entry = _of_publication(News.FAILED, environment, version, at, now)
    return msgspec.structs.replace(
        entry,
        step=environment.failed_step or step,
        reason=environment.failed_reason or "",
        text=environment.failed_detail or "",
    )


def published(environment: Environment, run: Publishing, *, now: datetime) -> Entry | None:
    """Return the entry for the version that ran until now; None if it failed or was stopped."""
    if environment.current_version != run.version or environment.failed_version == run.version:
        return None
    return _of_publication(News.PUBLISHED, environment, run.version, run.since, now)


def seen_to(
    entries: Iterable[Entry], environments: Mapping[str, Environment], *, now: datetime
) -> tuple[tuple[Entry, ...], list[Entry]]:
    """Split the entries into those that stay, and those that no longer wait for anybody.

    That something failed stays told, as answered: it is not tried again from there.
    """
    left: list[Entry] = []
    gone: list[Entry] = []
    for it in entries:
        environment = environments.get(it.environment)
        if environment is None or it.answered or it.news not in (News.WAITS, News.FAILED):
            left.append(it)
            continue
        standing = (waits if it.news == News.WAITS else failed)(environment, now=now)
        if standing and standing.id == it.id:
            left.append(it)
            continue
        gone.append(it)
        if it.news == News.FAILED:
            left.append(msgspec.structs.replace(it, answered=True))
    return tuple(left), gone


def as_read(entries: Iterable[Entry], ids: Container[str]) -> tuple[Entry, ...]:
    """Return the entries, with those of these ids marked as read."""
    return tuple(msgspec.structs.replace(it, read=True) if it.id in ids else it for it in entries)


def waits_for_somebody(entry: Entry, *, now: datetime) -> bool:
    """Return whether something is still to be done about the entry, so that it must stay."""
    news = News(entry.news)
    if news is News.SOON:
        return entry.at is not None and entry.at > now
    return news is News.WAITS or (news is News.FAILED and not entry.answered)


def cleared(entries: Iterable[Entry], *, now: datetime) -> tuple[Entry, ...]:
    """Return the entries that stay when somebody clears the list."""
    return tuple(it for it in entries if waits_for_somebody(it, now=now))


def unread(entries: Iterable[Entry]) -> int:
    return sum(not it.read for it in entries)


def _of_publication(
    news: News, environment: Environment, version: int, at: datetime | None, now: datetime
) -> Entry:
    """Return an entry about a publication; `at` tells two publications of one version apart."""
    return Entry(
        id=f"{news}-{environment.id}-{version}-{at.timestamp() if at else 0:.0f}",
        news=news.value,
        told_at=now,
        environment=environment.id,
        name=environment.name,
        version=version,
    )


def _replaces(new: Entry, old: Entry) -> bool:
    same = (new.environment, new.server) == (old.environment, old.server)
    about_the_same = same and bool(new.server)
    return about_the_same and new.news in (Kind.SOON, Kind.HELD) and old.news == Kind.SOON
