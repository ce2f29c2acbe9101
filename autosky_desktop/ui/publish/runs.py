"""The publications of an environment, sorted: which run, wait for their time, or are over."""

from collections.abc import Iterable
from datetime import datetime

from autosky_desktop.domain.publication import Publication, PublicationState


def is_scheduled(run: Publication) -> bool:
    """Return whether the time of the publication is still to come."""
    return PublicationState(run.state) is PublicationState.SCHEDULED


def is_under_way(run: Publication) -> bool:
    return not run.ended and not is_scheduled(run)


def newest_first(runs: Iterable[Publication]) -> list[Publication]:
    return sorted(runs, key=begun, reverse=True)


def begun(run: Publication) -> datetime:
    """Return the moment by which the history is sorted.

    What was cancelled before its time ended then, and is past.
    """
    planned = run.started_at or run.scheduled_for or run.requested_at
    return min(planned, run.ended_at) if run.ended_at else planned


def under_way(runs: Iterable[Publication]) -> Publication | None:
    """Return the publication that runs; of several that are due, the one that began first."""
    found = [run for run in runs if is_under_way(run)]
    return min(found, key=lambda run: (run.started_at is None, run.requested_at), default=None)


def scheduled(runs: Iterable[Publication]) -> list[Publication]:
    """Return the publications to come, the next first."""
    found = [run for run in runs if is_scheduled(run)]
    return sorted(found, key=lambda run: run.scheduled_for or run.requested_at)
