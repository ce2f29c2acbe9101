"""A date and a clock time in a zone: once, never or twice."""

import sys
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.domain.local_time import (
    Fit,
    WallClock,
    forget_rules,
    is_zone,
    meant_at,
    month,
    name_here,
    resolved,
    wall_clock,
    zone_here,
)

BERLIN = "Europe/Berlin"
ZONES = (
    BERLIN,
    "America/Sao_Paulo",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
)
HOUR = timedelta(hours=1)


def moments(day: date, clock: time, zone: str) -> tuple[Fit, list[str]]:
    found = resolved(day, clock, zone)
    return found.fit, [f"{moment.at:%d %H:%M} {moment.offset}" for moment in found.moments]


def test_most_times_are_there_once():
    assert moments(date(2026, 11, 23), time(22), BERLIN) == (Fit.ONCE, ["23 21:00 1:00:00"])


def test_a_time_that_is_skipped_becomes_the_end_of_the_gap():
    assert moments(date(2026, 3, 29), time(2, 30), BERLIN) == (Fit.SKIPPED, ["29 01:00 2:00:00"])


def test_every_time_that_is_skipped_leads_to_the_same_second():
    found = {resolved(date(2026, 3, 29), time(2, minute), BERLIN).first for minute in range(60)}
    assert found == {datetime(2026, 3, 29, 1, tzinfo=UTC)}


def test_the_edges_of_a_gap_are_the_same_moment():
    before_it, skipped, after_it = (
        resolved(date(2026, 3, 29), clock, BERLIN) for clock in (time(1, 59), time(2), time(3))
    )
    assert (before_it.fit, skipped.fit, after_it.fit) == (Fit.ONCE, Fit.SKIPPED, Fit.ONCE)
    assert skipped.first == after_it.first == before_it.first + timedelta(minutes=1)


def test_a_time_that_comes_twice_has_both_moments_with_their_offsets():
    found = moments(date(2026, 10, 25), time(2, 30), BERLIN)
    assert found == (Fit.TWICE, ["25 00:30 2:00:00", "25 01:30 1:00:00"])


def test_half_an_hour_is_a_gap_too():
    found = moments(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")
    assert found == (Fit.SKIPPED, ["03 15:30 11:00:00"])


def test_a_whole_day_can_be_skipped():
    found = resolved(date(2011, 12, 30), time(12), "Pacific/Apia")
    assert found.fit is Fit.SKIPPED
    assert found.first == datetime(2011, 12, 30, 10, tzinfo=UTC)


@given(
    st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
)
def test_every_moment_shows_the_time_that_was_asked_for(day, clock, zone):
    found = resolved(day, clock, zone)
    shown = [moment.at.astimezone(ZoneInfo(zone)) for moment in found.moments]
    assert len(shown) == (2 if found.fit is Fit.TWICE else 1)
    for local, moment in zip(shown, found.moments, strict=True):
        same = local.replace(tzinfo=None) == datetime.combine(day, clock)
        assert same is (found.fit is not Fit.SKIPPED)
        assert local.utcoffset() == moment.offset


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
)
def test_a_month_holds_its_moment_and_begins_where_the_last_one_ended(moment, zone):
    begin, end = month(moment, zone)
    assert begin <= moment < end
    assert month(end, zone)[0] == end
    assert month(begin - timedelta(microseconds=1), zone)[1] == begin


def test_a_month_is_the_zone_s_own():
    begin, end = month(datetime(2026, 12, 1, 2, tzinfo=UTC), "America/Sao_Paulo")
    assert (begin, end) == (
        datetime(2026, 11, 1, 3, tzinfo=UTC),
        datetime(2026, 12, 1, 3, tzinfo=UTC),
    )


@pytest.mark.parametrize("name", ["", "Europe", "Mars/Olympus", "../../etc/passwd", "/etc/hosts"])
def test_what_is_no_zone_is_known_as_such(name):
    assert not is_zone(name)
    assert is_zone(BERLIN)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "America", "/etc/passwd", "../zone.tab", "", "a\0b"]
)
def test_what_is_no_zone_here_is_counted_in_utc(name):
    assert (is_zone(name), zone_here(name), name_here(name)) == (False, UTC, "UTC")
    begin, end = month(datetime(2026, 11, 23, tzinfo=UTC), name)
    assert (begin, end) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "right/Europe/Berlin"])
def test_a_file_beside_the_zones_is_none_of_them(name):
    assert not is_zone(name)


@given(
    at=st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
)
def test_what_a_clock_shows_leads_back_to_its_moment(at, zone):
    assert meant_at(wall_clock(at, zone), zone) == at


@pytest.mark.parametrize("second", [False, True])
def test_of_a_time_that_comes_twice_the_one_that_is_meant_is_kept(second):
    at = datetime(2026, 10, 25, int(second), 30, tzinfo=UTC)
    meant = wall_clock(at, BERLIN)
    assert meant == WallClock(local="2026-10-25T02:30:00", second=second)
    assert meant_at(meant, BERLIN) == at
    assert meant_at(meant, "UTC") == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_where_nobody_knows_the_zone_nobody_knows_what_its_clocks_show():
    assert wall_clock(datetime(2026, 10, 25, tzinfo=UTC), "Mars/Olympus") is None
    assert meant_at(WallClock(local="2026-10-25T02:30:00"), "Mars/Olympus") is None


@pytest.fixture
def no_zones(monkeypatch):
    """A computer without any database of zones."""
    for name in [it for it in sys.modules if it.partition(".")[0] == "tzdata"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath(to=[])
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    ZoneInfo.clear_cache()


@pytest.mark.usefixtures("no_zones")
def test_a_computer_that_knows_no_zone_knows_utc():
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert not is_zone(BERLIN)
    assert is_zone("UTC")
    assert resolved(noon.date(), noon.time(), "UTC").first == noon
    assert meant_at(wall_clock(noon, "UTC"), "UTC") == noon
    with pytest.raises(KeyError):
        resolved(noon.date(), noon.time(), BERLIN)


def test_rules_are_read_once_until_they_are_forgotten():
    known = zone_here(BERLIN)
    assert zone_here(BERLIN) is known
    forget_rules()
    assert zone_here(BERLIN) is not known
