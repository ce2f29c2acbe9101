"""Which zone a moment is in, as it is shown."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from autosky_desktop.domain.local_time import UTC_NAMES
from autosky_desktop.domain.publication import Check
from autosky_desktop.ui.publish.zones import ZoneSelect
from autosky_desktop.ui.words import times
from tests.support.evening import NOW, an_environment, an_evening
from tests.support.person import Person, texts, visible
from tests.ui.publish.test_forms import open_form


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
    monkeypatch.setattr("autosky_desktop.ui.publish.zones.zone", lambda: here)
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
    yield
    monkeypatch.undo()
    time.tzset()


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
