"""Warn of shutdowns from what is known here, and tell how publications ended.

It goes on with what was known last while the line is lost. What is told is kept before it is
said: at worst a notification is not shown, and then it waits unread in the inbox.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

import msgspec

from autosky_desktop.domain import inbox, reminders
from autosky_desktop.domain.environment import Environment, Publishing
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.domain.reminders import Watched
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.settings import Settings

log = logging.getLogger(__name__)


class Alarm(Protocol):
    """A timer by the wall clock that now and then calls back too early; None: not at all."""

    def ring_in(self, seconds: float | None) -> None: ...
    def close(self) -> None: ...


class Keeping(Protocol):
    def load(self) -> Kept: ...
    def save(self, kept: Kept) -> None: ...


class Remind:
    """Keeps reminding the person. `tell` hears every new entry once, `withdraw` each that has
    become wrong; watchers hear that the inbox changed.

    `now` is the control plane's clock as far as it is known: shutdowns happen by that one.
    """

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Settings],
        keeping: Keeping,
        alarm: Callable[[Callable[[], None]], Alarm],
        tell: Callable[[Entry], None],
        withdraw: Callable[[Entry], None],
        now: Callable[[], datetime],
    ) -> None:
        self._tell, self._withdraw = tell, withdraw
        self._store = store
        self._settings = settings
        self._keeping = keeping
        self._now = now
        self._kept = keeping.load()
        self._ahead = store.clock_ahead
        self._servers: dict[str, Watched] = {}
        self._publishing: dict[str, Publishing] = {}
        self._watchers: list[Callable[[], None]] = []
        self._alarm = alarm(self.look)

    def start(self) -> None:
        self._store.environments.watch(self._environments_changed)
        self._store.watch(self._line_changed)
        self.look()

    def close(self) -> None:
        self._store.environments.unwatch(self._environments_changed)
        self._store.unwatch(self._line_changed)
        self._alarm.close()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._kept.entries

    @property
    def waiting(self) -> list[Watched]:
        """Return the shutdowns that are still to be warned of, the nearest first."""
        now = self._now()
        coming = (it for it in self._watched() if it.minutes and it.at > now)
        return sorted(coming, key=lambda it: it.at)

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` whenever the inbox changes."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        self._watchers.remove(watcher)

    def mark_read(self, *entries: Entry) -> None:
        read = inbox.as_read(self.entries, {it.id for it in entries})
        self._keep(msgspec.structs.replace(self._kept, entries=read))

    def clear(self) -> None:
        """Forget what is in the inbox, except what still waits for somebody."""
        left = inbox.cleared(self.entries, now=self._now())
        self._keep(msgspec.structs.replace(self._kept, entries=left))

    def add(self, entry: Entry) -> None:
        """Put another entry into the inbox: an answer of the control plane."""
        self._keep(self._with(entry))

    def take_up(self) -> None:
        """Go on with what is kept now, which is that of another control plane."""
        self._kept = self._keeping.load()
        self._servers.clear()
        self._publishing.clear()
        self._show()
        self.look()

    def settings_changed(self) -> None:
        """Look again with the new settings: other minutes may change what is due now."""
        self._servers.clear()
        self._update(self._store.environments)
        self.look()

    def look(self) -> None:
        """Tell what is due, and set the alarm for what comes next."""
        now, servers = self._now(), self._watched()
        passed, memory = reminders.ended(self._kept.told, servers, self._known(), now=now)
        due, memory = reminders.due_reminders(servers, memory, now=now)
        standing = {(it.environment, it.server): it.at for it in servers}
        moot = inbox.moot(self.entries, standing, set(self._known()), now=now)
        left = tuple(it for it in self.entries if it not in moot)
        kept = msgspec.structs.replace(self._kept, told=memory, entries=left)
        new = [self._entry(it, now) for it in (*passed, *due)]
        for entry in new:
            entries = inbox.with_entry(kept.entries, entry)
            kept = msgspec.structs.replace(kept, entries=entries)
        self._keep(kept)
        coming = reminders.next_check(servers, now=now)
        self._alarm.ring_in((coming - now).total_seconds() if coming else None)
        for entry in moot:
            self._withdraw(entry)
        for entry in new:
            self._tell(entry)

    def _watched(self) -> list[Watched]:
        """Return the servers of the store; of environments it does not know, those known before."""
        known = set(self._known())
        before = (it.of for it in self._kept.told.values() if it.of.environment not in known)
        return [*self._servers.values(), *before]

    def _known(self) -> Iterable[str]:
        here = [it.id for it in self._store.environments]
        if self._store.connection.live:
            here += (it.of.environment for it in self._kept.told.values())
        return here

    def _entry(self, reminder: reminders.Reminder, now: datetime) -> Entry:
        environment = self._store.environments.get(reminder.of.environment)
        line = self._store.connection
        return inbox.entry_of(
            reminder,
            environment.name if environment else "",
            now=now,
            unconfirmed=None if line.live else line.since,
        )

    def _environments_changed(self, diff: Diff[Environment]) -> None:
        gone = [key for key in diff.removed if self._servers.pop(key, None)]
        for key in diff.removed:
            self._publishing.pop(key, None)
        told = (*diff.changed, *diff.added)
        news = [entry for it in told for entry in self._news_of(it)]
        self._see_to(told)
        if self._update(told) or gone:
            self.look()
        for entry in news:
            self.add(entry)
            self._tell(entry)

    def _see_to(self, environments: Iterable[Environment]) -> None:
        """Take away, wherever it stands, what waited for somebody and was answered."""
        by_id = {it.id: it for it in environments}
        entries, gone = inbox.seen_to(self.entries, by_id, now=self._now())
        self._keep(msgspec.structs.replace(self._kept, entries=entries))
        for entry in gone:
            self._withdraw(entry)

    def _line_changed(self) -> None:
        """Look again once the list was heard: only then is it certain what is gone."""
        ahead, self._ahead = self._ahead, self._store.clock_ahead
        certain = self._store.connection.live and len(self._kept.told) > len(self._servers)
        if certain or ahead != self._ahead:
            self.look()

    def _update(self, environments: Iterable[Environment]) -> bool:
        """Take what these say; returns whether that changes what there is to warn of."""
        settings, different = self._settings(), False
        for environment in environments:
            minutes = settings.reminders_of.get(environment.id, settings.reminders)
            found = reminders.watched(environment, minutes)
            different |= found != self._servers.pop(environment.id, None)
            if found:
                self._servers[environment.id] = found
            if environment.publishing:
                self._publishing[environment.id] = environment.publishing
        return different

    def _news_of(self, environment: Environment) -> list[Entry]:
        """Return entries for what waits for somebody there, or ended, and was not told before."""
        now, run = self._now(), self._publishing.get(environment.id)
        if not environment.publishing:
            self._publishing.pop(environment.id, None)
        known = {it.id for it in self.entries}
        news = (
            inbox.waits(environment, now=now),
            inbox.failed(environment, now=now, step=run.step if run else None),
            inbox.published(environment, run, now=now)
            if run and not environment.publishing
            else None,
        )
        return [it for it in news if it and it.id not in known]

    def _with(self, entry: Entry) -> Kept:
        entries = inbox.with_entry(self.entries, entry)
        return msgspec.structs.replace(self._kept, entries=entries)

    def _keep(self, kept: Kept) -> None:
        if kept == self._kept:
            return
        shown = kept.entries != self._kept.entries
        self._kept = kept
        self._keeping.save(kept)
        if shown:
            self._show()

    def _show(self) -> None:
        for watcher in tuple(self._watchers):
            with guarded(log, "Showing a reminder"):
                watcher()
