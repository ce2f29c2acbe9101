"""Which zone a moment is in, as it is shown."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox
from tzlocal import reload_localzone

from autosky_desktop.domain.local_time import UTC_NAMES
from autosky_desktop.domain.publication import Check
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.ui.publish.schedule.move_dialog import MoveDialog
from autosky_desktop.ui.publish.schedule.zones import ZoneSelect
from autosky_desktop.words import times
from tests.support.evening import NOW, a_preparation_server, an_environment, an_evening
from tests.support.person import Person, texts, visible
from tests.ui.publish.form.test_forms import open_form
from tests.ui.publish.run.test_runs import a_scheduled, tell


async def test_the_zone_of_a_deadline_can_be_read_whole(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="America/Sao_Paulo"))
        await open_form(me, "Keep users connected")
        await me.presses("Ask those left to reconnect at a set time")
        [zone] = list(visible(ZoneSelect))
        text = zone.currentText()
        assert text == "America/Sao_Paulo (UTC\N{MINUS SIGN}3)"
        assert zone.toolTip() == text
        needs = zone.fontMetrics().horizontalAdvance(text)
        await me.until(lambda: room_of(zone) >= needs, "room for all of it")


def room_of(select: ZoneSelect) -> int:
    """Pixels that its text has."""
    option = QStyleOptionComboBox()
    select.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    style = select.style()
    return style.subControlRect(style.ComplexControl.CC_ComboBox, option, field, select).width()


@pytest.mark.parametrize("here", ["BRT3", "<-03>3", "Mars/Olympus", "posix", "", "Etc/Zulu"])
async def test_what_is_no_zone_is_not_offered_and_breaks_nothing(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    monkeypatch.setattr("autosky_desktop.ui.publish.schedule.zones.zone", lambda: here)
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="Mars/Olympus"))
        await open_form(me, "Scheduled")
        [select] = list(visible(ZoneSelect))
        assert [select.itemData(at) for at in range(select.count())] == ["UTC"]
        await me.sees("Runs today at 22:00")


async def test_utc_is_offered_once(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="Etc/UTC"))
        await open_form(me, "Scheduled")
        [select] = list(visible(ZoneSelect))
        assert select.zone == "UTC"
        select.showPopup()
        offered = [select.itemData(at) for at in range(select.count())]
        select.hidePopup()
        assert len(offered) == len(set(offered)) > 400
        assert [it for it in offered if it in UTC_NAMES] == ["UTC"]


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer's clock shows the time of Berlin."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    reload_localzone()
    yield
    monkeypatch.undo()
    time.tzset()
    reload_localzone()


async def test_a_time_of_another_zone_says_so_wherever_it_stands(
    qloop: object, me: Person, berlin: None
) -> None:
    there = "America/Sao_Paulo"
    async with an_evening() as evening:
        clash = Check(code="schedule-clash", level="warn", at=NOW + timedelta(minutes=197))
        evening.plane.shown = replace(evening.plane.shown, checks=[clash])
        evening.show(environment=an_environment(time_zone=there))
        await open_form(me, "Scheduled")
        await me.sees(f"Runs today at 22:00 ({there}), in 6 h 26 min.")
        await me.sees(f"Another publication is planned for 18:50 ({there})")
        await me.presses(f"Schedule for today 22:00 ({there})")
        await me.sees(f"Today at 22:00 ({there}), in 6 h 26 min.")
        await me.presses("Go back")


async def test_a_time_of_this_computer_s_zone_stands_alone(
    qloop: object, me: Person, berlin: None
) -> None:
    async with an_evening() as evening:
        clash = Check(code="schedule-clash", level="warn", at=NOW + timedelta(minutes=197))
        evening.plane.shown = replace(evening.plane.shown, checks=[clash])
        evening.show(environment=an_environment(time_zone="Europe/Berlin"))
        await open_form(me, "Scheduled")
        await me.sees("Runs today at 22:00, in 2 h 26 min.")
        await me.sees("Another publication is planned for 22:50")
        assert not [text for text in texts() if "(Europe/Berlin)" in text]


async def test_where_a_form_has_a_time_of_another_zone_each_time_has_its_zone(
    qloop: object, me: Person
) -> None:
    there, stops = "America/Sao_Paulo", NOW + timedelta(minutes=297)
    async with an_evening() as evening:
        shutdown = Check(code="shutdown-before", level="warn", at=stops)
        evening.plane.shown = replace(
            evening.plane.shown, checks=[shutdown], checked_at=NOW, expected_seconds=600
        )
        evening.show(
            a_preparation_server(shutdown=ScheduledShutdown(at=stops)),
            environment=an_environment(time_zone=there, longest_extension_hours=12),
        )
        await open_form(me, "Scheduled")
        await me.sees(f"Runs today at 22:00 ({there})")
        await me.sees("Shutdown at 23:30 (UTC) comes before this run")
        await me.sees("If it ran now, 18:33:11 (UTC)")
        await me.sees("Extend to tomorrow 01:30 (UTC)")
        await me.presses(f"Schedule for today 22:00 ({there})")
        await me.sees("Consequence: Shutdown at 23:30 (UTC) comes before this run.")
        await me.presses("Go back")
        await me.opens_tab("Optimized")
        await me.sees("Shutdown at 23:30 comes before this run")
        assert not [text for text in texts() if "(UTC)" in text]


async def test_a_question_about_a_deadline_names_the_zone_of_each_time(
    qloop: object, me: Person
) -> None:
    there, stops = "America/Sao_Paulo", NOW + timedelta(minutes=297)
    async with an_evening() as evening:
        shutdown = Check(code="shutdown-in-run", level="warn", at=stops)
        evening.plane.shown = replace(evening.plane.shown, checks=[shutdown])
        evening.show(environment=an_environment(time_zone=there))
        await open_form(me, "Keep users connected")
        await me.sees("Shutdown at 23:30 falls within this run")
        await me.presses("Ask those left to reconnect at a set time")
        await me.sees("Shutdown at 23:30 (UTC) falls within this run")
        await me.presses("Publish version 42")
        await me.sees("Consequence: Shutdown at 23:30 (UTC) falls within this run.")
        await me.presses("Go back")


async def test_a_form_in_another_zone_than_the_environment_names_both(
    qloop: object, me: Person
) -> None:
    stops = NOW + timedelta(minutes=297)
    async with an_evening() as evening:
        shutdown = Check(code="shutdown-in-run", level="warn", at=stops)
        evening.plane.shown = replace(evening.plane.shown, checks=[shutdown])
        await open_form(me, "Scheduled")
        await me.sees("Shutdown at 23:30 falls within this run")
        [select] = list(visible(ZoneSelect))
        select.offer("Europe/Lisbon")
        await me.sees("Shutdown at 23:30 (UTC) falls within this run")


async def test_moved_to_another_zone_both_moments_have_theirs(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_scheduled(time_zone="America/Sao_Paulo"))
        await me.opens_tab("Scheduled")
        await me.presses("Move publication of Fri 27 Nov 19:00 (America/Sao_Paulo)")
        await me.sees("Keep Fri 27 Nov 19:00")
        next(it for it in visible(ZoneSelect) if isinstance(it.window(), MoveDialog)).offer("UTC")
        await me.sees("Keep Fri 27 Nov 19:00 (America/Sao_Paulo)")
        await me.sees("Move to Fri 27 Nov 19:00 (UTC)")


async def test_the_clock_on_the_users_screen_says_whose_it_is(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="America/Sao_Paulo"))
        await open_form(me, "Request user reconnection")
        await me.sees("15:33 (America/Sao_Paulo)")


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("UTC", "Etc/UTC", True), ("Etc/UTC", "UTC", True),
        ("Europe/Berlin", "Europe/Berlin", True),
        ("Europe/Berlin", "Europe/Paris", False), ("UTC", "Mars/Olympus", True),
        ("BRT3", "America/Sao_Paulo", False),
    ],
)  # fmt: skip
def test_two_names_of_one_zone_are_known(
    monkeypatch: pytest.MonkeyPatch, here: str, there: str, same: bool
) -> None:
    monkeypatch.setattr(times, "zone", lambda: here)
    assert times.is_here(there) is same
