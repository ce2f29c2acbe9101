"""How long to pause between tries, and what is left of a pause by a clock that may be set."""

from datetime import UTC, datetime, timedelta

import pytest

from autosky_desktop.domain.pause import begun_anew, pause_after, rest

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 2), (2, 4), (3, 8), (5, 32), (6, 60), (7, 60), (10**9, 60)]
)
def test_a_pause_is_twice_as_long_each_time_and_never_longer_than_the_longest(
    failures: int, seconds: float
) -> None:
    assert pause_after(failures, first=2.0, longest=60.0) == seconds


@pytest.mark.parametrize(
    ("waited", "left"), [(0, 60), (59, 1), (60, 0), (61, 0), (-1, 0), (-3600, 0)]
)
def test_what_is_left_of_a_pause_is_nothing_where_the_clock_was_put_back(
    waited: int, left: int
) -> None:
    assert rest(NOON, MINUTE, NOON + timedelta(seconds=waited)) == timedelta(seconds=left)


def test_a_pause_begins_anew_where_the_clock_was_put_back() -> None:
    assert begun_anew(NOON + MINUTE, MINUTE, NOON) == NOON + MINUTE
    earlier = NOON - timedelta(hours=1)
    assert begun_anew(NOON + MINUTE, MINUTE, earlier) == earlier + MINUTE
