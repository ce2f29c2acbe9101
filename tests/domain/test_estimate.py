"""Estimates come from the last runs, or there are none."""

from datetime import UTC, datetime, timedelta

import pytest

from autosky_desktop.domain.estimate import left, usual_run, usual_step
from autosky_desktop.domain.publication import STEPS, Options, Publication, Step, StepName

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
IMAGE = StepName.IMAGE


def a_run(
    seconds: int = 60, state: str = "succeeded", steps: list[Step] | None = None
) -> Publication:
    """A run whose steps took `seconds` each, one after another."""
    done = [
        Step(
            name=name,
            state="succeeded",
            started_at=NOON + timedelta(seconds=seconds * number),
            ended_at=NOON + timedelta(seconds=seconds * (number + 1)),
        )
        for number, name in enumerate(STEPS)
    ]
    return Publication(
        id=f"{state}-{seconds}",
        version=42,
        model="optimized",
        options=Options(),
        state=state,
        publisher="ana",
        requested_by="ana",
        requested_at=NOON,
        steps=steps or done,
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=seconds * len(STEPS)),
    )


@pytest.mark.parametrize("runs", [0, 1, 2])
def test_fewer_than_three_runs_say_nothing(runs: int) -> None:
    history = [a_run()] * runs
    assert usual_step(history, IMAGE) is None
    assert usual_run(history) is None


def test_the_median_is_not_moved_by_one_bad_evening() -> None:
    history = [a_run(60), a_run(6000), a_run(61)]
    assert usual_step(history, IMAGE) == 61
    assert usual_run(history) == 61 * 6


def test_failed_runs_and_those_before_the_last_eight_do_not_count() -> None:
    history = [a_run(1, state="failed")] * 5 + [a_run(60)] * 8 + [a_run(9000)] * 20
    assert usual_run(history) == 360


def test_time_left_is_the_rest_of_this_step_and_the_whole_of_the_next() -> None:
    steps = [Step(name=name) for name in STEPS]
    steps[0] = Step(name=STEPS[0], state="succeeded")
    steps[1] = Step(name=STEPS[1], state="skipped")
    steps[2] = Step(name=STEPS[2], state="running", started_at=NOON)
    run = a_run(state="running", steps=steps)
    now = NOON + timedelta(seconds=20)
    assert left(run, [a_run(60)] * 3, now=now) == 40 + 3 * 60
    assert left(run, [], now=now) is None


def test_a_step_that_takes_longer_than_usual_never_counts_below_nothing() -> None:
    steps = [Step(name=name, state="succeeded") for name in STEPS]
    steps[5] = Step(name=STEPS[5], state="running", started_at=NOON)
    run = a_run(state="running", steps=steps)
    assert left(run, [a_run(60)] * 3, now=NOON + timedelta(hours=1)) == 0
