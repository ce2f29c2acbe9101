"""Works out what a publication would touch, from what is known; pure."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from autosky_desktop.domain import estimate
from autosky_desktop.domain.plan import Model, Plan
from autosky_desktop.domain.publication import Preview, Publication, next_version
from autosky_desktop.domain.server import Server, ServerRole
from autosky_desktop.server.usecases.checks import checks, checks_of_rest
from autosky_desktop.server.usecases.facts import Facts, capacity_left, changes

NO_PREPARATION = "none"


def preparation_of(servers: Sequence[Server]) -> Server | None:
    return next((s for s in servers if s.role == ServerRole.PREPARATION), None)


def preview(facts: Facts, plan: Plan, *, at: datetime | None = None) -> Preview:
    """Return what the plan would touch: now, or with `at` then, as far as can be told."""
    span = estimate.whole(plan, facts.history)
    running, preparation = facts.running, facts.preparation
    current = running.version if running else facts.environment.current_version
    sessions = facts.sessions
    stay = not plan.ends_sessions and plan.model != Model.RECONNECT
    return Preview(
        version=next_version(current, facts.highest_version),
        replaces=current,
        instances=len(facts.present),
        sessions_end=sessions if plan.ends_sessions else 0,
        sessions_asked=sessions if plan.asks_users else 0,
        sessions_stay=sessions if stay else 0,
        capacity_left=capacity_left(facts, plan),
        preparation=preparation.status if preparation else NO_PREPARATION,
        checks=checks(facts, plan, at=at, span=span),
        checked_at=facts.now,
        runs=len(estimate.succeeded(facts.history)),
        expected_seconds=span.usual if span else None,
        expected_low_seconds=span.low if span else None,
        expected_high_seconds=span.high if span else None,
        changes=changes(facts, plan),
        allowance=facts.allowance,
        sends_mail=facts.sends_mail,
    )


def rest(facts: Facts, run: Publication) -> Preview:
    """Return what a publication that failed or is on hold would touch when it goes on: the
    instances that it has not replaced.
    """
    left = replace(facts, instances=[it for it in facts.instances if it.version != run.version])
    return replace(
        preview(left, run.plan),
        version=run.version,
        replaces=run.replaces,
        capacity_left=None,
        checks=checks_of_rest(left, run),
    )
