"""Checks what somebody asks of a publication, and turns it into the fields that are recorded."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from autosky_desktop.domain.local_time import is_zone, wall_clock
from autosky_desktop.domain.mail import each_once, is_address
from autosky_desktop.domain.plan import (
    MOST_EMAILS,
    Hold,
    Model,
    Options,
    Plan,
    PublishRequest,
    Reconnection,
    Schedule,
    switch_of,
    unknown,
)
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.text import one_line, several_lines
from autosky_desktop.server.refusal import Refusal

AGAIN_MINUTES = (0, 1, 2, 5)


def fields(request: PublishRequest, name: str) -> dict[str, Any]:
    """Return the fields of the Publication that say what was asked for; `name` is who asked."""
    schedule = request.schedule
    return {
        "plan": _as_kept(request.plan),
        "note": request.note,
        "publisher": one_line(request.publisher) or name,
        **(fields_of(schedule) if schedule else {}),
    }


def _as_kept(plan: Plan) -> Plan:
    kept = replace(plan, emails=each_once(plan.emails))
    return (
        replace(kept, switch=switch_of(kept.switch.at, kept.switch.time_zone))
        if kept.switch
        else kept
    )


def fields_of(schedule: Schedule) -> dict[str, Any]:
    """Return the fields of the Publication that say when, and what the clock shows there then."""
    return {
        "scheduled_for": schedule.at,
        "time_zone": schedule.time_zone,
        "meant": wall_clock(schedule.at, schedule.time_zone),
        "rules_moved_from": None,
    }


def refuse_senseless(request: PublishRequest, now: datetime) -> None:
    """Raise Refusal, with a sentence, for a request that no publication can be made of."""
    refuse_senseless_plan(request.plan)
    if request.schedule:
        refuse_moment(request.schedule, now)


def refuse_senseless_plan(plan: Plan) -> None:
    """Raise Refusal for a plan that contradicts itself: none is previewed, and none published."""
    for trouble in _of_plan(plan):
        raise Refusal(Code.INVALID_REQUEST, trouble)


def refuse_moment(schedule: Schedule, now: datetime) -> None:
    """Raise Refusal unless the moment lies ahead and in a time zone that exists."""
    if schedule.at.tzinfo is None:
        raise Refusal(Code.INVALID_REQUEST, "a moment without its time zone")
    if not is_zone(schedule.time_zone):
        raise Refusal(Code.INVALID_REQUEST, f"no time zone {schedule.time_zone}")
    if schedule.at <= now:
        raise Refusal(Code.INVALID_REQUEST, f"{schedule.at.isoformat()} is over", at=now)


def _of_plan(plan: Plan) -> Iterator[str]:
    if Model(plan.model) is Model.UNKNOWN:
        yield "no such model"
    if plan.model != Model.OPTIMIZED and plan.options != Options():
        yield "options are Optimized's"
    if (plan.model == Model.RECONNECT) is (plan.reconnection is None):
        yield "a reconnection goes with Request user reconnection, and it with one"
    if plan.deadline and plan.model != Model.KEEP:
        yield "a deadline goes with Keep users connected"
    if plan.deadline and plan.deadline.at.tzinfo is None:
        yield "a deadline without its time zone"
    if plan.hold and _ways_of(plan.hold) != 1:
        yield "a hold has a first number of instances, or a share, or their names"
    if plan.switch and (plan.switch.at.tzinfo is None or not is_zone(plan.switch.time_zone)):
        yield "a switch without its time zone"
    for asked in (plan.reconnection, plan.deadline and plan.deadline.reconnection):
        yield from _of_reconnection(asked) if asked else ()
    if len(plan.emails) > MOST_EMAILS:
        yield f"at most {MOST_EMAILS} addresses are told"
    for email in plan.emails:
        if not is_address(email):
            yield f"nothing can be sent to {email}"


def _ways_of(hold: Hold) -> int:
    """Return in how many ways the hold says which instances go first."""
    return sum((hold.first is not None, hold.share is not None, bool(hold.named)))


def _of_reconnection(asked: Reconnection) -> Iterator[str]:
    if asked.again_minutes not in AGAIN_MINUTES or asked.again_minutes > asked.minutes:
        yield "a message is repeated every 1, 2 or 5 minutes within its time, or never"
    if not several_lines(asked.message).strip():
        yield "a message needs words that users can read"
    if without_meaning := unknown(asked.message):
        yield f"nothing is filled in for {', '.join(without_meaning)}"
