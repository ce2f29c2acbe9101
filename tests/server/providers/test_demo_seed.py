"""The demo has something of everything to show."""

from zoneinfo import ZoneInfo

import pytest

from autosky_desktop.domain.environment import SCALING, Label
from autosky_desktop.domain.server import ServerRole, ServerState
from autosky_desktop.server.providers import demo_seed

SCALING_ONES = [each for each in demo_seed.environments() if each.kind == SCALING]


@pytest.fixture(params=SCALING_ONES, ids=lambda each: each.id)
def environment(request):
    return request.param


def test_there_are_four_environments():
    names = [each.name for each in demo_seed.environments()]
    assert names == ["ERP Production", "ERP Staging", "Payroll", "Point of Sale"]
    labels = [each.label for each in demo_seed.environments()]
    assert labels == [Label.PRODUCTION, Label.STAGING, Label.PRODUCTION, Label.PRODUCTION]


def test_one_has_servers_and_nothing_to_publish():
    [micro] = [each for each in demo_seed.environments() if each not in SCALING_ONES]
    assert (micro.kind, micro.instances, micro.current_version) == ("micro", 0, None)
    assert {server.role for server in micro.servers} == {ServerRole.SUPPORT}


def test_each_scaling_one_has_a_preparation_server_two_or_three_others_and_some_instances(
    environment,
):
    roles = [server.role for server in environment.servers]
    assert roles.count(ServerRole.PREPARATION) == 1
    assert 2 <= roles.count(ServerRole.SUPPORT) <= 3
    assert 6 <= environment.instances <= 40
    assert ZoneInfo(environment.time_zone)


def test_the_demo_begins_with_a_stopped_preparation_and_a_stopped_support_server():
    stopped = {
        server.role
        for each in demo_seed.environments()
        for server in each.servers
        if server.status == ServerState.STOPPED
    }
    assert stopped == {ServerRole.PREPARATION, ServerRole.SUPPORT}
