"""The scheduled shutdown at the window: extended, refused, limited, held, skipped, cancelled."""

import asyncio
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.servers.shutdown import strip
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    an_activity,
    an_environment,
    an_evening,
)
from tests.support.person import Person, button_named, menu_line
from tests.ui.frame.test_by_keys import press, types_in_the_palette
from tests.ui.servers.conftest import AT, DAILY, refused, show

CTRL = Qt.KeyboardModifier.ControlModifier


async def test_the_strip_changes_when_the_new_time_was_read_back(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_waits = asyncio.Event()
        await me.sees("Scheduled shutdown: today 19:00, in 26 min")
        await me.sees("Daily schedule. No publication is in the way.")
        await me.presses("Extend execution")
        await me.chooses("Extend 1 h, to 20:00")
        await me.sees("Moving to 20:00…")
        await me.sees("Scheduled shutdown: today 19:00")
        evening.plane.move_waits.set()
        await me.until(lambda: evening.plane.moved, "an answer")
        await me.sees("Moving to 20:00…")
        assert evening.plane.moved
        show(evening, replace(evening.plane.moved, moved_by="ops-admin", moved_from=AT))
        await me.sees("Scheduled shutdown: today 20:00, in 1 h 26 min")
        await me.sees("Moved from 19:00 by ops-admin.")
        assert evening.plane.asked == ["extend prep from 19:00 to 20:00"]


async def test_beside_a_daily_stop_of_another_zone_the_moment_has_its_own(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        daily = an_environment(daily_stop="16:00", time_zone="America/Sao_Paulo")
        stops = ScheduledShutdown(at=NOW + timedelta(minutes=27), reason="daily")
        evening.show(a_preparation_server(shutdown=stops), environment=daily)
        await me.sees("Scheduled shutdown: today 19:00 (UTC), in 27 min")
        await me.sees("Daily schedule, 16:00 (America/Sao_Paulo).")


async def test_what_can_be_done_about_it_is_said_in_words_where_there_is_room(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        await me.sees("Scheduled shutdown: today 19:00, in 26 min")
        buttons = [button_named(name) for name in ("Cancel scheduled shutdown", "Extend execution")]
        assert all(buttons)
        assert [it.text() for it in buttons if it] == ["Cancel…", "Extend"]
        assert [it.toolTip() for it in buttons if it] == ["", ""]
        strip = buttons[0].parentWidget()  # type: ignore[union-attr]
        strip.setFixedWidth(500)
        await me.until(lambda: strip.width() == 500, "a narrow strip")
        assert [it.text() for it in buttons if it] == ["", ""]
        assert [tip_text(it.toolTip()) for it in buttons if it] == [
            "Cancel scheduled shutdown",
            "Extend execution",
        ]
        assert button_named("Extend execution") is buttons[1]
        strip.setFixedWidth(700)
        await me.until(lambda: strip.width() == 700, "a wide strip")
        run = a_publication("succeeded", "running", "pending", state="running", ended_at=None,
                            version=42)  # fmt: skip
        show(evening, replace(DAILY, held=True, at=NOW - timedelta(minutes=1)), publications=[run])
        await me.until(lambda: me.offers("Move the shutdown after version 42"), "a way out")
        assert [it.text() for it in buttons if it] == ["", ""]


def tip_text(tip: str) -> str:
    return re.sub("<[^>]*>", "", tip)


async def test_pressed_twice_it_is_one_request(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_waits = asyncio.Event()
        evening.desktop.shutdowns.extend(ERP, 1)
        evening.desktop.shutdowns.extend(ERP, 2)
        await me.sees("Moving to 20:00…")
        assert not me.offers("Cancel scheduled shutdown")
        await me.presses("Extend execution")
        found = await me.until(lambda: menu_line("Extend 1 h, to 20:00"), "the menu")
        assert found[1].statusTip() == "Moving to 20:00…"
        await me.closes_menu()
        evening.plane.move_waits.set()
        await me.until(lambda: evening.plane.moved, "an answer")
        assert evening.plane.asked == ["extend prep from 19:00 to 20:00"]


async def test_what_came_of_it_is_announced(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        strip, "announce", lambda _widget, text, *, assertive=False: said.append((text, assertive))
    )
    async with an_evening() as evening:
        show(evening)
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.until(lambda: said, "an announcement")
        show(evening, evening.plane.moved)
        evening.plane.move_error = Offline()
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.until(lambda: len(said) > 1, "another")
    assert said[0] == ("PREP-ERP-PROD-01 stops at 20:00.", False)
    assert said[1] == ("The control plane does not answer. Try again when it is connected.", True)


async def test_a_time_granted_in_part_is_said(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.longest = AT + timedelta(minutes=30)
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.until(lambda: evening.plane.moved, "an answer")
        show(evening, evening.plane.moved)
        await me.sees("The shutdown is at 19:30, not 20:00, as the control plane limits it.")
        await me.sees("Scheduled shutdown: today 19:30")
        show(evening, replace(DAILY, at=AT + timedelta(hours=1)))
        await me.no_longer_sees("as the control plane limits it")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            refused(Code.SHUTDOWN_MOVED, at=AT + timedelta(hours=2)),
            "moved to 21:00 in the meantime",
        ),
        (refused(Code.SHUTDOWN_LIMIT, at=AT), "allows no shutdown later than 19:00"),
        (Offline(), "The control plane does not answer."),
    ],
)
async def test_a_refusal_is_one_sentence_in_the_strip(
    qloop: object, me: Person, error: Exception, sentence: str
) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.plane.move_error = error
        evening.desktop.shutdowns.extend(ERP, 1)
        await me.sees(sentence)
        await me.sees("Scheduled shutdown: today 19:00")
        assert me.offers("Extend execution")


async def test_what_goes_beyond_the_limit_says_how_far_it_may_go(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, environment=an_environment(longest_extension_hours=2))
        await me.presses("Extend execution")
        near = await me.until(lambda: menu_line("Extend 1 h, to 20:00"), "an hour")
        far = await me.until(lambda: menu_line("Extend 2 h, to 21:00"), "two hours")
        assert near[1].isEnabled()
        assert not far[1].isEnabled()
        assert far[1].statusTip() == "At most 2 h from now is allowed: until 20:33."
        await me.closes_menu()


async def test_offline_the_buttons_say_why_they_are_grey(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Not confirmed since 18:33.")
        for name in ("Cancel scheduled shutdown", "Extend execution"):
            assert button_named(name) is None
        evening.store.set_connection(LineStatus(Line.LIVE, NOW))
        await me.until(lambda: me.offers("Extend execution"), "the button")


async def test_none_scheduled_offers_nothing(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, None)
        await me.sees("Scheduled shutdown: none")
        assert not me.offers("Extend execution")
        assert not me.offers("Cancel scheduled shutdown")


async def test_a_shutdown_inside_a_publication_can_be_moved_behind_it(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        run = a_publication("succeeded", "running", "pending", state="running", ended_at=None,
                            version=42)  # fmt: skip
        show(evening, replace(DAILY, held=True, at=NOW - timedelta(minutes=1)), publications=[run])
        await me.sees("Held until the publication of version 42 has ended.")
        await me.presses("Move the shutdown after version 42")
        await me.until(lambda: evening.plane.asked, "a request")
        assert evening.plane.asked == ["extend prep from 18:32 to 19:45"]


async def test_a_publication_that_ends_before_is_not_in_the_way(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        run = a_publication("succeeded", "running", "pending", state="running", ended_at=None,
                            id="now", version=42)  # fmt: skip
        old = [a_publication(id=f"old{n}") for n in range(3)]
        show(evening, publications=[run, *old])
        await me.sees("Daily schedule.")
        assert not me.offers("Move the shutdown after version 42")
        show(evening, replace(DAILY, at=NOW + timedelta(minutes=2)), publications=[run, *old])
        await me.sees("Falls within the publication of version 42")
        assert me.offers("Move the shutdown after version 42")


async def test_what_was_not_heard_is_asked_again_as_the_same_request(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []

    async def unheard(_server: str, _request: object, *, key: str) -> None:
        keys.append(key)
        raise Offline

    async with an_evening() as evening:
        show(evening)
        monkeypatch.setattr(evening.plane, "move_shutdown", unheard)
        for number in (1, 2):
            evening.desktop.shutdowns.extend(ERP, 1)
            await me.until(lambda wanted=number: len(keys) == wanted, "a request")
            await me.sees("The control plane does not answer.")
        assert keys[0] == keys[1]


async def test_the_extend_menu_opens_by_its_key_on_any_tab(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening)
        await me.opens_tab("Activity")
        me.key(Qt.Key.Key_E, CTRL)
        await me.chooses("Extend 2 h, to 21:00")
        await me.until(lambda: evening.plane.asked, "a request")
        assert "extend prep from 19:00 to 21:00" in evening.plane.asked


async def cancelled(evening: Evening, me: Person) -> None:
    """Somebody has just cancelled it here."""
    show(evening)
    evening.desktop.shutdowns.cancel(ERP)
    await me.presses("Cancel all shutdowns")
    await me.until(lambda: evening.plane.asked == ["cancel prep from 19:00"], "the request")
    show(evening, None)
    await me.sees("No shutdown scheduled")


async def test_the_keyboard_stays_at_the_shutdown_that_was_cancelled(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        show(evening)
        await me.sees("Scheduled shutdown: today 19:00")
        button = await me.until(lambda: button_named("Cancel scheduled shutdown"), "the button")
        button.setFocus()
        await cancelled(evening, me)
        window = evening.desktop.window
        again = "Restore the shutdown at 19:00"
        undo = await me.until(lambda: button_named(again), "the way back")
        await me.until(lambda: window.focusWidget() is undo, "the keyboard there")


async def test_what_was_cancelled_by_mistake_is_had_again(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        await me.presses("Restore the shutdown at 19:00")
        await me.sees("Scheduling a shutdown at 19:00…")
        await me.until(lambda: evening.plane.asked[1:] == ["set prep to 19:00"], "the request")
        show(evening, ScheduledShutdown(at=AT, reason="moved", moved_by="ana"))
        await me.sees("Scheduled shutdown: today 19:00")
        await me.sees("Set by ana.")
        assert not me.offers("Set a shutdown time")


async def test_a_shutdown_that_was_skipped_by_mistake_is_had_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        daily = an_environment(daily_stop="19:00")
        show(evening, DAILY, environment=daily)
        await me.presses("Cancel scheduled shutdown")
        await me.presses("Cancel tonight's shutdown")
        await me.until(lambda: evening.plane.asked == ["skip prep from 19:00"], "the request")
        skipped = ScheduledShutdown(at=AT + timedelta(days=1), reason="moved", moved_by="ana")
        show(evening, skipped, environment=daily)
        await me.sees("Scheduled shutdown: Wed 25 Nov 19:00")
        assert not me.offers("Set a shutdown time")
        assert me.offers("Extend execution")
        await me.presses("Restore the shutdown at 19:00")
        await me.until(
            lambda: evening.plane.asked[1:] == ["set prep from 19:00 to 19:00"], "the request"
        )
        show(evening, DAILY, environment=daily)
        await me.sees("Scheduled shutdown: today 19:00")
        await me.no_longer_sees("Restore the shutdown at 19:00")


async def test_what_was_skipped_and_then_moved_is_not_had_again(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        tomorrow = AT + timedelta(days=1)
        entry = an_activity(
            kind="skip-shutdown", target="PREP-ERP-PROD-01", moved_from=AT, moved_to=tomorrow
        )
        evening.store.details(ERP).activity.replace([entry])
        show(evening, ScheduledShutdown(at=tomorrow, reason="moved", moved_by="bea"))
        await me.sees("Restore the shutdown at 19:00")
        show(evening, ScheduledShutdown(at=tomorrow + timedelta(hours=1), reason="moved"))
        await me.no_longer_sees("Restore the shutdown at 19:00")


async def test_what_was_moved_since_is_not_had_again_as_it_was_before(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        await me.presses("Restore the shutdown at 19:00")
        await me.until(lambda: evening.plane.asked[1:] == ["set prep to 19:00"], "the request")
        show(evening, ScheduledShutdown(at=AT, reason="moved", moved_by="ana"))
        await me.sees("Scheduled shutdown: today 19:00")
        show(evening, None)  # somebody else cancelled another one meanwhile
        await me.sees("No shutdown scheduled")
        assert not me.offers("Restore the shutdown at 19:00")


async def test_another_time_is_set_instead(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        await me.presses("Set a shutdown time")
        await me.types("Stop at", "21:15")
        await me.sees("It runs until <b>21:15</b> and then stops by itself.")
        await me.presses("Stop at 21:15")
        await me.until(lambda: evening.plane.asked[1:] == ["set prep to 21:15"], "the request")


async def test_a_server_that_always_ran_without_one_can_have_one(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        show(evening, None)
        await me.sees("No shutdown scheduled")
        assert not me.offers("Restore the shutdown at")
        me.key(Qt.Key.Key_E, CTRL)
        await me.sees("It runs until <b>")
        await me.types("Stop at", "tomorrow 07:00")
        await me.sees("At most 12 h from now is allowed: until tomorrow 06:33.")
        await me.presses("Let it run")


async def test_who_looks_later_sees_that_somebody_cancelled_it(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        entry = an_activity(
            kind="cancel-shutdown", target="PREP-ERP-PROD-01", moved_from=AT, by="bea"
        )
        evening.store.details(ERP).activity.replace([entry])
        show(evening, None)
        await me.sees("Restore the shutdown at 19:00")
        evening.store.details(ERP).activity.replace([replace(entry, moved_from=NOW)])
        show(evening, None)
        await me.no_longer_sees("Restore the shutdown at")


async def test_the_menu_of_the_card_and_the_palette_offer_it_too(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.until(lambda: menu_line("Restore the shutdown at 19:00"), "the line")
        assert menu_line("Set a shutdown time…")
        await me.closes_menu()
        for command in ("set a shutdown", "undo the cancelled"):
            await types_in_the_palette(me, command)
            await press(Qt.Key.Key_Return)
            await me.no_longer_sees("Command palette")
            if command.startswith("set"):
                await me.presses("Let it run")
        await me.until(lambda: evening.plane.asked[1:] == ["set prep to 19:00"], "the request")


async def test_a_stopped_server_has_nothing_to_undo(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        evening.show(a_preparation_server(status="stopped", shutdown=None))
        assert evening.desktop.shutdowns.moves.undoable(ERP) is None
        assert not evening.desktop.shutdowns.moves.runs_without(ERP)
