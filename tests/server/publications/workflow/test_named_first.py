"""The instances that a hold names go first, as far as they are there."""

from autosky_desktop.domain.plan import Hold, Model


def test_the_instances_that_were_named_go_first_and_no_other_before_the_hold(plane):
    *_, one, other = plane.emptiest()
    plane.publish(Model.STANDARD, hold=Hold(named=(other, one)))
    plane.held()
    assert (plane.new(), plane.first_gone()) == ({one, other}, [])
    plane.dies()
    for _ in range(20):
        plane.look(60)
    assert plane.new() == {one, other}


def test_of_the_named_those_that_are_there_go_first_and_who_is_gone_is_told(plane):
    *_, fullest = plane.emptiest()
    plane.publish(Model.STANDARD, hold=Hold(named=("GONE-01", fullest, "GONE-02")))
    plane.held()
    assert (plane.new(), plane.first_gone()) == ({fullest}, ["GONE-01", "GONE-02"])


def test_where_none_of_the_named_is_there_one_other_goes_first_alone(plane):
    emptiest, *_ = plane.emptiest()
    plane.publish(Model.STANDARD, hold=Hold(named=("GONE-01", "GONE-02")))
    plane.held()
    assert (plane.new(), plane.first_gone()) == ({emptiest}, ["GONE-01", "GONE-02"])
    plane.go_on()
    assert plane.ended().state == "succeeded"
