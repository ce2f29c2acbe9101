"""The answers to a reminder, wherever it is shown; what came of them is told as well."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from autosky_desktop.domain.errors import AutoskyError, may_be_done
from autosky_desktop.domain.inbox import Entry, News
from autosky_desktop.domain.server import Server, ShutdownMove, ShutdownRequest
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.words import reminding
from autosky_desktop.words.errors import sentence

HOUR = timedelta(hours=1)

Move = Callable[[str, ShutdownRequest], Awaitable[Server | None]]
"""Asks for another moment in an environment. The server as it was read back; None: one that was
asked for before is still under way."""


class Windows(Protocol):
    """The places in the window to which an answer can lead, by the id of an environment."""

    def show_servers(self, environment: str) -> None: ...

    def show_publication(self, environment: str, version: int | None) -> None: ...

    def publish(self, environment: str) -> None: ...

    def retry_publication(self, environment: str, version: int | None) -> None: ...

    def extend_until(self, environment: str) -> None: ...

    def cancel_shutdown(self, environment: str) -> None: ...


class ReminderAnswers:
    """Carries out a person's answer to a reminder. `tell` is called with what the control plane
    answered.
    """

    def __init__(
        self,
        move: Move,
        windows: Windows,
        tell: Callable[[Entry], None],
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        self.windows = windows
        self._move = move
        self._tell = tell
        self._tasks = tasks
        self._now = now

    def act(self, word: str, entry: Entry) -> None:
        """Do what the button with that word says; without a word, show what the entry is about."""
        if word == "extend":
            self.extend(entry)
        elif word == "until":
            self.windows.extend_until(entry.environment)
        elif word == "cancel":
            self.windows.cancel_shutdown(entry.environment)
        elif word == "publish" or News(entry.news) is News.WAITS:
            self.windows.publish(entry.environment)
        elif word == "retry":
            self.windows.retry_publication(entry.environment, entry.version)
        elif word == "details" or News(entry.news) in (News.PUBLISHED, News.FAILED):
            self.windows.show_publication(entry.environment, entry.version)
        else:
            self.windows.show_servers(entry.environment)

    def extend(self, entry: Entry) -> None:
        """Extend the shutdown by an hour, at once. Two presses are one extension."""
        if entry.at is not None:
            self._tasks.spawn(self._extend(entry, entry.at), name="extend")

    async def _extend(self, entry: Entry, expected: datetime) -> None:
        request = ShutdownRequest(move=ShutdownMove.EXTEND, expected=expected, to=expected + HOUR)
        try:
            if server := await self._move(entry.environment, request):
                self._tell(self._moved(entry, server, expected + HOUR))
        except AutoskyError as error:
            news = News.UNANSWERED if may_be_done(error) else News.REFUSED
            self._tell(self._answer(entry, news, sentence(error, self._now()), expected))

    def _moved(self, entry: Entry, server: Server, wanted: datetime) -> Entry:
        at = server.shutdown.at if server.shutdown else None
        return self._answer(entry, News.MOVED, reminding.answered(server, wanted, self._now()), at)

    def _answer(self, entry: Entry, news: News, text: str, at: datetime | None) -> Entry:
        now = self._now()
        return Entry(
            id=f"{news}-{entry.environment}/{entry.server}-{now.timestamp():.3f}",
            news=news.value,
            told_at=now,
            environment=entry.environment,
            name=entry.name,
            server=entry.server,
            server_name=entry.server_name,
            at=at,
            text=text,
        )
