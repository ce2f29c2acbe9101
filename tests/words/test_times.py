"""Durations are written as a person says them, and times have the name of their zone."""

import time
from collections.abc import Callable, Iterator

import pytest
from tzlocal import reload_localzone

from autosky_desktop.words.times import about, about_from_to, is_here, zone


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "5 s"), (57, "55 s"), (58, "1 min"), (59.9, "1 min"), (60, "1 min"), (89, "1 min")],
)
def test_a_minute_is_not_said_in_seconds(seconds: float, said: str) -> None:
    assert about(seconds) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (40, 110, "40 s to 2 min"),
        (58, 62, "1 min"),
        (58, 110, "1 to 2 min"),
        (500, 660, "8 to 11 min"),
        (3500, 3580, "58 min to 1 h 00 min"),
    ],
)
def test_a_range_that_is_one_figure_is_one(low: float, high: float, said: str) -> None:
    assert about_from_to(low, high) == said


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def be(name: str, *, anew: bool = True) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()
        if anew:
            monkeypatch.setattr("tzlocal.unix._cache_tz_name", None)

    yield be
    monkeypatch.undo()
    time.tzset()
    reload_localzone()


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ("America/Sao_Paulo", "America/Sao_Paulo"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("EST5EDT", "EST5EDT"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "CET"),
        ("BRT3", "UTC\N{MINUS SIGN}3"),
        ("<-0330>3:30", "UTC\N{MINUS SIGN}3:30"),
        ("UTC+3", "UTC\N{MINUS SIGN}3"),
        ("XXX3YYY,M3.5.0,M10.5.0/3", "XXX"),
        ("Mars/Olympus", "UTC"),
        ("", "UTC"),
    ],
)
def test_a_clock_that_follows_no_zone_is_not_said_to_follow_one(
    set_zone: Callable[..., None], here: str, said: str
) -> None:
    set_zone(here)
    assert zone().removeprefix("Etc/") == said
    assert is_here("Etc/UTC") is (said == "UTC")


def test_a_computer_that_came_to_another_zone_does_not_say_the_old_one(
    set_zone: Callable[..., None],
) -> None:
    set_zone("Europe/Berlin")
    assert zone() == "Europe/Berlin"
    set_zone("America/Sao_Paulo", anew=False)  # tzlocal asks once
    assert zone() == "America/Sao_Paulo"
