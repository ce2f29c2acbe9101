"""Whatever is asked of the simulated cloud, and whenever: what always holds."""

from contextlib import suppress
from datetime import timedelta

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.provider import ProviderError
from autosky_desktop.server.providers.simulated import calls, instances
from autosky_desktop.server.providers.simulated.advance import advance, next_due
from autosky_desktop.server.providers.simulated.seed import awakened
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment
from tests.support.cloud import MORNING, environment

WORDS = {"available", "blocked", "draining", "starting", "stopping"}
KEYS = st.sampled_from("abcdefgh")
PLACES = st.integers(0, 60)


class Anything(RuleBasedStateMachine):
    @initialize(
        id_=st.sampled_from(["erp-production", "erp-staging", "payroll"]), churn=st.booleans()
    )
    def opens(self, id_, churn):
        self.now = MORNING
        self.state = environment(id_, churn=churn)
        self.names = {instance.facts.name for instance in self.state.instances.values()}
        self.versions = {instance.facts.version for instance in self.state.instances.values()}

    def asks(self, call, **asked):
        """A call, and the same call again: the second changes nothing."""
        with suppress(ProviderError):
            self.state = call(self.state, **asked)
            assert call(self.state, **asked) is self.state

    @rule(seconds=st.integers(1, 900), halfway=st.floats(0, 1))
    def time_goes_on(self, seconds, halfway):
        between = self.now + timedelta(seconds=seconds * halfway)
        self.now += timedelta(seconds=seconds)
        looked_at = advance(advance(self.state, now=between), now=self.now)
        self.state = advance(self.state, now=self.now)
        assert looked_at == self.state

    @rule(speed=st.sampled_from([1.0, 20.0, 1000.0]), churn=st.booleans())
    def opens_again(self, speed, churn):
        saved = msgspec.json.decode(msgspec.json.encode(self.state), type=SimulatedEnvironment)
        assert saved == self.state
        self.state = awakened(saved, now=self.now, speed=speed, churn=churn)

    @rule(place=st.integers(0, 3), power=st.sampled_from(Power), key=KEYS)
    def somebody_switches_a_server(self, place, power, key):
        servers = list(self.state.machines)
        server = servers[place % len(servers)]
        self.asks(calls.power, server=server, asked=power, key=key, now=self.now)

    @rule(key=KEYS, fault=st.sampled_from(["", "", "No space."]))
    def an_image_is_asked_for(self, key, fault):
        self.asks(calls.create_image, key=key, now=self.now, fault=fault)

    @precondition(lambda self: self.state.images)
    @rule(key=KEYS, version=st.integers(100, 104))
    def a_model_is_asked_for(self, key, version):
        image = list(self.state.images)[-1]
        self.asks(calls.create_model, image=image, version=version, key=key, now=self.now)
        self.versions |= {model.version for model in self.state.models.values()}

    @rule(key=KEYS, blocked=st.booleans())
    def instances_are_blocked_or_let_go(self, key, blocked):
        self.asks(calls.block, blocked=blocked, key=key)

    def an_instance(self, place):
        ids = sorted(self.state.instances)
        return ids[place % len(ids)]

    @rule(key=KEYS, place=PLACES, unhealthy=st.sampled_from([0, 0, 1, 5]))
    def an_instance_is_started(self, key, place, unhealthy):
        asked = {"model": self.state.model, "replaces": self.an_instance(place)}
        self.asks(instances.start, key=key, now=self.now, unhealthy=unhealthy, **asked)

    @precondition(lambda self: len(self.state.instances) > 1)
    @rule(key=KEYS, place=PLACES, end=st.booleans())
    def an_instance_is_retired(self, key, place, end):
        before = {id_: len(instance.seats) for id_, instance in self.state.instances.items()}
        id_ = self.an_instance(place)
        self.asks(instances.retire, id_=id_, end_sessions=end, key=key, now=self.now)
        left = {id_: len(instance.seats) for id_, instance in self.state.instances.items()}
        if not end:
            assert sum(left.values()) == sum(before.values())

    @rule(key=KEYS, place=PLACES, draining=st.booleans(), end=st.booleans())
    def an_instance_is_drained_or_let_go(self, key, place, draining, end):
        asked = {"id_": self.an_instance(place), "draining": draining, "end_sessions": end}
        self.asks(instances.drain, key=key, now=self.now, **asked)

    @rule(key=KEYS, some=st.sets(st.integers(1, 60), max_size=5))
    def sessions_are_ended(self, key, some):
        ids = [f"s-{number:05}" for number in sorted(some)]
        self.asks(calls.end_sessions, sessions=ids, key=key)

    @invariant()
    def everybody_counted_is_somebody(self):
        seats = [
            seat.number for instance in self.state.instances.values() for seat in instance.seats
        ]
        assert len(set(seats)) == len(seats)
        assert all(it.facts.sessions == len(it.seats) for it in self.state.instances.values())

    @invariant()
    def nothing_is_overdue(self):
        due = next_due(self.state)
        assert due is None or due > self.now

    @invariant()
    def every_instance_has_a_name_from_the_beginning(self):
        assert {instance.facts.name for instance in self.state.instances.values()} <= self.names

    @invariant()
    def instances_make_sense(self):
        for instance in self.state.instances.values():
            assert instance.facts.sessions >= len(instance.sign_outs) >= 0
            assert instance.facts.status in WORDS
            assert instance.facts.version in self.versions
            failed = not instance.healthy and not instance.ready_at
            moving = instance.facts.status in {"starting", "stopping"}
            assert moving == bool(instance.ready_at or failed)

    @invariant()
    def members_are_the_instances(self):
        members = instances.members(self.state)
        assert {it.instance.id for it in members} == set(self.state.instances)
        assert all(it.instance.status == "starting" for it in members if it.failed)

    @invariant()
    def no_effect_is_doubled(self):
        assert all(effect.count == 1 for effect in self.state.effects.values())


Anything.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestAnything = Anything.TestCase
