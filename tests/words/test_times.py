"""Durations are written as a person says them."""

import pytest

from autosky_desktop.words.times import about, about_from_to


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
