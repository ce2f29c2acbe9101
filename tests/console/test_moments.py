"""Moments and lengths of time, as somebody writes them in a command."""

from datetime import UTC, datetime, timedelta

import click
import pytest

from autosky_desktop.console.moments import length, moment

NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("22:00", "UTC", datetime(2026, 11, 30, 22, 0)),
        ("22:00", "Europe/Berlin", datetime(2026, 11, 30, 21, 0)),
        ("19:30", "UTC", datetime(2026, 12, 1, 19, 30)),
        ("20:00", "UTC", datetime(2026, 12, 1, 20, 0)),
        ("9:05", "Asia/Kolkata", datetime(2026, 12, 1, 3, 35)),
        ("2026-12-24 18:00", "America/Sao_Paulo", datetime(2026, 12, 24, 21, 0)),
        ("2026-12-24T18:00", "UTC", datetime(2026, 12, 24, 18, 0)),
        ("2026-12-24T18:00-03:00", "Asia/Tokyo", datetime(2026, 12, 24, 21, 0)),
        ("2026-12-24T18:00Z", "Asia/Tokyo", datetime(2026, 12, 24, 18, 0)),
        ("2027-10-31T02:30+01:00", "Europe/Berlin", datetime(2027, 10, 31, 1, 30)),
    ],
)
def test_a_moment_is_read_in_its_zone(text, zone, meant):
    assert moment(text, zone, NOW) == meant.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        ("24:00", "UTC", "is no time"),
        ("soon", "UTC", "is no time"),
        ("", "UTC", "is no time"),
        ("2026-12-24", "UTC", "is no time"),
        ("0001-01-01 00:00", "Asia/Tokyo", "is no time"),
        ("2100-01-01 00:00", "UTC", "is no time"),
        ("2026-11-30 20:00", "UTC", "has passed"),
        ("2027-03-28 02:30", "Europe/Berlin", "does not exist"),
        ("2027-10-31 02:30", "Europe/Berlin", "2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00"),
        ("22:00", "Nowhere/Land", "no time zone"),
        ("22:00", "", "no time zone"),
    ],
)
def test_what_is_no_moment_is_said(text, zone, said):
    with pytest.raises(click.UsageError, match=said.replace("+", r"\+")):
        moment(text, zone, NOW)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(minutes=90)),
        ("0m", None),
        ("", None),
        ("2", None),
        ("-1h", None),
        ("22:00", None),
    ],
)
def test_a_length_of_time(text, meant):
    assert length(text) == meant
