"""How far a shutdown may be moved, and which moment a clock time means."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autosky_desktop.domain.extending import (
    is_as_asked,
    later,
    latest,
    moments,
    offers,
    rounded_up,
)
from autosky_desktop.domain.server import ScheduledShutdown, ShutdownMove, ShutdownRequest
from tests.support.evening import an_environment

EVENING = datetime(2026, 11, 24, 18, 33, 11, tzinfo=UTC)
SEVEN = ScheduledShutdown(at=datetime(2026, 11, 24, 19, tzinfo=UTC))
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def test_it_is_extended_from_where_it_stands() -> None:
    assert later(SEVEN, HOUR, now=EVENING) == SEVEN.at + HOUR


def test_one_that_is_held_is_extended_from_now() -> None:
    now = SEVEN.at + timedelta(minutes=5, seconds=40)
    assert later(SEVEN, HOUR, now=now) == SEVEN.at + HOUR + timedelta(minutes=5)


def test_the_limit_is_so_many_hours_from_now_in_whole_minutes() -> None:
    limit = latest(an_environment(longest_extension_hours=3), now=EVENING)
    assert limit == datetime(2026, 11, 24, 21, 33, tzinfo=UTC)


def test_moments_beyond_the_limit_are_not_offered() -> None:
    offered = offers(SEVEN, an_environment(longest_extension_hours=2), now=EVENING)
    assert [f"{it:%H:%M}" for it in offered] == ["19:30", "20:00", "20:30"]
    assert offers(SEVEN, an_environment(longest_extension_hours=0), now=EVENING) == []


def test_moments_offered_are_on_the_quarter_of_an_hour() -> None:
    odd = ScheduledShutdown(at=SEVEN.at + timedelta(minutes=4))
    offered = offers(odd, an_environment(), now=EVENING)
    assert [f"{it:%H:%M}" for it in offered] == ["19:45", "20:15", "20:45", "21:15", "22:15"]
    assert rounded_up(SEVEN.at, HOUR) == SEVEN.at


def test_a_clock_time_is_one_moment_on_most_days() -> None:
    local = datetime(2026, 11, 24, 20, 30)
    assert moments(local, BERLIN) == [datetime(2026, 11, 24, 19, 30, tzinfo=UTC)]


def test_a_time_that_the_clocks_skip_is_no_moment() -> None:
    assert moments(datetime(2026, 3, 29, 2, 30), BERLIN) == []


def test_a_time_that_comes_twice_is_two_moments() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moments(datetime(2026, 10, 25, 2, 30), BERLIN) == [first, first + HOUR]


@pytest.mark.parametrize(
    ("move", "hours", "stands", "done"),
    [
        (ShutdownMove.CANCEL, None, None, True),
        (ShutdownMove.CANCEL, None, 1, False),
        (ShutdownMove.SKIP, None, 24, True),
        (ShutdownMove.SKIP, None, 0, False),
        (ShutdownMove.SKIP, None, None, False),
        (ShutdownMove.EXTEND, 2, 2, True),
        (ShutdownMove.EXTEND, 2, 1, True),  # granted in part
        (ShutdownMove.EXTEND, 2, 3, False),
        (ShutdownMove.EXTEND, 2, 0, False),
        (ShutdownMove.EXTEND, 2, None, False),
    ],
)
def test_a_shutdown_stands_as_it_was_asked_for(
    move: ShutdownMove, hours: int | None, stands: int | None, done: bool
) -> None:
    to = None if hours is None else SEVEN.at + hours * HOUR
    request = ShutdownRequest(move=move, expected=SEVEN.at, to=to)
    shutdown = None if stands is None else ScheduledShutdown(at=SEVEN.at + stands * HOUR)
    assert is_as_asked(request, shutdown) is done
