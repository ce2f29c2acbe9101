"""Checks a plan before it is published: what prevents it, and what people should know; pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from autosky_desktop.domain import estimate
from autosky_desktop.domain.estimate import Span
from autosky_desktop.domain.plan import Model, Plan, first_of
from autosky_desktop.domain.publication import Check, Publication, waits_for_switch
from autosky_desktop.domain.reasons import CheckCode, CheckLevel
from autosky_desktop.domain.server import ImageState, ServerState
from autosky_desktop.server.publications.facts import Facts, capacity_left, nothing_changed

PASS, WARN, WAIT = CheckLevel.PASS, CheckLevel.WARN, CheckLevel.WAIT
RECENT = timedelta(hours=2)
NEAR = timedelta(hours=1)
"""Where no run has shown how long one takes, a deadline nearer than this may be too soon, and
another publication nearer than this in the way.
"""


def checks(facts: Facts, plan: Plan, *, at: datetime | None, span: Span | None) -> list[Check]:
    """Return the checks in the order they are shown. One `wait` and nothing is published."""
    start = at or facts.now
    length = timedelta(seconds=span.high if span else 0)
    waits = max(timedelta(), plan.switch.at - start) if plan.switch else timedelta()
    return [
        *_moment(facts, at),
        *_switch(facts, plan, start),
        *_deadline(facts, plan, start),
        *_source(facts, plan, later=at is not None),
        _running(facts, at),
        *_clashes(facts, start, span, waits),
        *_shutdown(facts, plan, at, start + length, known=span is not None),
        *_asking(facts, plan, start),
        *_capacity(facts, plan),
        *_hold(facts, plan),
    ]


def checks_of_rest(facts: Facts, run: Publication) -> list[Check]:
    """Check what is left of a publication that failed or is held, not what its steps have done."""
    plan, held = run.plan, not run.ended
    found: list[Check] = []
    if plan.deadline and plan.deadline.at <= facts.now and not held:
        found.append(Check(code=CheckCode.DEADLINE_PASSED, level=WAIT, at=plan.deadline.at))
    if run.image is None or plan.image_of is not None:
        found += _source(facts, plan, later=True)
    found += [_running(facts, None), *_asking(facts, plan, facts.now)]
    if waits_for_switch(run):  # nothing is replaced yet
        found += _capacity(facts, plan)
    return [_only_warned(it) for it in found]


def _only_warned(check: Check) -> Check:
    """Lower a missing server to a warning: the step itself finds out whether it needs one."""
    if check.code != CheckCode.NO_PREPARATION_SERVER:
        return check
    return replace(check, level=WARN)


def _moment(facts: Facts, at: datetime | None) -> Iterator[Check]:
    if at is not None and at <= facts.now:
        yield Check(code=CheckCode.SCHEDULE_PAST, level=WAIT, at=at)


def _switch(facts: Facts, plan: Plan, start: datetime) -> Iterator[Check]:
    """Check that all can be prepared before the moment at which instances are replaced."""
    if plan.switch is None:
        return
    at, anew = plan.switch.at, plan.image_of is None
    before = estimate.before_replacing(facts.history, anew=anew)
    if at <= start:
        yield Check(code=CheckCode.SWITCH_PASSED, level=WAIT, at=at)
    elif before and at <= start + timedelta(seconds=before.high):
        yield Check(code=CheckCode.SWITCH_MAY_BE_SOON, level=WARN, at=at)


def _deadline(facts: Facts, plan: Plan, start: datetime) -> Iterator[Check]:
    """Check that the deadline lies ahead, and far enough to leave some users alone until then."""
    if plan.deadline is None:
        return
    at, anew = plan.deadline.at, plan.image_of is None
    before = estimate.before_replacing(facts.history, anew=anew)
    replaces = start + timedelta(seconds=before.low) if before else start
    if plan.switch:
        replaces = max(replaces, plan.switch.at)
    if at <= start:
        yield Check(code=CheckCode.DEADLINE_PASSED, level=WAIT, at=at)
    elif at <= replaces:
        yield Check(code=CheckCode.DEADLINE_TOO_SOON, level=WAIT, at=at)
    elif before is None and plan.switch is None:
        longest = estimate.longest_before_replacing(facts.history, anew=anew)
        near = NEAR if longest is None else timedelta(seconds=longest)
        if at <= start + near:
            yield Check(code=CheckCode.DEADLINE_MAY_BE_SOON, level=WARN, at=at)


def _source(facts: Facts, plan: Plan, *, later: bool) -> Iterator[Check]:
    """Check what is published: the preparation server, or the image of an earlier version."""
    if plan.image_of is None:
        yield _preparation(facts, later=later)
        yield from _image(facts)
    elif facts.earlier is None or facts.earlier.gone:
        yield Check(code=CheckCode.IMAGE_GONE, level=WAIT, version=plan.image_of)
    else:
        yield Check(code=CheckCode.IMAGE_AVAILABLE, level=PASS, version=plan.image_of)
    if nothing_changed(facts, plan):
        yield Check(
            code=CheckCode.NOTHING_CHANGED, level=WARN, version=facts.environment.current_version
        )


def _preparation(facts: Facts, *, later: bool) -> Check:
    server = facts.preparation
    if server is None:
        return Check(code=CheckCode.NO_PREPARATION_SERVER, level=WAIT)
    state = ServerState(server.status)
    if state is ServerState.RUNNING:
        return Check(code=CheckCode.PREPARATION_RUNNING, level=PASS)
    if state is ServerState.STOPPED:
        return Check(code=CheckCode.PREPARATION_STOPPED, level=PASS)
    return Check(code=CheckCode.PREPARATION_MOVING, level=WARN if later else WAIT, at=server.since)


def _image(facts: Facts) -> Iterator[Check]:
    """Warn of an image that nobody here asked for; a running publication is reported anyhow."""
    server = facts.preparation
    if server and server.image_status == ImageState.CREATING and facts.running is None:
        yield Check(code=CheckCode.IMAGE_CREATING, level=WARN, at=server.image_since)


def _running(facts: Facts, at: datetime | None) -> Check:
    run = facts.running
    if run is None:
        return Check(code=CheckCode.NO_PUBLICATION_RUNNING, level=PASS)
    return Check(
        code=CheckCode.PUBLICATION_RUNNING,
        level=WAIT if at is None else WARN,
        version=run.version,
        by=run.publisher,
        at=run.started_at or run.requested_at,
        seconds=estimate.left(run, facts.history, now=facts.now),
    )


def _clashes(facts: Facts, start: datetime, ours: Span | None, waits: timedelta) -> Iterator[Check]:
    """Find other publications planned for the time this one takes, or running when it begins."""
    for other in facts.scheduled:
        assert other.scheduled_for
        span = estimate.whole(other.plan, facts.history)
        before, after = other.scheduled_for - start, start - other.scheduled_for
        if before <= _longest(ours) + waits and after <= _longest(span):
            yield _clash(other, span)


def _longest(span: Span | None) -> timedelta:
    """Return how long a publication may take; where no run has shown that, an hour."""
    return timedelta(seconds=span.high) if span else NEAR


def _clash(other: Publication, span: Span | None) -> Check:
    return Check(
        code=CheckCode.SCHEDULE_CLASH,
        level=WARN,
        at=other.scheduled_for,
        by=other.publisher,
        seconds=span.usual if span else None,
    )


def _shutdown(
    facts: Facts, plan: Plan, at: datetime | None, end: datetime, *, known: bool
) -> Iterator[Check]:
    """Check when the preparation server shuts down; only a new image needs it."""
    server = facts.preparation
    if plan.image_of is not None or server is None or server.shutdown is None:
        return
    stops = server.shutdown.at
    if at is not None and stops < at:
        yield Check(code=CheckCode.SHUTDOWN_BEFORE, level=WARN, at=stops)
    elif stops <= end and (known or at is not None):
        yield Check(code=CheckCode.SHUTDOWN_IN_RUN, level=WARN, at=stops)


def _asking(facts: Facts, plan: Plan, start: datetime) -> Iterator[Check]:
    if not (plan.asks_users or plan.ends_sessions):
        return
    allowed = facts.allowance
    if plan.asks_users and allowed and not allowed.left:
        at_once = plan.model == Model.RECONNECT
        yield Check(
            code=CheckCode.ALLOWANCE_NONE,
            level=WAIT if at_once else WARN,
            at=allowed.resets_at,
            count=allowed.limit,
        )
    asked = [(r.asked_at, r.users_asked) for r in facts.history if r.asked_at]
    if asked and start - max(asked)[0] <= RECENT:
        at, users = max(asked)
        yield Check(code=CheckCode.ASKED_RECENTLY, level=WARN, at=at, count=users or None)


def _capacity(facts: Facts, plan: Plan) -> Iterator[Check]:
    if facts.present and not capacity_left(facts, plan):
        yield Check(code=CheckCode.NOT_ENOUGH_CAPACITY, level=WARN, count=len(facts.present))


def _hold(facts: Facts, plan: Plan) -> Iterator[Check]:
    """Warn of a hold after the last instance: it is meant for a look while others are unchanged.
    Warn as well when those that are to go first are gone.
    """
    total, there = len(facts.present) + facts.missing, {it.name for it in facts.present}
    if not plan.hold or not total:
        return
    if gone := [it for it in plan.hold.named if it not in there]:
        yield Check(code=CheckCode.FIRST_GONE, level=WARN, name=gone[0], count=len(gone))
    if first_of(plan.hold, total, there) >= total:
        yield Check(code=CheckCode.HOLD_AFTER_ALL, level=WARN, count=total)
