"""All is prepared at once, and instances are replaced from a moment on that can be moved."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.estimate import span_left
from autosky_desktop.domain.local_time import WallClock
from autosky_desktop.domain.plan import HoldDecision, Model, MoveRequest, Schedule, Switch
from autosky_desktop.domain.publication import Publication, planned_for, switches_at
from autosky_desktop.server.refusal import Refusal
from tests.support.holding import Holding
from tests.support.people import ANA
from tests.support.publishing_world import ZONE

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def publish(plane: Holding) -> datetime:
    """Publish a version that switches in four hours, let all be prepared, and return when."""
    at = (plane.time() + 4 * HOUR).replace(second=0, microsecond=0)
    plane.publish(Model.STANDARD, hold=None, switch=Switch(at=at, time_zone=ZONE))
    plane.until(lambda run: run.waiting_for == "switch")
    return at


def wait_until(plane: Holding, moment: datetime) -> Publication:
    while plane.time() < moment:
        plane.look(60)
    return plane.run


def move(plane: Holding, expected: datetime, to: datetime) -> Publication:
    request = MoveRequest(expected=expected, schedule=Schedule(at=to, time_zone=ZONE))
    moving = plane.world.schedule_commands.move(
        plane.identity, request, principal=ANA, key=plane.key()
    )
    return plane.do(moving)


def test_all_is_prepared_and_nothing_replaced_before_the_moment_which_then_comes_by_itself(plane):
    at = publish(plane)
    waits = wait_until(plane, at - 2 * MINUTE)
    assert (waits.state, waits.waits_until, waits.instances_total) == ("waiting", at, 0)
    assert waits.image is not None
    assert plane.new() == set()
    assert plane.ended().state == "succeeded"
    assert plane.old() == set()
    step = plane.run.steps[4]
    assert (step.switched_by, step.started_at >= at) == ("", True)  # it took no hours


def test_a_control_plane_that_comes_back_soon_after_the_moment_switches(plane):
    at = publish(plane)
    plane.dies()
    wait_until(plane, at + 10 * MINUTE)
    assert plane.ended().state == "succeeded"


def test_a_moment_that_nobody_was_there_for_is_missed_and_tried_again_at_once(plane):
    at = publish(plane)
    plane.time.now = at + 16 * MINUTE
    missed = plane.ended()
    assert (missed.state, missed.steps[4].reason) == ("failed", "switch-missed")
    assert plane.new() == set()
    plane.retry()
    assert plane.ended().state == "succeeded"
    assert plane.run.steps[4].switched_by == "ana"


def test_somebody_switches_before_the_moment_and_nobody_can_go_back_instead(plane):
    at = publish(plane)
    back = plane.world.publication_commands.go_on(
        plane.identity, HoldDecision.BACK, principal=ANA, key=plane.key()
    )
    with pytest.raises(Refusal) as refused:
        plane.do(back)
    assert refused.value.code == "not-held"
    plane.go_on()
    ended = plane.ended()
    assert (ended.state, ended.steps[4].switched_by) == ("succeeded", "ana")
    assert ended.ended_at < at


def test_the_moment_is_moved_until_it_has_come(plane):
    at = publish(plane)
    with pytest.raises(Refusal) as refused:
        move(plane, at + MINUTE, at + HOUR)
    assert refused.value.code == "changed-meanwhile"
    with pytest.raises(Refusal):
        move(plane, at, plane.time() - MINUTE)
    moved = move(plane, at, at + HOUR)
    assert planned_for(moved) == moved.waits_until == at + HOUR
    assert wait_until(plane, at + 30 * MINUTE).waiting_for == "switch"
    assert plane.ended().state == "succeeded"
    with pytest.raises(Refusal) as refused:
        move(plane, at + HOUR, at + 9 * HOUR)
    assert refused.value.code == "already-ended"


def test_it_is_stopped_before_the_moment_and_nothing_is_replaced(plane):
    publish(plane)
    plane.cancel()
    assert plane.ended().state == "cancelled"
    assert plane.new() == set()


def test_the_hour_that_was_meant_stays_when_the_rules_of_its_zone_change(plane):
    """São Paulo is three hours behind; the wall clock that was kept is what counts."""
    at = publish(plane)
    run = plane.run
    local = (at - 3 * HOUR).replace(tzinfo=None).isoformat()
    assert run.plan.switch == Switch(at=at, time_zone=ZONE, meant=WallClock(local=local))
    other = replace(run.plan.switch, at=at - HOUR)  # by rules that hold no more
    assert switches_at(replace(run, plan=replace(run.plan, switch=other))) == at


def test_what_is_left_is_the_wait_and_the_replacing(plane):
    at = publish(plane)
    past = [ended(plane.run, number) for number in range(3)]
    left = span_left(plane.run, past, now=at - HOUR)
    assert left.usual == pytest.approx(3600 + 2 * 60)


def ended(run: Publication, number: int) -> Publication:
    """Return a publication of its kind whose steps took a minute each."""
    steps = [
        replace(
            step, state="succeeded", started_at=run.requested_at, ended_at=run.requested_at + MINUTE
        )
        for step in run.steps
    ]
    return replace(run, id=str(number), state="succeeded", steps=steps, ended_at=run.requested_at)
