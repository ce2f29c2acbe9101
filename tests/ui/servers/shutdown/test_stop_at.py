"""What is typed into the field of a shutdown's time means a moment, or it is told why not."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot
from tzlocal import reload_localzone

from autosky_desktop.ui.servers.shutdown.clock_field import ClockField, read
from autosky_desktop.words import shutdown as words

NOW = datetime(2026, 11, 24, 18, 33, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    reload_localzone()
    yield
    monkeypatch.undo()
    time.tzset()
    reload_localzone()


def test_a_skipped_hour_and_a_double_one_are_told(berlin: None) -> None:
    spring = datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert read("tomorrow 02:30", spring).moments == []
    autumn = datetime(2026, 10, 24, 22, tzinfo=UTC)
    meant = read("02:30", autumn)
    assert len(meant.moments) == 2
    assert words.twice(meant.moments[0], meant.moments) == (
        "02:30 occurs twice that day; the first one counts."
    )
    assert "the second one counts" in words.twice(meant.moments[1], meant.moments)


def test_of_an_hour_that_comes_twice_the_one_that_lies_ahead_is_meant(
    berlin: None, qtbot: QtBot
) -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for now, meant in (
        (first - HOUR, first),
        (first, first + HOUR),
        (first + HOUR / 6, first + HOUR),
    ):
        field = ClockField(lambda now=now: now)  # type: ignore[misc]
        qtbot.addWidget(field)
        field.lineEdit().textEdited.emit("02:30")
        assert field.moment == meant


def test_an_hour_that_was_skipped_this_morning_is_tomorrow_s(berlin: None) -> None:
    before, after = datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 29, 18, tzinfo=UTC)
    assert read("02:30", before).moments == []
    assert read("today 02:30", after).moments == []
    assert read("02:30", after).moments == [datetime(2026, 3, 30, 0, 30, tzinfo=UTC)]


def test_a_time_without_a_day_is_the_next_one() -> None:
    local = NOW.astimezone()
    assert read(f"{local + HOUR:%H:%M}", NOW).moments[0] == NOW + HOUR
    assert read(f"{local - HOUR:%H:%M}", NOW).moments[0] == NOW + 23 * HOUR
    assert read(f"{local + HOUR:%H%M}", NOW).moments[0] == NOW + HOUR
    assert read("tonight at nine", NOW).local is None
    assert read("to 19:00", NOW).local is None  # today or tomorrow
