"""What a rollout decides from the instances as they are, however they came to be so."""

import pytest

from autosky_desktop.domain.environment import Instance
from autosky_desktop.server.providers.provider import Admission, Member
from autosky_desktop.server.publications.workflow.rollout import Rollout, RolloutTask

OLD, NEW = "lt-57", "lt-58"


def member(
    id_: str,
    status: str = "available",
    *,
    model: str = OLD,
    replaces: str = "",
    sessions: int | None = 0,
    admission: Admission = Admission.OPEN,
    failed: str = "",
) -> Member:
    instance = Instance(id=id_, name=id_, status=status, version=57, sessions=sessions)
    return Member(
        instance=instance, model=model, replaces=replaces, admission=admission, failed=failed
    )


def new(id_: str, replaces: str, status: str = "starting", **fields) -> Member:
    return member(id_, status, model=NEW, replaces=replaces, **fields)


def rollout(*members: Member, end_sessions: bool = False, **task) -> Rollout:
    return Rollout(members, RolloutTask(model=NEW, end_sessions=end_sessions, **task))


def ids(members) -> list[str]:
    return [it.instance.id for it in members]


def some(count: int, **fields) -> list[Member]:
    return [member(f"{number:02}", **fields) for number in range(1, count + 1)]


@pytest.mark.parametrize(("count", "at_once"), [(1, 1), (6, 1), (7, 2), (12, 2), (40, 7)])
def test_a_sixth_of_them_begins_at_once(count, at_once):
    assert len(rollout(*some(count)).starting) == at_once


def test_no_more_begin_before_the_old_one_of_a_pair_is_gone():
    pair = [new("n", "01", "available"), *some(6)]
    assert ids(rollout(*pair).starting) == []
    assert ids(rollout(*pair).succeeded) == ["n"]
    leaving = [new("n", "01", "available"), member("01", "stopping"), *some(6)[1:]]
    assert ids(rollout(*leaving).starting) == []
    for gone in ([], [member("01", "terminated")]):
        assert ids(rollout(new("n", "01", "available"), *gone, *some(6)[1:]).starting) == ["02"]


def test_drained_ones_go_first_and_then_the_emptiest():
    members = [
        member("a", sessions=3),
        member("b", sessions=1),
        member("c", sessions=2, admission=Admission.DRAINING),
    ]
    assert ids(rollout(*members, end_sessions=True).starting) == ["c"]
    assert ids(rollout(*members[:2], end_sessions=True).starting) == ["b"]


def test_an_empty_one_goes_at_once_though_others_were_drained_before_it():
    members = [member("a", sessions=3, admission=Admission.DRAINING), member("b")]
    assert ids(rollout(*members).starting) == ["b"]


def test_whoever_is_not_told_of_may_be_there_and_is_waited_for():
    assert ids(rollout(member("a", sessions=None)).starting) == ["a"]
    pair = rollout(member("a", sessions=None), new("n", "a", "available"))
    assert pair.is_waiting
    assert not pair.is_done


def test_it_waits_only_when_nothing_else_goes_on():
    busy = member("a", sessions=2, admission=Admission.DRAINING)
    assert rollout(busy).is_waiting
    assert not rollout(busy, end_sessions=True).is_waiting
    assert not rollout(busy, member("b")).is_waiting
    assert not rollout(busy, member("b"), new("n", "b")).is_waiting
    assert not rollout(busy, member("b", "stopping"), new("n", "b", "available")).is_waiting
    assert rollout(busy, new("n", "a", "available")).is_waiting


def test_people_keep_a_place_until_one_of_the_new_is_there_for_them():
    members = some(6, sessions=2)
    assert ids(rollout(*members).draining) == ["01"]
    there = new("n", "gone", "available")
    assert ids(rollout(there, *members).draining) == ids(members)
    blocked = [member(it.instance.id, sessions=2, admission=Admission.BLOCKED) for it in members]
    assert ids(rollout(*blocked).draining) == ids(members)


def test_one_that_failed_stays_and_lets_people_on_again():
    old = member("a", admission=Admission.DRAINING)
    failed = new("n", "a", failed="It did not come up.")
    assert ids(rollout(old, failed).failures) == ["n"]
    after = rollout(old, failed, failed=frozenset("a"))
    assert (ids(after.failures), ids(after.abandoned), ids(after.staying)) == ([], ["n"], ["a"])
    assert not after.is_done
    assert not rollout(old, failed=frozenset("a")).is_done
    assert rollout(member("a"), failed=frozenset("a")).is_done


def test_what_another_rollout_left_coming_is_abandoned_and_what_is_up_serves():
    old = member("a")
    coming = member("x", "starting", model="lt-56", replaces="a")
    seen = rollout(old, coming)
    assert (ids(seen.abandoned), ids(seen.starting)) == (["x"], ["a"])
    up = rollout(old, member("x", model="lt-56", replaces="a"))
    assert (ids(up.abandoned), ids(up.succeeded), ids(up.starting)) == ([], ["x"], [])


def test_of_two_that_replace_one_the_one_that_is_up_stays():
    seen = rollout(member("a"), new("n", "a"), new("m", "a", "available"))
    assert (ids(seen.succeeded), ids(seen.abandoned)) == (["m"], ["n"])


def test_what_was_replaced_long_ago_is_asked_of_no_more():
    """Whose model it is says whether this rollout has retired it."""
    before = member("x", model=OLD, replaces="gone")
    ours = new("n", "also gone", "available")
    assert ids(rollout(before, ours).succeeded) == ["n"]


def test_only_those_that_are_named_are_looked_at():
    members = [*some(6), new("n", "06", "available")]
    seen = rollout(*members, only=frozenset({"02"}))
    assert (ids(seen.succeeded), seen.is_done) == ([], False)
    assert rollout(*members[2:], only=frozenset({"02"})).is_done
    assert ids(rollout(*members[:6], only=frozenset({"02"})).starting) == ["02"]


def test_it_is_done_when_the_last_old_one_is_gone():
    assert not rollout(member("a", "stopping"), new("n", "a", "available")).is_done
    assert rollout(member("a", "terminated"), new("n", "a", "available")).is_done
    assert rollout(new("n", "a", "available")).is_done
    assert rollout().is_done
