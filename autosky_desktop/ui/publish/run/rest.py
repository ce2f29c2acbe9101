"""The looks at what going on, trying again or going back would touch."""

from autosky_desktop.domain.plan import PreviewRequest, way_back
from autosky_desktop.domain.publication import Publication


def asks_before(run: Publication) -> bool:
    """Return whether going on from its hold is more than to replace what is empty."""
    return run.plan.ends_sessions or run.plan.asks_users


def rest_of(run: Publication) -> PreviewRequest:
    return PreviewRequest(plan=run.plan, rest_of=run.id)


def instead_of(run: Publication) -> PreviewRequest:
    """Return the request for what going back would touch."""
    return PreviewRequest(plan=way_back(run.plan, run.replaces), editing=run.id)
