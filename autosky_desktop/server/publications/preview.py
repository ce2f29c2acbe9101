"""Works out what a publication would touch, from one moment of the database."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain import estimate
from autosky_desktop.domain.environment import SCALING
from autosky_desktop.domain.plan import Model, Plan
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import Preview, Publication, PublicationState, next_version
from autosky_desktop.domain.reasons import MAY_PASS, CheckCode, CheckLevel
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.allowance import allowance, has_used
from autosky_desktop.server.publications.checks import checks, checks_of_rest
from autosky_desktop.server.publications.facts import Facts, capacity_left, changes, preparation_of
from autosky_desktop.server.publications.queries import PublicationQuery
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.servers import queries as servers

ELSEWHERE = MAY_PASS | {
    CheckCode.NO_PREPARATION_SERVER,
    CheckCode.ALLOWANCE_NONE,
    CheckCode.DEADLINE_TOO_SOON,
}
"""Reasons that keep nothing from starting that was accepted before: its steps look at the
preparation server, the allowance is looked at where it is used, and a deadline that lies ahead
still does.
"""
LOOKED_BACK = 24
"""How many publications of any model are read; a third as many are read of the planned one."""
NO_PREPARATION = "none"


async def read_preview(
    connection: AsyncConnection,
    identity: str,
    plan: Plan,
    *,
    now: datetime,
    at: datetime | None = None,
    beside: str | None = None,
    rest_of: str | None = None,
    sends_mail: bool = False,
    estimated: bool = True,
) -> Preview:
    """Return what that publication would touch and what prevents it. Raises Refusal.

    `at`: the moment of a schedule; `beside`: the id of the one that is planned anew or gone back
    from, which is not in the way; `rest_of`: the id of the one whose rest is looked at;
    `estimated`: how long it will take, which costs most.
    """
    environment = await environments.get(connection, identity)
    if environment.kind != SCALING:
        raise Refusal(Code.NOT_SCALING, f"{identity} is {environment.kind}")
    scheduled = await publications.scheduled_in(connection, identity)
    running = await publications.running_in(connection, identity)
    rest = await _placed(connection, identity, rest_of)
    counted = rest is not None and has_used(rest)
    facts = Facts(
        environment=environment,
        preparation=preparation_of(await servers.in_environment(connection, identity)),
        instances=await environments.instances(connection, identity),
        now=now,
        running=None if running and running.id in (beside, rest_of) else running,
        scheduled=[run for run in scheduled if run.id != beside],
        history=await _history(connection, identity, plan.model) if estimated else [],
        allowance=None
        if counted
        else await allowance(connection, identity, _asked_at(plan) or at or now),
        earlier=None
        if plan.image_of is None
        else await publications.version_image(connection, identity, plan.image_of),
        sends_mail=sends_mail,
        highest_version=await environments.highest_version(connection, identity),
    )
    return preview_of_rest(facts, rest) if rest else preview_of(facts, plan, at=at)


async def permit(
    connection: AsyncConnection,
    identity: str,
    plan: Plan,
    *,
    now: datetime,
    at: datetime | None = None,
    beside: str | None = None,
    but: Collection[str] = (),
) -> None:
    """Preview the plan and raise Refusal for the first reason to wait that is none of `but`.

    Whoever plans, edits, moves, starts or tries again a publication asks this first.
    """
    estimated = plan.deadline is not None  # how long it takes matters to a deadline alone
    seen = await read_preview(
        connection, identity, plan, now=now, at=at, beside=beside, estimated=estimated
    )
    refuse_reasons(seen, but=but)


def refuse_reasons(seen: Preview, *, but: Collection[str] = ()) -> None:
    """Raise Refusal for the first reason to wait that is none of `but`."""
    for check in seen.checks:
        if check.level == CheckLevel.WAIT and check.code not in but:
            raise Refusal(
                Code.REASON_TO_WAIT,
                check.code,
                state=seen.preparation,
                at=check.at,
                version=check.version,
            )


def _asked_at(plan: Plan) -> datetime | None:
    """Return when users are asked to reconnect, perhaps in another month than it starts in."""
    return plan.deadline.at if plan.deadline else None


async def _placed(
    connection: AsyncConnection, environment: str, identity: str | None
) -> Publication | None:
    """Return the publication of that id in the environment. Raises Refusal."""
    if identity is None:
        return None
    where, run = (await publications.placed(connection, [identity])).get(identity, ("", None))
    if run is None or where != environment:
        raise Refusal(Code.NOT_FOUND, f"no publication {identity} in {environment}")
    return run


async def _history(connection: AsyncConnection, environment: str, model: str) -> list[Publication]:
    """Return what ended lately, and enough of the model to tell how long it takes; newest first."""
    lately = PublicationQuery(limit=LOOKED_BACK, scheduled=False)
    good = PublicationState.SUCCEEDED.value
    same = PublicationQuery(limit=LOOKED_BACK // 3, model=model, state=good)
    found = {
        run.id: run
        for wanted in (lately, same)
        for run in (await publications.page(connection, environment, wanted)).publications
        if run.ended
    }
    return list(found.values())


def preview_of(facts: Facts, plan: Plan, *, at: datetime | None = None) -> Preview:
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
        instances_added=facts.missing,
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


def preview_of_rest(facts: Facts, run: Publication) -> Preview:
    """Return what a publication that failed or is on hold would touch when it goes on: the
    instances that it has not replaced.
    """
    left = replace(facts, instances=[it for it in facts.instances if it.version != run.version])
    return replace(
        preview_of(left, run.plan),
        version=run.version,
        replaces=run.replaces,
        instances_added=facts.missing,
        capacity_left=None,
        checks=checks_of_rest(left, run),
    )
