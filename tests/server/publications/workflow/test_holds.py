"""Hold points across a crash: the first share stays the one that was chosen."""

import pytest

from autosky_desktop.domain.plan import (
    Model,
    Plan,
    PreviewRequest,
    PublishRequest,
)
from autosky_desktop.domain.publication import Preview, Publication
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.refusal import Refusal
from tests.support.holding import SESSIONS, Holding
from tests.support.people import ANA
from tests.support.publishing_world import STAGING


def test_after_a_crash_no_other_instance_is_replaced_for_one_that_failed_in_the_first_share(plane):
    first, second, *_ = plane.emptiest()
    plane.world.provider.faults = Faults(unhealthy_instance=plane.number(second))
    plane.publish(Model.STANDARD, stop=False)
    plane.held()
    plane.dies()
    for _ in range(20):
        plane.look(60)
    assert plane.new() == {first}
    assert plane.run.instances_failed == 1
    assert (plane.run.state, plane.run.waiting_for) == ("waiting", "go-on")


def test_an_instance_that_failed_before_the_hold_is_told_of_after_a_crash_behind_it(plane):
    first, second, *others = plane.emptiest()
    plane.world.provider.faults = Faults(unhealthy_instance=plane.number(second))
    plane.publish(Model.STANDARD, stop=False)
    plane.held()
    plane.go_on()
    plane.until(lambda run: run.instances_replaced > 1)
    plane.dies()
    ended = plane.ended()
    assert (ended.state, ended.instances_failed) == ("failed", 1)
    assert ended.steps[4].reason == "instances-failed"
    assert plane.new() == {first, *others}


def test_those_who_were_asked_in_the_first_share_are_the_ones_who_are_disconnected(plane):
    first = set(plane.emptiest()[:2])
    plane.publish(Model.RECONNECT)
    plane.until(lambda run: run.instances_replaced == 1, seconds=5)
    plane.dies()
    held = plane.held()
    assert (plane.new(), held.instances_replaced) == (first, 2)


def test_a_bake_time_does_not_begin_anew_with_a_crash(plane):
    plane.publish(Model.STANDARD, bake=3600)
    before = plane.held()
    plane.dies()
    plane.look(1200)
    plane.look(60)
    after = plane.run
    assert (after.state, after.waiting_for) == ("waiting", "bake")
    assert after.waits_until == before.waits_until


def test_sessions_that_ended_before_the_hold_are_counted_once(plane):
    plane.publish(Model.STANDARD)
    plane.held()
    plane.dies()
    plane.until(lambda run: run.state == "waiting")
    plane.go_on()
    plane.until(lambda run: run.instances_replaced > 3)
    plane.dies()
    assert plane.ended().sessions_ended == SESSIONS


def test_one_that_fails_at_a_busy_cloud_has_not_ended_before_users_can_sign_in(plane):
    plane.publish(Model.OPTIMIZED)
    plane.held()
    plane.world.provider.faults = Faults(busy_next=20)
    plane.go_on()
    plane.look(20)
    assert (plane.run.state, plane.blocked()) == ("running", plane.old())
    assert plane.ended().steps[4].reason == "provider-busy"
    assert not plane.blocked()


def test_one_that_was_cancelled_leaves_nobody_out_when_the_process_dies_over_it(plane):
    plane.publish(Model.OPTIMIZED)
    plane.held()
    plane.cancel()
    plane.gate.fatal = 1
    plane.look(20)
    plane.comes_back()
    assert plane.ended().state == "cancelled"
    assert not plane.blocked()


@pytest.mark.parametrize("question", range(1, 13))
def test_all_that_were_replaced_are_counted_when_the_process_dies_meanwhile(plane, question):
    asked = PublishRequest(expected_version=plane.next_version(), plan=Plan(model=Model.STANDARD))
    publish = plane.world.publisher.publish(STAGING, asked, principal=ANA, key=plane.key())
    plane.identity = plane.do(publish).id
    plane.until(lambda run: run.steps[2].done)
    plane.gate.fatal = 2 * question
    ended = plane.until(lambda run: run.ended, seconds=600)
    assert ended.state == "succeeded"
    assert (ended.instances_replaced, ended.instances_total) == (6, 6)
    assert (ended.steps[4].done, ended.steps[4].total) == (6, 6)


def waits(seen: Preview) -> list[str]:
    return [it.code for it in seen.checks if it.level == "wait"]


def test_going_on_from_a_hold_touches_the_others_and_going_back_touches_all(plane):
    plane.publish(Model.STANDARD)
    plane.held()
    rest = plane.would_touch()
    assert (rest.version, rest.instances, waits(rest)) == (plane.run.version, 4, [])
    assert rest.sessions_end == plane.sessions(plane.old()) > 0
    back = plane.would_touch(back=True)
    assert (back.instances, back.sessions_end) == (6, plane.sessions(plane.old() | plane.new()))
    assert waits(back) == []  # the instances told the image of what was there at the beginning
    plane.go_on()
    assert plane.ended().sessions_ended == SESSIONS


def test_what_failed_touches_what_it_has_not_replaced_when_it_is_tried_again(plane):
    *_, last = plane.emptiest()
    plane.world.provider.faults = Faults(unhealthy_instance=plane.number(last))
    plane.publish(Model.STANDARD)
    plane.held()
    plane.go_on()
    assert plane.ended().state == "failed"
    left = plane.would_touch()
    assert (left.instances, left.sessions_end) == (len(plane.old()), plane.sessions(plane.old()))
    assert left.sessions_end > 0
    plane.world.provider.faults = Faults()
    plane.retry()
    ended = plane.ended()
    assert ended.state == "succeeded"
    assert (plane.old(), ended.sessions_ended) == (set(), SESSIONS)


def test_a_request_to_reconnect_is_counted_once_and_said_once(plane):
    plane.publish(Model.RECONNECT)
    plane.held()
    assert plane.would_touch().allowance is None
    assert plane.would_touch().sessions_asked == plane.sessions(plane.old())
    plane.world.provider.faults = Faults(unhealthy_instance=plane.number(plane.emptiest()[-1]))
    plane.go_on()
    assert plane.ended().state == "failed"
    assert plane.would_touch().allowance is None


def test_one_that_failed_before_anybody_was_asked_uses_a_request_when_it_is_tried_again(plane):
    plane.world.provider.faults = Faults(image_fails="no space")
    plane.publish(Model.RECONNECT)
    assert plane.ended().state == "failed"
    seen = plane.would_touch()
    assert (seen.allowance.used, seen.sessions_asked, seen.instances) == (0, SESSIONS, 6)
    assert "preparation-running" in {it.code for it in seen.checks}


def test_of_a_publication_that_is_not_there_nothing_is_left(plane):
    request = PreviewRequest(rest_of="nobody")
    with pytest.raises(Refusal) as caught:
        plane.do(plane.world.publisher.preview(STAGING, request))
    assert caught.value.code == "not-found"


def stopped_after_some(plane: Holding) -> Publication:
    """Past its hold, with three of six instances replaced or more."""
    plane.publish(Model.STANDARD)
    plane.held()
    plane.go_on()
    plane.until(lambda run: run.instances_replaced > 2)
    plane.cancel()
    return plane.ended()


def test_the_number_of_what_was_stopped_with_instances_replaced_is_not_given_again(plane):
    stopped = stopped_after_some(plane)
    assert (stopped.state, stopped.version, stopped.replaces) == ("cancelled", 58, 57)
    assert plane.new()
    assert plane.old()
    seen = plane.do(plane.world.publisher.preview(STAGING, PreviewRequest()))
    assert (seen.version, seen.replaces) == (59, 57)
    with pytest.raises(Refusal) as caught:
        plane.do(plane.world.publisher.publish(
            STAGING, PublishRequest(expected_version=58), principal=ANA, key="twice"
        ))  # fmt: skip
    assert (caught.value.code, caught.value.version) == ("version-moved", 59)
    plane.publish(Model.STANDARD)
    assert plane.run.version == 59
    assert not plane.new()
    plane.held()
    plane.go_on()
    assert plane.ended().instances_replaced == 6
    assert (plane.version(), plane.old()) == (59, set())


def test_the_number_of_what_was_stopped_before_its_image_goes_to_the_next(plane):
    plane.publish(Model.STANDARD)
    plane.until(lambda run: run.steps[2].done)
    plane.cancel()
    assert plane.ended().state == "cancelled"
    plane.publish(Model.STANDARD)
    assert plane.run.version == 58


def test_what_is_scheduled_has_the_number_after_an_image_that_was_made_meanwhile(plane):
    asked = PublishRequest(expected_version=58, schedule=plane.soon())
    later = plane.do(
        plane.world.schedule_commands.plan(STAGING, asked, principal=ANA, key=plane.key())
    )
    plane.publish(Model.STANDARD)
    assert plane.of(later).version == 58
    plane.held()
    assert (plane.of(later).version, plane.of(later).replaces) == (59, 57)
    plane.go_on()
    plane.ended()
    assert (plane.of(later).version, plane.of(later).replaces) == (59, 58)


def test_from_a_first_publication_one_goes_back_to_what_ran_before(plane):
    before = plane.images()
    plane.publish(Model.STANDARD)
    assert plane.held().replaced_image in before
    plane.go_back()
    assert plane.ended().state == "cancelled"
    back = max(plane.runs(), key=lambda run: run.version)
    plane.identity = back.id
    ended = plane.ended()
    assert (ended.state, ended.plan.image_of, ended.version) == ("succeeded", 57, 59)
    assert plane.images() == before


def test_what_ran_before_the_first_publication_can_be_published_again_later(plane):
    before = plane.images()
    plane.publish(Model.STANDARD, hold=None)
    assert plane.ended().state == "succeeded"
    assert plane.images().isdisjoint(before)
    plane.publish(Model.STANDARD, hold=None)
    assert plane.ended().replaced_image is None  # the publication before it has the image
    plane.publish(Model.STANDARD, hold=None, image_of=57)
    ended = plane.ended()
    assert (ended.state, ended.version) == ("succeeded", 60)
    assert plane.images() == before


def test_what_another_version_runs_on_is_nothing_to_go_back_to(plane):
    [before] = plane.images()
    plane.one_of_another_image(version=12)
    plane.publish(Model.STANDARD)
    assert plane.held().replaced_image == before


def test_where_instances_differ_nobody_says_what_to_go_back_to(plane):
    plane.one_of_another_image()
    plane.publish(Model.STANDARD)
    assert plane.held().replaced_image is None
    with pytest.raises(Refusal) as caught:
        plane.go_back()
    assert caught.value.code == "image-gone"


def test_going_back_from_a_hold_has_a_number_of_its_own(plane):
    plane.publish(Model.STANDARD)
    plane.held()
    plane.go_on()
    assert plane.ended().state == "succeeded"
    plane.publish(Model.STANDARD)
    plane.held()
    assert (plane.run.version, plane.would_touch(back=True).version) == (59, 60)
    plane.go_back()
    plane.ended()
    newest = max(plane.runs(), key=lambda run: run.version)
    assert (newest.version, newest.plan.image_of, newest.replaces) == (60, 58, 58)


def test_what_failed_with_an_image_keeps_its_number_until_another_takes_the_next(plane):
    plane.world.provider.faults = Faults(unhealthy_instance=1)
    plane.publish(Model.STANDARD)
    first = plane.identity
    plane.until(lambda run: run.ended or run.waiting_for == "go-on")
    if not plane.run.ended:
        plane.go_on()
    assert (plane.ended().state, plane.run.version) == ("failed", 58)
    plane.world.provider.faults = Faults()
    plane.retry()
    assert plane.run.version == 58
    plane.cancel()
    assert plane.ended().state in ("cancelled", "failed")
    plane.publish(Model.STANDARD)
    assert plane.run.version == 59
    plane.held()
    plane.go_on()
    plane.ended()
    plane.identity = first
    with pytest.raises(Refusal):
        plane.retry()


def test_what_was_stopped_is_told_as_cancelled_and_tried_again_as_done(plane):
    stopped_after_some(plane)
    told = {it.kind: (it.outcome, it.reason) for it in plane.snapshot().activity}
    assert told["publish"] == ("failed", "cancelled")
    assert told["cancel-publication"] == ("done", None)
    plane.world.provider.faults = Faults(image_fails="no space")
    plane.publish(Model.OPTIMIZED)
    assert plane.ended().state == "failed"
    plane.world.provider.faults = Faults()
    plane.retry()
    plane.held()
    plane.go_on()
    assert plane.ended().state == "succeeded"
    newest = next(it for it in plane.snapshot().activity if it.kind != "go-on")
    assert (newest.kind, newest.outcome, newest.version) == ("retry-publication", "done", 59)
