"""Daily moments, on days that have every hour once and on days that do not."""

from datetime import UTC, datetime

import pytest

from autosky_desktop.domain.local_time import clock_time, next_daily


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "zone", "after", "moment"),
    [
        ("19:00", "America/Sao_Paulo", "2026-11-23T21:59", "2026-11-23T22:00"),
        ("19:00", "America/Sao_Paulo", "2026-11-23T22:00", "2026-11-24T22:00"),
        ("02:30", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("02:30", "Europe/Berlin", "2026-03-29T01:00", "2026-03-30T00:30"),
        ("02:30", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("02:30", "Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("00:00", "America/Sao_Paulo", "2018-11-04T01:00", "2018-11-04T03:00"),
        ("12:00", "Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),
    ],
    ids=[
        "today",
        "tomorrow",
        "skipped",
        "after-skipped",
        "twice",
        "after-twice",
        "midnight",
        "day",
    ],
)
def test_the_next_daily_moment(clock, zone, after, moment):
    assert next_daily(clock, zone, after=utc(after)) == utc(moment)


def test_the_clock_there():
    assert clock_time(utc("2026-11-23T17:20"), "America/Sao_Paulo") == "14:00"
