"""A publication that stops at the first instance whose successor does not come up."""

from datetime import timedelta

import pytest

from autosky_desktop.domain.plan import Model, Plan, PublishRequest
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.providers.simulated.state import SimulatedInstance
from tests.support.holding import Holding
from tests.support.people import ANA
from tests.support.publishing_world import STAGING


def instances(it: Holding) -> list[SimulatedInstance]:
    return list(it.world.provider._now(STAGING).instances.values())


def statuses(it: Holding) -> list[str]:
    return [instance.facts.status for instance in instances(it)]


def fails_next(it: Holding) -> bool:
    """Return whether a new instance will have failed at the next look."""
    unhealthy = [new for new in instances(it) if not new.healthy]
    soon = it.time() + timedelta(seconds=20)
    return any(new.ready_at is not None and new.ready_at <= soon for new in unhealthy)


@pytest.mark.parametrize("question", range(1, 15, 2))
def test_it_says_why_whenever_the_process_dies_over_it(plane, question):
    """And nothing is left of what it began: not one instance more or less than before."""
    plane.world.provider.faults = Faults(unhealthy_instance=2)
    asked = PublishRequest(expected_version=plane.next_version(), plan=Plan(model=Model.STANDARD))
    publish = plane.world.publisher.publish(STAGING, asked, principal=ANA, key=plane.key())
    plane.identity = plane.do(publish).id
    plane.until(lambda run: run.instances_replaced == 1)
    plane.until(lambda _: fails_next(plane))
    plane.gate.fatal = question
    ended = plane.ended()
    assert (ended.state, ended.steps[4].reason) == ("failed", "replacement-failed")
    assert "INST-02" in (ended.steps[4].detail or "")
    assert (ended.instances_replaced, ended.instances_failed) == (len(plane.new()), 0)
    assert statuses(plane) == ["available"] * 6
    plane.world.provider.faults = Faults()
    plane.retry()
    assert plane.ended().state == "succeeded"
    assert statuses(plane) == ["available"] * 6
