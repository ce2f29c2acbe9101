"""Estimates come from the last runs, or there are none."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.estimate import left, span_left, usual_step, whole
from autosky_desktop.domain.plan import Options, Plan
from autosky_desktop.domain.publication import STEPS, Publication, Step, StepName

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
IMAGE = StepName.IMAGE
CHOSEN = Plan(options=Options(stop_preparation_server=True))


def usual(history: list[Publication]) -> float | None:
    span = whole(CHOSEN, history)
    return span.usual if span else None


def a_run(
    seconds: int = 60,
    state: str = "succeeded",
    steps: list[Step] | None = None,
    plan: Plan = CHOSEN,
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
        plan=plan,
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
    assert usual(history) is None


def test_the_median_is_not_moved_by_one_bad_evening() -> None:
    history = [a_run(60), a_run(6000), a_run(61)]
    assert usual_step(history, IMAGE) == 61
    assert usual(history) == 61 * 6


def test_failed_runs_and_those_before_the_last_eight_do_not_count() -> None:
    history = [a_run(1, state="failed")] * 5 + [a_run(60)] * 8 + [a_run(9000)] * 20
    assert usual(history) == 360


def test_time_left_is_the_rest_of_this_step_and_the_whole_of_the_next() -> None:
    steps = [Step(name=name) for name in STEPS]
    steps[0] = Step(name=STEPS[0], state="succeeded")
    steps[1] = Step(name=STEPS[1], state="skipped")
    steps[2] = Step(name=STEPS[2], state="running", started_at=NOON)
    run = a_run(state="running", steps=steps)
    now = NOON + timedelta(seconds=20)
    rest = span_left(run, [a_run(60)] * 3, now=now)
    assert rest
    assert (rest.low, rest.usual, rest.high) == (220, 220, 220)
    assert left(run, [], now=now) is None


def test_a_step_that_takes_longer_than_usual_never_counts_below_nothing() -> None:
    steps = [Step(name=name, state="succeeded") for name in STEPS]
    steps[5] = Step(name=STEPS[5], state="running", started_at=NOON)
    run = a_run(state="running", steps=steps)
    rest = span_left(run, [a_run(60)] * 3, now=NOON + timedelta(hours=1))
    assert rest
    assert rest.high == 0


def test_the_range_goes_from_the_quickest_to_the_slowest() -> None:
    span = whole(CHOSEN, [a_run(60), a_run(50), a_run(90)])
    assert span
    assert span.usual == 360
    assert span.low == pytest.approx(360 - (6 * 10**2) ** 0.5)
    assert span.high == pytest.approx(360 + (6 * 30**2) ** 0.5)


def test_runs_that_were_over_by_now_say_nothing_of_what_is_left() -> None:
    steps = [Step(name=name, state="succeeded") for name in STEPS]
    steps[4] = Step(name=StepName.REPLACEMENT, state="running", started_at=NOON)
    steps[5] = Step(name=STEPS[5], state="skipped")
    run = a_run(state="running", steps=steps)
    history = [a_run(60), a_run(70), a_run(100), a_run(120)]
    rest = span_left(run, history, now=NOON + timedelta(seconds=80))
    assert rest
    assert (rest.low, rest.usual, rest.high) == (20, 30, 40)


def test_an_image_that_is_nearly_done_is_believed() -> None:
    steps = [Step(name=name, state="skipped") for name in STEPS]
    steps[2] = Step(name=IMAGE, state="running", started_at=NOON, done=90, total=100)
    rest = span_left(
        a_run(state="running", steps=steps),
        [a_run(600)] * 3,
        now=NOON + timedelta(seconds=90),
    )
    assert rest
    assert rest.usual == pytest.approx(600 * 0.1 + 100 * 0.9 - 90)


def test_how_instances_are_replaced_is_learned_from_runs_that_did_the_same() -> None:
    history = [a_run(60)] * 3
    ending = Plan(options=Options(terminate_sessions=True))
    assert whole(ending, history) is None
    assert whole(replace(CHOSEN, model="standard"), history) is None
    assert whole(ending, [a_run(30, plan=ending)] * 3 + history) is not None


def test_a_stop_that_was_not_chosen_takes_no_time() -> None:
    span = whole(Plan(), [a_run(60)] * 3)
    assert span
    assert span.usual == 5 * 60
