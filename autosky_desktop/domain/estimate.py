"""How long a publication takes, from how long the last ones took."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from autosky_desktop.domain.publication import Publication, PublicationState, Step, StepState

LAST_RUNS = 8
FEWEST_RUNS = 3


def seconds(begin: datetime | None, end: datetime | None) -> float | None:
    return (end - begin).total_seconds() if begin and end else None


def succeeded(history: Sequence[Publication]) -> list[Publication]:
    """The last runs that ended well, out of a history that is newest first."""
    good = [run for run in history if PublicationState(run.state) is PublicationState.SUCCEEDED]
    return good[:LAST_RUNS]


def usual_step(history: Sequence[Publication], name: str) -> float | None:
    """Median seconds of the step in the last runs that did it; None with fewer than three."""
    times = [
        taken
        for run in succeeded(history)
        for step in run.steps
        if step.name == name and StepState(step.state) is StepState.SUCCEEDED
        if (taken := seconds(step.started_at, step.ended_at)) is not None
    ]
    return median(times) if len(times) >= FEWEST_RUNS else None


def usual_run(history: Sequence[Publication]) -> float | None:
    """Median seconds of the last runs, from start to end; None with fewer than three."""
    times = [
        taken
        for run in succeeded(history)
        if (taken := seconds(run.started_at, run.ended_at)) is not None
    ]
    return median(times) if len(times) >= FEWEST_RUNS else None


def left(run: Publication, history: Sequence[Publication], *, now: datetime) -> float | None:
    """Seconds until the run ends, as the last ones went; None when that cannot be said."""
    total = 0.0
    for step in run.steps:
        if (rest := _step_left(step, usual_step(history, step.name), now)) is None:
            return None
        total += rest
    return total


def _step_left(step: Step, usual: float | None, now: datetime) -> float | None:
    state = StepState(step.state)
    if state in (StepState.SUCCEEDED, StepState.SKIPPED):
        return 0.0
    if usual is None:
        return None
    used = seconds(step.started_at, now) or 0.0
    return max(0.0, usual - used) if state is StepState.RUNNING else usual
