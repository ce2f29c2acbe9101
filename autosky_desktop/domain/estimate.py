"""Estimates of how long a publication takes, from the environment's last publications."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import hypot

from msgspec import Struct

from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    Step,
    StepName,
    StepState,
    waits_for_switch,
)

LAST_RUNS = 8
FEWEST_RUNS = 3
OVER = (StepState.SUCCEEDED, StepState.SKIPPED)


class Span(Struct, frozen=True, kw_only=True):
    """A range in seconds: half of the last runs took up to `usual`, nearly all `low` to `high`."""

    low: float
    usual: float
    high: float


NOTHING = Span(low=0, usual=0, high=0)


def seconds(begin: datetime | None, end: datetime | None) -> float | None:
    return (end - begin).total_seconds() if begin and end else None


def succeeded(history: Sequence[Publication]) -> list[Publication]:
    """Return the last runs that ended well, given a history that is newest first."""
    return _good(history)[:LAST_RUNS]


def usual_step(history: Sequence[Publication], name: str) -> float | None:
    """Return the median seconds of the step in its last runs; None with fewer than three."""
    span = _span(_times(succeeded(history), name))
    return span.usual if span else None


def whole(plan: Plan, history: Sequence[Publication]) -> Span | None:
    """Estimate how long a run will take; None if the environment's history cannot tell."""
    return _sum(_span(_samples(history, plan, name)) for name in _chosen(plan))


def before_replacing(history: Sequence[Publication], *, anew: bool) -> Span | None:
    """Estimate how long it takes until instances are touched; None if the history cannot tell.

    `anew`: an image is made.
    """
    names = _before_replacing(anew=anew)
    return _sum(_span(_times(succeeded(history), name)) for name in names)


def longest_before_replacing(history: Sequence[Publication], *, anew: bool) -> float | None:
    """Return the seconds until then at the slowest of the last runs; None if there was no run."""
    times = [_times(succeeded(history), name) for name in _before_replacing(anew=anew)]
    return sum(map(max, times)) if all(times) else None


def left(run: Publication, history: Sequence[Publication], *, now: datetime) -> float | None:
    """Return the usual seconds of `span_left`."""
    span = span_left(run, history, now=now)
    return span.usual if span else None


def span_left(run: Publication, history: Sequence[Publication], *, now: datetime) -> Span | None:
    """Estimate how long it takes until the run ends; None if that cannot be told."""
    rest = (_step_left(run, step, history, now) for step in run.steps)
    return _sum((_until_switch(run, now), *rest))


def _until_switch(run: Publication, now: datetime) -> Span:
    """Return how long it waits, once all is prepared, for the moment to replace instances."""
    if not waits_for_switch(run) or run.waits_until is None:
        return NOTHING
    waits = max(0.0, (run.waits_until - now).total_seconds())
    return Span(low=waits, usual=waits, high=waits)


def _before_replacing(*, anew: bool) -> tuple[str, ...]:
    made = (StepName.IMAGE,) if anew else ()
    return (StepName.VALIDATION, *made, StepName.MODEL)


def _good(history: Sequence[Publication]) -> list[Publication]:
    return [run for run in history if PublicationState(run.state) is PublicationState.SUCCEEDED]


def _chosen(plan: Plan) -> list[str]:
    left_out = () if plan.options.stop_preparation_server else (StepName.STOP,)
    return [n for n in StepName if n not in (StepName.UNKNOWN, *left_out)]


def _step_left(
    run: Publication, step: Step, history: Sequence[Publication], now: datetime
) -> Span | None:
    state = StepState(step.state)
    chosen = step.name in _chosen(run.plan)
    if state in OVER or (state is StepState.PENDING and not chosen):
        return NOTHING
    times = _samples(history, run.plan, step.name)
    if state is StepState.RUNNING and step.started_at:
        return _span_of_rest(step, times, now)
    return _span(times)


def _span_of_rest(step: Step, times: Sequence[float], now: datetime) -> Span | None:
    """Estimate the rest of a step; runs that were over by now count only if all of them were."""
    rests = [_rest(step, taken, now) for taken in times]
    return _spread([it for it in rests if it > 0] or [0.0]) if _enough(rests) else None


def _rest(step: Step, taken: float, now: datetime) -> float:
    """Estimate the seconds left of a running step that once took `taken`: the further it says it
    is, the more its own pace counts.
    """
    used = max(0.0, seconds(step.started_at, now) or 0.0)
    done = step.done / step.total if step.total and step.name == StepName.IMAGE else 0.0
    pace = used / done if done else 0.0
    return max(0.0, taken * (1 - done) + pace * done - used)


def _samples(history: Sequence[Publication], plan: Plan, name: str) -> list[float]:
    """Return the seconds of the step in the last runs that did it. Only how instances are replaced
    depends on the model; a run that found none to replace tells nothing of those that will.
    """
    runs = _good(history)
    if name == StepName.REPLACEMENT:
        ends = plan.options.terminate_sessions
        alike = (run for run in runs if run.plan.model == plan.model)
        runs = [run for run in alike if run.plan.options.terminate_sessions == ends]
    return _times(runs[:LAST_RUNS], name)


def _times(runs: Sequence[Publication], name: str) -> list[float]:
    return [
        taken
        for run in runs
        for step in run.steps
        if step.name == name and StepState(step.state) is StepState.SUCCEEDED
        if (taken := seconds(step.started_at, step.ended_at)) is not None
    ]


def _enough(times: Sequence[float]) -> bool:
    return len(times) >= FEWEST_RUNS


def _span(times: Sequence[float]) -> Span | None:
    return _spread(times) if _enough(times) else None


def _spread(times: Sequence[float]) -> Span:
    from statistics import median  # with fractions and all: not for the first paint

    return Span(low=min(times), usual=median(times), high=max(times))


def _sum(spans: Iterable[Span | None]) -> Span | None:
    """Add up spans of steps that follow each other: rarely are all of them slow at once."""
    known = list[Span]()
    for span in spans:
        if span is None:
            return None
        known.append(span)
    usual = sum(span.usual for span in known)
    faster = hypot(*(span.usual - span.low for span in known))
    slower = hypot(*(span.high - span.usual for span in known))
    return Span(low=max(0.0, usual - faster), usual=usual, high=usual + slower)
