"""What is said of a shutdown, by its reason, its zone and the hour."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tzlocal import reload_localzone

from autosky_desktop.domain.server import (
    ScheduledShutdown,
    ShutdownMove,
    ShutdownRequest,
)
from autosky_desktop.words import shutdown as words
from tests.support.evening import a_preparation_server, an_environment

NOW = datetime(2026, 11, 24, 18, 33, tzinfo=UTC)
AT = datetime(2026, 11, 24, 19, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, TWO = (f"{AT.astimezone() + hours * HOUR:%H:%M}" for hours in (1, 2))
LIMITED = f"The shutdown is at {ONE}, not {TWO},"
MOVED = f"The shutdown is at {TWO}, not {ONE}:"


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    reload_localzone()
    yield
    monkeypatch.undo()
    time.tzset()
    reload_localzone()


def why(reason: str, **more: object) -> str:
    shutdown = ScheduledShutdown(at=AT, reason=reason, **more)  # type: ignore[arg-type]
    return words.why(shutdown, an_environment(daily_stop="19:00"), NOW)


def test_every_reason_has_words_and_an_unknown_one_can_be_read() -> None:
    assert why("run-time") == "At the end of its run time."
    assert why("moved", moved_by="ana", moved_from=AT - HOUR).startswith(
        f"Moved from {words.at(AT - HOUR, NOW)} by ana."
    )
    assert why("moved", moved_by="ana").startswith("Set by ana.")
    assert why("lunar-eclipse").startswith("Lunar eclipse.")
    assert "waits until it has ended" in why("daily", held=True)


def test_a_daily_schedule_of_another_zone_is_told_in_both(berlin: None) -> None:
    assert why("daily") == "Daily schedule, 19:00 (UTC)."


def test_a_daily_schedule_whose_zone_nobody_knows_is_told_as_it_came() -> None:
    environment = an_environment(daily_stop="19:00", time_zone="Mars/Olympus")
    shutdown = ScheduledShutdown(at=AT, reason="daily")
    assert "19:00 (Mars/Olympus)" in words.why(shutdown, environment, NOW)
    assert words.extended(AT + HOUR, shutdown, environment, NOW).startswith("Stops at <b>")


@pytest.mark.parametrize(
    ("move", "to", "stands", "said"),
    [
        (ShutdownMove.EXTEND, AT + HOUR, AT + HOUR, ""),
        (ShutdownMove.EXTEND, AT + HOUR, None, "No shutdown is scheduled any more."),
        (ShutdownMove.CANCEL, None, None, ""),
        (ShutdownMove.CANCEL, None, AT, "The shutdown is still scheduled, at "),
        (ShutdownMove.SKIP, None, AT + 24 * HOUR, ""),
        (ShutdownMove.SKIP, None, AT, "The shutdown is still scheduled, at "),
        (ShutdownMove.SET, AT + 2 * HOUR, AT + HOUR, f"{LIMITED} as the control plane limits it."),
        (ShutdownMove.SET, AT + HOUR, AT + 2 * HOUR, f"{MOVED} it was moved again since."),
    ],
)
def test_what_came_of_it_is_said_when_it_differs(
    move: ShutdownMove, to: datetime | None, stands: datetime | None, said: str
) -> None:
    request = ShutdownRequest(move=move, expected=AT, to=to)
    shutdown = ScheduledShutdown(at=stands) if stands else None
    told = words.differs(a_preparation_server(shutdown=shutdown), request, NOW)
    assert told.startswith(said)
    assert bool(told) == bool(said)


def test_extending_past_the_daily_stop_says_that_it_does_not_happen() -> None:
    shutdown = ScheduledShutdown(at=AT, skips_to=AT + HOUR)
    text = words.extended(AT + 2 * HOUR, shutdown, an_environment(daily_stop="20:00"), NOW)
    assert "does not happen this time" in text


def test_a_daily_stop_that_is_no_time_is_passed_over() -> None:
    environment = an_environment(daily_stop="99:99")
    text = words.extended(AT + HOUR, ScheduledShutdown(at=AT), environment, NOW)
    assert text.startswith("Stops at <b>")
    assert "daily" not in text


def test_it_is_night_from_the_evening_on() -> None:
    morning = NOW.astimezone().replace(hour=9)
    evening = NOW.astimezone().replace(hour=19)
    assert not words.is_tonight(morning + HOUR, morning)
    assert words.is_tonight(evening + HOUR, evening)
    assert words.is_tonight(evening + 7 * HOUR, evening)
    assert not words.is_tonight(evening + 24 * HOUR, evening)
    after_midnight = evening + 6 * HOUR
    assert words.is_tonight(after_midnight + HOUR, after_midnight)
    assert words.is_tonight(evening, evening + HOUR)
    assert words.is_tonight(evening, after_midnight)
    next_morning = evening + 14 * HOUR
    assert not words.is_tonight(evening, next_morning)
    assert not words.is_tonight(after_midnight, next_morning)


def test_what_stops_in_the_afternoon_stops_today() -> None:
    noon = NOW.astimezone().replace(hour=13, minute=18)
    afternoon = ScheduledShutdown(at=noon.replace(hour=17, minute=17))
    assert words.keep_running("PREP-01", afternoon, noon) == "Keep PREP-01 running today?"
    assert words.skip_button(afternoon, noon) == "Cancel today's shutdown"
    tomorrow = ScheduledShutdown(at=noon + 24 * HOUR)
    assert words.keep_running("PREP-01", tomorrow, noon) == "Keep PREP-01 running?"
    assert words.skip_button(tomorrow, noon) == "Cancel this shutdown"


def test_nothing_is_said_of_other_timers_where_there_are_none() -> None:
    text = words.extended(AT + HOUR, ScheduledShutdown(at=AT), an_environment(), NOW)
    assert text == f"Stops at <b>{words.at(AT + HOUR, NOW)}</b> instead of {words.at(AT, NOW)}."
