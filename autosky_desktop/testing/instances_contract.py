"""Tells what each provider promises of single instances: inherit it as well as ProviderContract."""

import pytest

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.server import ImageState
from autosky_desktop.server.providers.provider import (
    Admission,
    Member,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.testing.provider_contract import TriedCloud


@pytest.mark.anyio
@pytest.mark.provider_contract
class InstancesContract:
    """Give a fixture `cloud`; its environment has some instances, and sessions on some of them if
    it tells who is on them.
    """

    async def test_every_instance_is_a_member_and_lets_people_on(self, cloud: TriedCloud):
        observed = await cloud.provider.read(cloud.environment)
        members = await cloud.members()
        assert set(members) == {instance.id for instance in observed.instances}
        assert {it.admission for it in members.values()} == {Admission.OPEN}
        assert {it.failed for it in members.values()} == {""}

    async def test_every_instance_has_the_endpoint_of_its_addresses(self, cloud: TriedCloud):
        for id_, member in (await cloud.members()).items():
            endpoint = await cloud.endpoint(id_)
            instance = member.instance
            assert endpoint.server == id_
            assert endpoint.public_ip == instance.public_ip
            assert endpoint.private_ip == instance.private_ip
            assert Protocol(endpoint.protocol) is not Protocol.UNKNOWN

    async def test_a_started_instance_comes_up_beside_the_one_it_replaces(self, cloud: TriedCloud):
        model = await cloud.model(77)
        old, *others = await cloud.members()
        new = await cloud.start(model, old, key="start")
        there = await cloud.members()
        assert set(there) == {old, new, *others}
        assert (there[new].model, there[new].replaces) == (model, old)
        assert there[new].instance.status == InstanceState.STARTING
        assert there[old].instance.status == InstanceState.AVAILABLE
        up = await cloud.until_up(new)
        assert (up.instance.version, up.model, up.replaces) == (77, model, old)
        assert (up.admission, up.failed) == (Admission.OPEN, "")
        assert old in await cloud.members()

    async def test_an_image_that_an_instance_tells_can_be_used_again(self, cloud: TriedCloud):
        told = {it.image for it in (await cloud.members()).values()}
        for image in told - {""}:
            progress = await cloud.provider.image(cloud.environment, image)
            assert progress.state == ImageState.AVAILABLE

    async def test_an_instance_is_started_once_per_key(self, cloud: TriedCloud):
        model = await cloud.model(77)
        first, second, *_ = before = await cloud.members()
        new = await cloud.start(model, first, key="start")
        assert await cloud.start(model, first, key="start") == new
        await cloud.until_up(new)
        assert await cloud.start(model, first, key="start") == new
        another = await cloud.start(model, second, key="another")
        assert set(await cloud.members()) == {*before, new, another}

    async def test_a_retired_instance_goes_and_the_others_stay(self, cloud: TriedCloud):
        gone, *others = await cloud.members()
        await cloud.retire(gone, end_sessions=True, key="retire")
        leaving = (await cloud.members()).get(gone)
        assert leaving is None or is_leaving(leaving)
        assert set(await cloud.without(gone)) == set(others)

    async def test_one_that_is_still_starting_can_be_retired(self, cloud: TriedCloud):
        model = await cloud.model(77)
        old, *_ = before = await cloud.members()
        new = await cloud.start(model, old, key="start")
        assert await cloud.retire(new, end_sessions=False, key="retire") == 0
        assert set(await cloud.without(new)) == set(before)

    async def test_the_sessions_of_a_retired_instance_end_and_are_counted_once(
        self, cloud: TriedCloud
    ):
        await cloud.needs("sessions")
        busy, sessions = await cloud.busiest()
        others = [it for it in await cloud.sessions() if it.instance != busy]
        assert await cloud.retire(busy, end_sessions=True, key="retire") == sessions > 0
        assert await cloud.sessions() == others
        assert await cloud.retire(busy, end_sessions=True, key="retire") == sessions
        await cloud.without(busy)
        assert await cloud.retire(busy, end_sessions=True, key="retire") == sessions
        assert await cloud.retire(busy, end_sessions=True, key="again") == 0

    async def test_nobody_is_disconnected_unless_that_was_said(self, cloud: TriedCloud):
        await cloud.needs("sessions", "end_sessions")
        busy, _ = await cloud.busiest()
        there = await cloud.sessions()
        with pytest.raises(ProviderRefused) as refused:
            await cloud.retire(busy, end_sessions=False, key="retire")
        assert refused.value.kind is RefusalKind.IN_USE
        assert await cloud.sessions() == there
        assert (await cloud.members())[busy].instance.status == InstanceState.AVAILABLE
        await cloud.end_sessions([it.id for it in there if it.instance == busy], key="end")
        assert await cloud.retire(busy, end_sessions=False, key="retire") == 0
        assert busy not in await cloud.without(busy)

    async def test_a_drained_instance_lets_people_on_again(self, cloud: TriedCloud):
        await cloud.needs("block")
        first, *others = await cloud.members()
        for draining, admission in ((True, Admission.DRAINING), (False, Admission.OPEN)):
            for _ in range(2):
                await cloud.drain(first, draining=draining, key=f"drain {draining}")
                there = await cloud.members()
                assert there[first].admission is admission
                assert {there[other].admission for other in others} == {Admission.OPEN}

    async def test_a_repeated_key_does_not_drain_again(self, cloud: TriedCloud):
        await cloud.needs("block")
        first, *_ = await cloud.members()
        await cloud.drain(first, draining=True, key="drain once")
        await cloud.drain(first, draining=False, key="admit")
        await cloud.drain(first, draining=True, key="drain once")
        assert (await cloud.members())[first].admission is Admission.OPEN

    async def test_one_that_was_blocked_before_it_was_drained_is_blocked_again(
        self, cloud: TriedCloud
    ):
        await cloud.needs("block")
        first, *_ = await cloud.members()
        await cloud.provider.block(cloud.environment, blocked=True, key="block")
        await cloud.drain(first, draining=True, key="drain")
        assert (await cloud.members())[first].admission is Admission.DRAINING
        await cloud.drain(first, draining=False, key="admit")
        assert (await cloud.members())[first].admission is Admission.BLOCKED

    async def test_draining_ends_no_session_by_itself(self, cloud: TriedCloud):
        await cloud.needs("sessions", "block")
        busy, _ = await cloud.busiest()
        there = await cloud.sessions()
        await cloud.drain(busy, draining=True, key="drain")
        assert await cloud.sessions() == there

    async def test_of_an_instance_that_is_gone_nothing_is_left_to_do(self, cloud: TriedCloud):
        before = set(await cloud.members())
        assert await cloud.retire("nobody", end_sessions=False, key="retire") == 0
        await cloud.drain("nobody", draining=True, key="drain")
        assert set(await cloud.members()) == before

    async def test_an_instance_of_what_is_not_there_is_refused(self, cloud: TriedCloud):
        provider, model = cloud.provider, await cloud.model(77)
        first, *_ = before = await cloud.members()
        for call in (
            provider.abilities("nowhere"),
            provider.members("nowhere"),
            provider.start_instance("nowhere", model=model, replaces=first, key=cloud.key()),
            provider.retire_instance("nowhere", first, end_sessions=True, key=cloud.key()),
            provider.drain("nowhere", first, draining=True, key=cloud.key()),
            cloud.start("no such model", first, key=cloud.key()),
            cloud.start(model, "nobody", key=cloud.key()),
        ):
            with pytest.raises(ProviderRefused):
                await call
        assert set(await cloud.members()) == set(before)


def is_leaving(member: Member) -> bool:
    return member.instance.status in (InstanceState.STOPPING, InstanceState.TERMINATED)
