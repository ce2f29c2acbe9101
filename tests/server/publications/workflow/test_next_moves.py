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


def added(id_: str, status: str = "starting", **fields) -> Member:
    return new(id_, "", status, **fields)


def test_as_many_begin_as_are_missing_and_a_sixth_of_them_at_once():
    assert rollout().is_done, "as many as there are"
    assert rollout(wanted=3).missing == ["added/1", "added/2", "added/3"]
    assert rollout(wanted=3).adding == ["added/1"]
    assert rollout(wanted=12).adding == ["added/1", "added/2"]
    assert rollout(*some(3), wanted=3).missing == rollout(*some(4), wanted=3).missing == []


def test_what_comes_up_is_waited_for_and_takes_its_place():
    seen = rollout(added("a"), wanted=2)
    assert (ids(seen.coming), seen.missing, seen.adding, seen.lacking) == (
        ["a"],
        ["added/2"],
        [],
        2,
    )
    up = rollout(added("a", "available"), wanted=2)
    assert (up.coming, up.adding, up.lacking) == ([], ["added/2"], 1)
    assert not seen.is_done
    assert not up.is_done
    assert not rollout(added("a"), wanted=1).is_done
    assert rollout(added("a", "available"), added("b", "blocked"), wanted=2).is_done


def test_what_is_missing_begins_before_others_are_replaced():
    seen = rollout(*some(5), wanted=6)
    assert (seen.adding, seen.starting, seen.draining) == (["added/6"], [], [])
    assert not rollout(member("01", sessions=2), added("a"), wanted=2).is_waiting
    assert ids(rollout(*some(5), added("a", "available"), wanted=6).starting) == ["01"]


def test_a_pair_is_one_and_what_goes_without_a_successor_is_none():
    pair = [member("01", "stopping"), new("n", "01", "available")]
    assert rollout(*pair, wanted=1).missing == []
    assert rollout(member("01"), new("n", "01"), wanted=1).missing == []
    assert rollout(member("01", "stopping"), wanted=1).missing == ["added/1"]
    assert rollout(member("01", "terminated"), wanted=1).missing == ["added/1"]


def test_one_that_failed_goes_and_is_not_begun_again():
    seen = rollout(added("a", failed="No room."), added("b"), wanted=3)
    assert ids(seen.failures) == ["a"]
    after = rollout(added("a"), added("b"), wanted=3, failed=frozenset({"added/a"}))
    assert (ids(after.abandoned), ids(after.coming), after.missing) == (["a"], ["b"], ["added/3"])
    gone = rollout(*some(2, model=NEW), wanted=3, failed=frozenset({"added/a"}))
    assert (gone.missing, gone.lacking, gone.is_done) == ([], 1, True)


def test_one_whose_state_nobody_knows_is_no_new_one():
    strange = rollout(added("a", "unknown", failed="Odd."), wanted=1, failed=frozenset({"added/a"}))
    assert (strange.abandoned, strange.failures, strange.coming) == ([], [], [])


def test_before_a_hold_only_the_chosen_places_are_filled():
    first = frozenset({"added/1"})
    assert rollout(wanted=6, only=first).adding == ["added/1"]
    assert rollout(added("a", "available"), wanted=6, only=first).is_done
    assert rollout(wanted=6, only=frozenset()).is_done


def test_whoever_comes_up_where_no_number_is_wanted_is_left_alone():
    seen = rollout(added("a", failed="No room."))
    assert (seen.coming, seen.failures, seen.abandoned, seen.is_done) == ([], [], [], True)
