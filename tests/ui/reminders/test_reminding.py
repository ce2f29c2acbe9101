"""A person is warned, answers in the notification, and hears what came of it."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import Qt

from autosky_desktop.domain.environment import Publishing
from autosky_desktop.domain.errors import AnswerLost, Offline
from autosky_desktop.store.store import Line, LineStatus
from tests.support.background import SEVEN, Kepts, Mover, Watched, a_watched_evening, stops_at
from tests.support.evening import NOW, an_environment
from tests.support.person import Person

TEN = "Preparation server stops at 19:00, in 10 min"


async def note(me: Person, it: Watched, title: str) -> str:
    """The body of the note with that title, once it is shown."""
    found = await me.until(
        lambda: next((n for n in it.notifier.notes.values() if n.title == title), None),
        f"{title} among {[n.title for n in it.notifier.ever]}",
    )
    return found.body


async def test_the_exact_time_and_the_reason_are_said_and_what_can_be_done(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening() as it:
        it.passes(17)
        body = await note(me, it, TEN)
        assert body == "ERP Production, PREP-ERP-PROD-01. Daily schedule."
        (shown,) = it.notifier.notes.values()
        words = [words for _, words in shown.buttons]
        assert words == ["Extend 1 h", "Until…", "Cancel shutdown", "Open"]
        it.passes(25)
        await note(me, it, "Preparation server stops at 19:00, in 2 min")
        assert len(it.notifier.notes) == 1, "the newer one takes the place of the older"


async def test_extending_acts_at_once_and_the_confirmed_time_is_told(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening() as it:
        mover = Mover(it.evening)
        it.passes(17)
        await note(me, it, TEN)
        it.notifier.press(TEN, "extend")
        body = await note(me, it, "PREP-ERP-PROD-01 stops at 20:00")
        assert "Confirmed by the control plane." in body
        (request,) = mover.asked
        assert (request.expected, request.to) == (SEVEN, SEVEN + timedelta(hours=1))
        it.passes(57)
        await note(me, it, "Preparation server stops at 20:00, in 30 min")


async def test_a_shorter_extension_than_wanted_is_told_as_such(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        Mover(it.evening, limit=SEVEN + timedelta(minutes=30))
        it.passes(17)
        await note(me, it, TEN)
        it.notifier.press(TEN, "extend")
        body = await note(me, it, "PREP-ERP-PROD-01 stops at 19:30")
        assert "Not 20:00: the control plane limits it." in body


async def test_what_could_not_be_done_is_told_with_its_reason(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        Mover(it.evening).error = Offline("gone")
        it.passes(17)
        await note(me, it, TEN)
        it.notifier.press(TEN, "extend")
        body = await note(me, it, "PREP-ERP-PROD-01: the shutdown was not moved")
        assert "does not answer" in body
        it.services.show_inbox()
        await me.sees("PREP-ERP-PROD-01: the shutdown was not moved")


async def test_what_was_not_answered_is_not_told_as_not_done(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        Mover(it.evening).error = AnswerLost("silence")
        it.passes(17)
        await note(me, it, TEN)
        it.notifier.press(TEN, "extend")
        body = await note(me, it, "PREP-ERP-PROD-01: the shutdown may have been moved")
        assert "No answer came. It may still be done" in body


async def test_the_rest_leads_to_the_window(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        window = it.evening.desktop.window
        window.show_tab("publish")
        for minutes, word, asked in (
            (17, "until", "Extend PREP-ERP-PROD-01 until when?"),
            (25, "cancel", "Keep PREP-ERP-PROD-01 running"),
        ):
            window.hide()
            it.passes(minutes)
            await me.until(lambda: it.notifier.notes, "a note")
            it.notifier.press(next(iter(it.notifier.notes.values())).title, word)
            assert window.isVisible()
            await me.sees(asked)
            me.key(Qt.Key.Key_Escape)
            await me.no_longer_sees(asked)
        assert window.tab == "servers"


async def test_offline_it_goes_on_and_says_since_when_nothing_was_confirmed(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening() as it:
        it.evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        it.passes(17)
        assert "Not confirmed since 18:33." in await note(me, it, TEN)


async def test_a_restart_tells_nothing_again_and_keeps_the_inbox(qloop: object, me: Person) -> None:
    kept = Kepts()
    async with a_watched_evening(kept=kept) as it:
        it.passes(17)
        await note(me, it, TEN)
    async with a_watched_evening(kept=kept) as it:
        it.passes(17.5)
        assert it.notifier.ever == []
        await me.sees("Notifications, 1 unread")
        it.passes(25)
        await note(me, it, "Preparation server stops at 19:00, in 2 min")


async def test_a_warning_of_a_moment_that_was_moved_is_taken_away(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening() as it:
        it.passes(17)
        await note(me, it, TEN)
        it.evening.show(environment=stops_at(SEVEN + timedelta(hours=3)))
        await me.until(lambda: not it.notifier.notes, "no note")
        await me.presses("Notifications, 0 unread")
        await me.sees("No notifications.")
        await me.presses("Close")


async def test_paused_reminders_wait_in_the_bell(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        it.services.pause(NOW + timedelta(hours=1))
        it.passes(17)
        await me.sees("Notifications, 1 unread")
        assert it.notifier.ever == []


async def test_where_nothing_can_be_shown_the_bell_has_it(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        it.notifier.works = False
        it.passes(17)
        await me.sees("Notifications, 1 unread")


async def test_the_inbox_shows_what_was_missed_and_extends_at_once(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening() as it:
        mover = Mover(it.evening)
        it.passes(60)
        it.evening.show(environment=stops_at(SEVEN + timedelta(hours=1)))
        await me.presses("Notifications, 2 unread")
        await me.sees("Missed: preparation server was to stop at 19:00")
        await me.sees("Preparation server stops at 20:00")
        await me.presses("Extend 1 h for PREP-ERP-PROD-01")
        await me.sees("PREP-ERP-PROD-01 stops at 21:00")
        assert len(mover.asked) == 1
        await me.presses("Close")


async def test_an_empty_inbox_says_when_one_is_told(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None):
        await me.presses("Notifications, 0 unread")
        await me.sees(
            "No notifications. You are reminded of shutdowns (60, 30, 10 and 2 minutes before), "
            "and told when a publication waits for you or has ended."
        )
        await me.presses("Close")


async def test_how_a_publication_ended_is_told(qloop: object, me: Person) -> None:
    running = Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW)
    publishing = an_environment(publishing=running)
    async with a_watched_evening(at=None) as it:
        it.evening.show(environment=publishing)
        it.evening.show(environment=an_environment(failed_version=42))
        await note(me, it, "Publication of version 42 failed at step 3")
        it.evening.show(environment=publishing)
        it.evening.show(environment=an_environment(current_version=42))
        body = await note(me, it, "Version 42 is published to ERP Production")
        assert "ERP Production" not in body, "its title names it"
        it.evening.show(environment=publishing)
        it.evening.show(environment=msgspec.structs.replace(publishing, publishing=None))
        assert len(it.notifier.ever) == 2, "one that was stopped by hand is no news"


async def test_a_hold_is_told_until_somebody_has_answered_it(qloop: object, me: Person) -> None:
    running = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOW)
    held = msgspec.structs.replace(running, waits_for_you=True)
    async with a_watched_evening(at=None) as it:
        it.evening.show(environment=an_environment(publishing=running))
        it.evening.show(environment=an_environment(publishing=held))
        await note(me, it, "Publication of version 42 waits for you")
        await me.sees("Notifications, 1 unread")
        await me.sees("Waits for you", "A publication waits for you")
        it.evening.show(environment=an_environment(publishing=held, sessions=3))
        assert len(it.notifier.ever) == 1, "it is told once"
        await me.presses("Notifications, 1 unread")
        assert me.offers("Show publication for ERP Production")
        await me.presses("Close")
        it.evening.show(environment=an_environment(publishing=running))
        await me.until(lambda: not it.notifier.notes, "the notification gone")
        await me.presses("Notifications, 0 unread")
        await me.sees("No notifications.")
        await me.presses("Close")


async def test_what_failed_while_nobody_looked_is_told_once(qloop: object, me: Person) -> None:
    failed = an_environment(failed_version=42, failed_at=NOW, failed_reason="missed")
    async with a_watched_evening(at=None) as it:
        it.evening.show(environment=failed)
        told = await note(me, it, "Publication of version 42 did not start")
        assert told.startswith("ERP Production. It could not be started in time.")
        it.evening.show(environment=msgspec.structs.replace(failed, sessions=3))
        assert len(it.notifier.ever) == 1


async def test_what_was_answered_is_not_tried_again_from_under_the_bell(
    qloop: object, me: Person
) -> None:
    running = Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW)
    async with a_watched_evening(at=None) as it:
        it.evening.show(environment=an_environment(publishing=running))
        it.evening.show(environment=an_environment(failed_version=42, failed_at=NOW))
        await note(me, it, "Publication of version 42 failed at step 3")
        await me.presses("Notifications, 1 unread")
        assert me.offers("Try again for ERP Production")
        await me.presses("Close")
        it.evening.show(environment=an_environment(publishing=running))
        it.evening.show(environment=an_environment())  # tried again, and cancelled
        await me.until(lambda: not it.notifier.notes, "the notification gone")
        await me.presses("Notifications, 0 unread")
        assert me.offers("Show details for ERP Production")
        assert not me.offers("Try again for ERP Production")
        await me.presses("Close")
