"""How long things take in the simulated cloud, and which addresses they leave behind."""

import itertools
from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.server import Power, ServerState
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused
from autosky_desktop.server.providers.simulated import calls, instances
from autosky_desktop.server.providers.simulated.advance import advance, next_due
from tests.support.cloud import MORNING, environment, until, with_image, with_model

WEB, DATABASE, PREPARATION = "web-erp-prod-01", "db-erp-prod-01", "prep-erp-prod-01"
DOCUMENTATION = (ip_network("203.0.113.0/24"), ip_network("198.51.100.0/24"))
SEEDS = range(40)


def begun(state, server, power, *, now=MORNING, key="k"):
    return calls.power(state, server, power, key=key, now=now)


def settled(state, server):
    return until(state, lambda s: s.machines[server].ready_at is None)


def server(state, id_):
    return state.machines[id_].server


@pytest.mark.parametrize(
    ("id_", "power", "between", "end", "least", "most"),
    [
        (PREPARATION, Power.START, ServerState.STARTING, ServerState.RUNNING, 60, 110),
        (WEB, Power.STOP, ServerState.STOPPING, ServerState.STOPPED, 20, 45),
        (WEB, Power.RESTART, ServerState.RESTARTING, ServerState.RUNNING, 50, 120),
    ],
)
def test_a_server_takes_its_time(id_, power, between, end, least, most):
    taken = []
    for seed in SEEDS:
        state = begun(replace(environment("erp-production"), seed=seed), id_, power)
        assert server(state, id_).status == between
        assert server(state, id_).since == MORNING
        state, ended = settled(state, id_)
        assert server(state, id_).status == end
        assert server(state, id_).since == ended
        taken.append((ended - MORNING).total_seconds())
    assert least <= min(taken) < max(taken) <= most
    assert max(taken) - min(taken) > (most - least) / 2


def test_twenty_times_the_speed_is_a_twentieth_of_the_time():
    slow, fast = (
        settled(begun(environment("erp-production", speed=speed), WEB, Power.STOP), WEB)[1]
        for speed in (1, 20)
    )
    assert fast - MORNING == pytest.approx((slow - MORNING) / 20, abs=timedelta(microseconds=20))


def test_an_image_takes_five_to_seven_minutes_and_less_of_a_stopped_server():
    def minutes(id_, seed):
        state = replace(environment(id_), seed=seed)
        return (with_image(state, key="image")[2] - MORNING).total_seconds()

    running = [minutes("erp-staging", seed) for seed in SEEDS]
    stopped = [minutes("erp-production", seed) for seed in SEEDS]
    assert 300 <= min(running) < max(running) <= 420
    assert sum(stopped) < 0.9 * sum(running)


def test_an_image_tells_of_its_progress_in_steps():
    before = environment("erp-production")
    state = calls.create_image(before, key="image", now=MORNING)
    told = []
    while due := next_due(state):
        state = advance(state, now=due)
        told += [it.percent for it in state.images.values() if it.id not in before.images]
    assert told == list(range(5, 101, 5))


def test_an_image_that_fails_says_why():
    state, image, _ = with_image(environment("erp-production"), key="image", fault="No space.")
    assert state.images[image].state == "failed"
    assert state.images[image].percent < 100
    assert server(state, PREPARATION).image_status == "failed"


def test_a_failed_image_makes_no_model():
    state, image, now = with_image(environment("erp-production"), key="image", fault="No space.")
    with pytest.raises(ProviderRefused):
        calls.create_model(state, image=image, version=42, key="model", now=now)


def test_an_image_waits_for_a_server_on_its_way():
    state = begun(environment("erp-production"), PREPARATION, Power.START)
    with pytest.raises(ProviderBusy):
        calls.create_image(state, key="image", now=MORNING)


def test_a_model_takes_twenty_to_forty_seconds():
    state, model, now = with_model(environment("erp-production"), 42)
    assert 20 <= (state.models[model].ready_at - now).total_seconds() <= 40


def test_public_addresses_come_from_the_documentation_and_never_twice_in_a_row():
    state = environment("erp-production")
    addresses = [server(state, WEB).public_ip]
    for turn in range(20):
        for power in (Power.STOP, Power.START):
            state = begun(state, WEB, power, key=f"{power} {turn}")
            state, _ = settled(state, WEB)
        addresses.append(server(state, WEB).public_ip)
    assert all(any(ip_address(a) in net for net in DOCUMENTATION) for a in addresses)
    assert all(a != b for a, b in itertools.pairwise(addresses))


def test_a_database_has_no_public_address_even_when_it_runs():
    state, _ = settled(begun(environment("erp-production"), DATABASE, Power.RESTART), DATABASE)
    assert server(state, DATABASE).public_ip is None
    assert ip_address(server(state, DATABASE).private_ip) in ip_network("10.0.0.0/8")


@pytest.mark.parametrize(
    ("first", "then", "error"),
    [
        (Power.STOP, Power.START, ProviderBusy),
        (Power.RESTART, Power.STOP, ProviderBusy),
        (Power.STOP, Power.RESTART, ProviderBusy),
        (Power.STOP, Power.STOP, None),
        (Power.RESTART, Power.START, None),
        (Power.RESTART, Power.RESTART, None),
    ],
)
def test_a_server_on_its_way_is_left_alone(first, then, error):
    state = begun(environment("erp-production"), WEB, first)
    if error:
        with pytest.raises(error):
            begun(state, WEB, then, key="then")
    else:
        assert begun(state, WEB, then, key="then").machines == state.machines


def test_nobody_has_to_look_for_time_to_pass():
    state = environment("payroll", churn=True)
    state, model, now = with_model(state, 19)
    going, drained, *_ = old = list(state.instances)
    state = instances.start(state, model=model, replaces=going, key="start", now=now)
    state = instances.retire(state, going, end_sessions=True, key="retire", now=now)
    for id_ in old[1:]:
        state = instances.drain(
            state, id_, draining=True, end_sessions=id_ == drained, key=f"drain {id_}", now=now
        )
    looked_at = state
    for minute in range(40):
        looked_at = advance(looked_at, now=now + timedelta(minutes=minute))
    assert looked_at == advance(state, now=now + timedelta(minutes=39))


def test_nothing_is_due_in_a_cloud_at_rest():
    assert next_due(environment("payroll")) is None


def test_sessions_come_and_go_around_their_number_a_step_in_twenty_seconds_at_most():
    state = environment("payroll", churn=True, speed=20)
    seen, moments = [], [MORNING]
    for _ in range(200):
        moments.append(next_due(state))
        state = advance(state, now=moments[-1])
        seen.append(sum(instance.facts.sessions for instance in state.instances.values()))
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(moments)]
    assert 20 <= min(gaps) < max(gaps) <= 60
    assert len(set(seen)) > 3
    assert 80 <= min(seen) < max(seen) <= 160
