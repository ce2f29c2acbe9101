"""The demo's pace in a sentence, and its faults by name."""

import pytest

from autosky_desktop.domain.demo import Fault
from autosky_desktop.words import demo


@pytest.mark.parametrize(
    ("speed", "meaning"),
    [
        (20.0, "20 times as fast: 2 minutes pass in 6 seconds"),
        (120.0, "120 times as fast: 2 minutes pass in 1 second"),
        (300.0, "300 times as fast: 2 minutes pass in less than a second"),
        (1.5, "1.5 times as fast: 2 minutes pass in 80 seconds"),
        (0.5, "0.5 times as fast: 2 minutes pass in 4 minutes"),
    ],
)
def test_how_fast_it_is_has_its_meaning_beside_it(speed, meaning):
    whole, short, shortest = demo.pace(speed)
    assert short == meaning
    assert shortest == meaning.split(":")[0]
    assert whole == (
        f"Demo, {meaning.replace('fast:', 'fast as real life:')}. Times of day are real."
    )


def test_at_the_pace_of_life_it_says_so():
    assert demo.pace(1.0)[0] == "Demo: everything takes as long as in real life."


def test_each_fault_has_a_name_and_what_a_file_set_has_one_too():
    assert set(demo.FAULTS) == set(Fault) - {Fault.UNKNOWN}
    assert demo.faults(["image-fails", "start-refused"]) == "Images fail · Servers do not start"
    assert demo.faults(["unknown"]) == demo.faults(["of-the-future"]) == "Others, set by a file"
