"""How the simulated cloud replaces instances, and what that does to the people on them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.server.providers.provider import ProviderBusy
from autosky_desktop.server.providers.simulated import calls, replacement
from autosky_desktop.server.providers.simulated.advance import advance, next_due
from autosky_desktop.server.providers.simulated.state import with_box
from tests.support.cloud import environment, replaced, until, with_model


def new_version(id_="erp-production", *, churn=False, blocked=False):
    state, model, now = with_model(environment(id_, churn=churn), 99)
    if blocked:
        state = calls.block(state, blocked=True, key="block")
    return state, model, now


def begun(state, model, now, *, end_sessions=False, unhealthy=0):
    return calls.replace_instances(
        state, model=model, end_sessions=end_sessions, key="replace", now=now, unhealthy=unhealthy
    )


def emptied(state):
    for box in state.boxes.values():
        state = with_box(state, replace(box, instance=replace(box.instance, sessions=0)))
    return state


def only(state):
    return list(state.replacements.values())[-1]


def statuses(state):
    return {box.instance.status for box in state.boxes.values()}


def total(state):
    return sum(box.instance.sessions for box in state.boxes.values())


def test_one_instance_takes_sixty_to_a_hundred_and_ten_seconds():
    for seed in range(20):
        state, model, now = new_version("erp-staging")
        state = begun(replace(emptied(state), seed=seed), model, now)
        _, then = until(state, lambda s: replacement.progress(s, only(s)).done == 1)
        assert 60 <= (then - now).total_seconds() <= 110


def test_forty_instances_do_not_take_a_quarter_of_an_hour():
    state, model, now = new_version("payroll")
    state, run, ended = replaced(begun(state, model, now, end_sessions=True))
    assert run.done == 40
    assert ended - now < timedelta(minutes=15)


def test_the_new_instance_starts_before_the_old_one_goes_and_takes_its_name():
    state, model, now = new_version("erp-staging")
    state = begun(emptied(state), model, now)
    old, new = sorted(
        (box for box in state.boxes.values() if box.instance.name == "INST-01"),
        key=lambda box: box.instance.version,
    )
    assert (old.instance.status, new.instance.status) == ("draining", "starting")
    assert (new.instance.version, new.instance.public_ip) == (99, None)
    state, _ = until(state, lambda s: s.boxes[new.instance.id].instance.status == "available")
    assert state.boxes[old.instance.id].instance.status == "stopping"
    assert state.boxes[new.instance.id].instance.public_ip


def test_with_end_sessions_every_session_is_ended_and_counted():
    state, model, now = new_version(blocked=True)
    before = total(state)
    state, run, _ = replaced(begun(state, model, now, end_sessions=True))
    assert run.state == "succeeded"
    assert 0 < run.sessions_ended <= before
    assert total(state) == 0


def test_without_it_nobody_is_thrown_out_and_it_waits_for_them():
    state, model, now = new_version(blocked=True)
    state = begun(state, model, now)
    words = {replacement.progress(state, only(state)).state}
    while replacement.running(state):
        busy = {b.instance.id for b in state.boxes.values() if b.instance.sessions}
        state = advance(state, now=next_due(state))
        stopping = {i for i, b in state.boxes.items() if b.instance.status == "stopping"}
        assert not busy & stopping
        words.add(replacement.progress(state, only(state)).state)
    assert words == {"running", "waiting", "succeeded"}
    assert only(state).sessions_ended == 0


def test_blocked_instances_drain_at_once_within_fifteen_minutes():
    state, model, now = new_version(blocked=True)
    state = begun(state, model, now)
    assert "blocked" not in statuses(state)
    ends = [end for box in state.boxes.values() for end in box.sign_outs]
    assert len(ends) == total(state)
    assert now + timedelta(minutes=2) <= min(ends) < max(ends) <= now + timedelta(minutes=15)


def test_instances_that_are_not_blocked_keep_a_place_for_people_until_a_new_one_is_up():
    state, model, now = new_version()
    state = begun(state, model, now)
    assert {"available", "draining"} <= statuses(state)
    state, _ = until(
        state, lambda s: any(b.model == model and not b.ready_at for b in s.boxes.values())
    )
    old = [b for b in state.boxes.values() if b.model != model and b.instance.sessions]
    assert {box.instance.status for box in old} == {"draining"}


def test_no_session_lands_on_blocked_or_draining_instances():
    state, model, now = new_version(churn=True, blocked=True)
    state = begun(state, model, now)
    closed = ("blocked", "draining", "stopping", "starting")
    while replacement.running(state):
        before = state
        state = advance(state, now=next_due(state))
        for id_, box in state.boxes.items():
            if box.instance.status in closed and id_ in before.boxes:
                assert box.instance.sessions <= before.boxes[id_].instance.sessions


def test_an_instance_that_never_becomes_healthy_fails_the_replacement():
    state, model, now = new_version("erp-staging", blocked=True)
    state = begun(emptied(state), model, now, unhealthy=3)
    state, run, ended = replaced(state)
    assert (run.state, run.done) == ("failed", 2)
    assert "INST-03" in run.detail
    assert ended - now > timedelta(minutes=10)
    state, _ = until(state, lambda s: not any(b.ready_at for b in s.boxes.values()))
    assert [b.instance.version for b in state.boxes.values()].count(99) == 2
    assert [b.instance.status for b in state.boxes.values()].count("blocked") == 4
    assert len(state.boxes) == 6


def test_what_was_left_is_replaced_by_the_next_attempt():
    state, model, now = new_version("erp-staging")
    state, _, ended = replaced(begun(emptied(state), model, now, unhealthy=3))
    state = calls.replace_instances(state, model=model, end_sessions=False, key="again", now=ended)
    state, run, _ = replaced(state)
    assert (run.state, run.done) == ("succeeded", 4)
    assert {box.instance.version for box in state.boxes.values()} == {99}


def test_two_different_replacements_do_not_run_at_once():
    state, model, now = new_version()
    state = begun(state, model, now)
    with pytest.raises(ProviderBusy):
        calls.replace_instances(state, model=model, end_sessions=True, key="other", now=now)


def test_asking_for_the_same_replacement_joins_it():
    state, model, now = new_version()
    state = begun(state, model, now)
    joined = calls.replace_instances(state, model=model, end_sessions=False, key="other", now=now)
    assert joined.keys["replace other"] == joined.keys["replace replace"]
    assert joined.boxes == state.boxes


def test_every_instance_is_written_down_as_replaced_once():
    state, model, now = new_version()
    old = set(state.boxes)
    state, _, _ = replaced(begun(state, model, now, end_sessions=True))
    written = [effect for effect in state.effects.values() if effect.kind == "replace"]
    assert {effect.target for effect in written} == old
    assert {(effect.key, effect.count) for effect in written} == {("replace", 1)}
