"""The way from an entry of the inbox to a notification, and from its buttons to what they do."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from autosky_desktop.actions.reminders.answers import ReminderAnswers
from autosky_desktop.domain.inbox import ANSWERS, BREAKS_THROUGH, Entry, News, is_quiet
from autosky_desktop.system.notifications import Note, Notifier
from autosky_desktop.system.settings import Settings
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.words import reminding
from autosky_desktop.words.connecting_menu import in_the_way
from autosky_desktop.words.labels import reminders as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import SessionsOn

URGENT = timedelta(minutes=10)

_KIND: Mapping[News, str] = {
    News.PUBLISHED: "notify_publications",
    News.FAILED: "notify_publications",
    News.WAITS: "notify_holds",
}
"""The setting that each follows; the others are about shutdowns."""

Fallback = Callable[[Note, Callable[[], None]], None]


class ReminderNotifications:
    """Shows entries as notifications. One that the system cannot show goes to `fallback`, which
    knows no buttons.

    While reminders are paused they go to the inbox alone; answers are shown all the same.
    """

    def __init__(
        self,
        notifier: Notifier,
        answering: ReminderAnswers,
        settings: Callable[[], Settings],
        sessions: "SessionsOn",
        fallback: Fallback,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        self._sessions, self._fallback = sessions, fallback
        self._notifier = notifier
        self._answering = answering
        self._settings = settings
        self._tasks = tasks
        self._now = now

    def tell(self, entry: Entry) -> None:
        """Show the entry as a notification, unless the person wants to hear of nothing now."""
        settings, news = self._settings(), News(entry.news)
        if not getattr(settings, _KIND.get(news, "notify_shutdowns")):
            return
        paused = settings.quiet_until is not None and settings.quiet_until > self._now()
        quiet = self._is_quiet() and news not in BREAKS_THROUGH
        if news in ANSWERS or not (paused or quiet):
            self._tasks.spawn(self._show(entry), name="notification")

    def withdraw(self, entry: Entry) -> None:
        """Take the notification away: what it says is not so any more."""
        self._tasks.spawn(self._notifier.clear(_key(entry)), name="notification")

    def say(self, title: str, body: str, clicked: Callable[[], None], button: str = "") -> None:
        """Show something that is no entry of the inbox; a `button` does what a click does."""
        buttons = (("go", button),) if button else ()
        note = Note(key="window", title=title, body=body, buttons=buttons)
        self._tasks.spawn(self._send(note, lambda _word: clicked()), name="notification")

    def say_of_connection(
        self, title: str, body: str, clicked: Callable[[], None], button: str = ""
    ) -> None:
        """Say how a connection ended or that a server answers, unless that is not wanted."""
        if self._settings().notify_connections and not self._is_quiet():
            self.say(title, body, clicked, button)

    def _is_quiet(self) -> bool:
        return is_quiet(self._settings().quiet_hours, self._now())

    async def close(self) -> None:
        await self._notifier.close()

    async def _show(self, entry: Entry) -> None:
        now = self._now()
        note = Note(
            key=_key(entry),
            title=reminding.title(entry, now),
            body=self._body(entry, now),
            buttons=tuple(buttons(entry, now)),
            urgent=bool(entry.at and now < entry.at <= now + URGENT)
            or News(entry.news) is News.WAITS,
        )
        await self._send(note, lambda word: self._answering.act(word, entry))

    def _body(self, entry: Entry, now: datetime) -> str:
        """Add to the body what is open on that server, when it stops soon."""
        text = reminding.body(entry, now)
        if News(entry.news) is not News.SOON or entry.at is None:
            return text
        open_ = (it.request for it in self._sessions(entry.server))
        return f"{text} {in_the_way(open_, entry.at, now)}".rstrip()

    async def _send(self, note: Note, pressed: Callable[[str], None]) -> None:
        sound = self._settings().notification_sound and not self._is_quiet()
        note = msgspec.structs.replace(note, sound=sound)
        if not await self._notifier.show(note, pressed):
            self._fallback(note, lambda: pressed(""))


def buttons(entry: Entry, now: datetime) -> list[tuple[str, str]]:
    """List what can be done about an entry: for each button a word for us, and the words on it."""
    news = News(entry.news)
    if news is News.SOON and entry.at and entry.at > now:
        return [
            ("extend", _(labels.EXTEND_1_H)),
            ("until", _(labels.UNTIL)),
            ("cancel", _(labels.CANCEL_SHUTDOWN)),
            ("open", _(labels.OPEN)),
        ]
    if news is News.WAITS:
        return [("publish", _(labels.SHOW_PUBLICATION))]
    if news is News.FAILED and not entry.answered:
        return [
            ("details", _(labels.SHOW_DETAILS)),
            ("retry", _(labels.TRY_AGAIN)),
        ]
    if news in (News.PUBLISHED, News.FAILED):
        return [("details", _(labels.SHOW_DETAILS))]
    return [("open", _(labels.OPEN))]


def _key(entry: Entry) -> str:
    """Return the key of its place, which all warnings of one server share, as do the answers."""
    news = News(entry.news)
    if news in (News.PUBLISHED, News.FAILED, News.WAITS):
        return f"run-{entry.environment}"
    server = f"{entry.environment}/{entry.server}"
    return f"answer-{server}" if news in ANSWERS else server
