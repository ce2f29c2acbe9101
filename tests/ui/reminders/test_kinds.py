"""What is notified is chosen by its kind and by the hour; under the bell all of it is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from autosky_desktop.domain.inbox import Entry
from tests.support.background import Watched, a_watched_evening
from tests.support.evening import NOW
from tests.support.person import Person

HOUR = NOW.astimezone().hour
NOW_QUIET, LATER_QUIET = (HOUR, (HOUR + 1) % 24), ((HOUR + 1) % 24, (HOUR + 2) % 24)
KINDS = {
    "soon": "notify_shutdowns",
    "held": "notify_shutdowns",
    "moved": "notify_shutdowns",
    "published": "notify_publications",
    "failed": "notify_publications",
    "waits": "notify_holds",
}


def an_entry(news: str) -> Entry:
    return Entry(
        id=news, news=news, told_at=NOW, environment="erp-production", name="ERP Production",
        server="prep", server_name="PREP", version=42, at=NOW + timedelta(minutes=30), step=3,
    )  # fmt: skip


async def notified(it: Watched, me: Person, news: str, **settings: Any) -> list[bool]:
    """Tell of it with these settings; for each note that came, whether it had a sound."""
    it.evening.preferences.change(**settings)
    it.notifier.ever.clear()
    it.services.telling.tell(an_entry(news))
    it.services.telling.say("the last one", "", lambda: None)
    await me.until(lambda: "the last one" in [note.title for note in it.notifier.ever], "both")
    return [note.sound for note in it.notifier.ever if note.title != "the last one"]


@pytest.mark.parametrize("news", KINDS)
async def test_each_kind_has_its_own_switch(qloop: object, me: Person, news: str) -> None:
    async with a_watched_evening(at=None) as it:
        every = dict.fromkeys(KINDS.values(), False)
        assert await notified(it, me, news, **every) == []
        assert await notified(it, me, news, **{**every, KINDS[news]: True}) == [False]


@pytest.mark.parametrize("news", KINDS)
async def test_in_quiet_hours_only_what_people_wait_for_and_answers_come(
    qloop: object, me: Person, news: str
) -> None:
    async with a_watched_evening(at=None) as it:
        comes = news in ("failed", "waits", "moved")
        sounding = {"notification_sound": True}
        assert await notified(it, me, news, quiet_hours=NOW_QUIET, **sounding) == [False] * comes
        assert await notified(it, me, news, quiet_hours=LATER_QUIET, **sounding) == [True]


async def test_a_pause_holds_back_what_breaks_through_quiet_hours(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None) as it:
        until = datetime.now(UTC) + timedelta(days=4000)
        assert await notified(it, me, "failed", quiet_until=until) == []


async def test_connections_are_told_unless_not_wanted_or_quiet(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None) as it:
        told = it.evening.desktop.connections.told
        for settings in ({"notify_connections": False}, {"quiet_hours": NOW_QUIET}):
            it.evening.preferences.change(**settings)
            told.emit("ended", "", lambda: None, "")
            it.evening.preferences.change(notify_connections=True, quiet_hours=())
        told.emit("answers", "", lambda: None, "")
        await me.until(lambda: it.notifier.ever, "a note")
        assert [note.title for note in it.notifier.ever] == ["answers"]
