"""Tells what each provider promises. Inherit ProviderContract and give it your cloud's fixtures."""

from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from autosky_desktop.domain.endpoint import Endpoint, Protocol
from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.server import ImageState, Power, Server, ServerRole, ServerState
from autosky_desktop.domain.session import Session
from autosky_desktop.server.providers.provider import Member, Provider, ProviderRefused

UP_OR_COMING = (ServerState.STARTING, ServerState.RUNNING)

Moment = Callable[[], Awaitable[None]]


class TriedCloud:
    """One environment of a provider, spoken of as a person would. `moment` lets it go on a bit."""

    def __init__(self, provider: Provider, environment: str, moment: Moment) -> None:
        self.provider = provider
        self.environment = environment
        self.moment = moment
        self._keys = 0

    def key(self) -> str:
        self._keys += 1
        return f"contract-{self._keys}"

    async def server(self, id_: str) -> Server:
        observed = await self.provider.read(self.environment)
        return next(server for server in observed.servers if server.id == id_)

    async def preparation(self) -> Server:
        observed = await self.provider.read(self.environment)
        return next(s for s in observed.servers if s.role == ServerRole.PREPARATION)

    async def names(self) -> list[str]:
        observed = await self.provider.read(self.environment)
        return sorted(instance.name for instance in observed.instances)

    async def power(self, id_: str, power: Power, key: str | None = None) -> None:
        await self.provider.power(self.environment, id_, power, key=key or self.key())

    async def endpoint(self, id_: str) -> Endpoint:
        return await self.provider.endpoint(self.environment, id_)

    async def until(self, id_: str, status: ServerState) -> Server:
        while (server := await self.server(id_)).status != status:
            await self.moment()
        return server

    async def running(self) -> Server:
        """Return a server that runs and has a public address."""
        server = await self.preparation()
        await self.power(server.id, Power.START)
        return await self.until(server.id, ServerState.RUNNING)

    async def image(self, key: str | None = None) -> str:
        if not (await self.provider.abilities(self.environment)).image_of_running:
            server = await self.preparation()
            await self.power(server.id, Power.STOP)
            await self.until(server.id, ServerState.STOPPED)
        image = await self.provider.create_image(self.environment, key=key or self.key())
        while (await self.provider.image(self.environment, image)).state == ImageState.CREATING:
            await self.moment()
        return image

    async def is_made(self, image: str) -> bool:
        made = await self.provider.image(self.environment, image)
        return made.state == ImageState.AVAILABLE

    async def model(self, version: int, key: str | None = None) -> str:
        return await self.provider.create_model(
            self.environment, image=await self.image(), version=version, key=key or self.key()
        )

    async def message(self, sessions: list[str], text: str, *, key: str) -> None:
        await self.provider.message(self.environment, sessions, text, key=key)

    async def end_sessions(self, sessions: list[str], *, key: str) -> list[str]:
        return await self.provider.end_sessions(self.environment, sessions, key=key)

    async def members(self) -> dict[str, Member]:
        """Return the instances by their ids, in the order of their names."""
        found = await self.provider.members(self.environment)
        found = sorted(found, key=lambda it: it.instance.name)
        return {it.instance.id: it for it in found}

    async def start(self, model: str, replaces: str, *, key: str) -> str:
        return await self.provider.start_instance(
            self.environment, model=model, replaces=replaces, key=key
        )

    async def until_up(self, id_: str) -> Member:
        while (member := (await self.members())[id_]).instance.status == InstanceState.STARTING:
            assert not member.failed
            await self.moment()
        return member

    async def retire(self, id_: str, *, end_sessions: bool, key: str) -> int:
        return await self.provider.retire_instance(
            self.environment, id_, end_sessions=end_sessions, key=key
        )

    async def without(self, id_: str) -> dict[str, Member]:
        """Return the instances as they are when that one is gone."""
        while id_ in (there := await self.members()):
            if there[id_].instance.status == InstanceState.TERMINATED:
                there.pop(id_)
                break
            await self.moment()
        return there

    async def drain(
        self, id_: str, *, draining: bool, end_sessions: bool = False, key: str
    ) -> None:
        await self.provider.drain(
            self.environment, id_, draining=draining, end_sessions=end_sessions, key=key
        )

    async def sessions(self) -> list[Session]:
        return await self.provider.sessions(self.environment)

    async def busiest(self) -> tuple[str, int]:
        """Return the instance with the most sessions, and how many there are on it."""
        ((id_, sessions),) = Counter(it.instance for it in await self.sessions()).most_common(1)
        return id_, sessions

    async def needs(self, *abilities: str) -> None:
        """Skip the test where one of these cannot be done."""
        able = await self.provider.abilities(self.environment)
        if missing := [it for it in abilities if not getattr(able, it)]:
            pytest.skip(f"it is not able to: {', '.join(missing)}")

    async def present(self) -> dict[str, Member]:
        """Return the instances without those that are on their way out or gone."""
        leaving = (InstanceState.STOPPING, InstanceState.TERMINATED)
        there = await self.members()
        return {id_: it for id_, it in there.items() if it.instance.status not in leaving}

    async def settled(self) -> dict[str, Member]:
        """Return the instances when none comes or goes any more."""
        while True:
            there = await self.members()
            moving = (InstanceState.STARTING, InstanceState.STOPPING)
            if not any(it.instance.status in moving for it in there.values()):
                return await self.present()
            await self.moment()


@pytest.mark.anyio
@pytest.mark.provider_contract
class ProviderContract:
    """Give a fixture `cloud`; its environment has a preparation server and some instances. If it
    tells who is on them, there are two sessions or more. How long a moment is depends on the cloud.
    """

    async def test_an_environment_has_one_preparation_server(self, cloud: TriedCloud):
        observed = await cloud.provider.read(cloud.environment)
        roles = [server.role for server in observed.servers]
        assert roles.count(ServerRole.PREPARATION) == 1
        assert len({server.id for server in observed.servers}) == len(observed.servers)
        assert observed.instances
        assert all(server.shutdown is None for server in observed.servers)

    async def test_a_started_server_runs_and_has_an_address(self, cloud: TriedCloud):
        server = await cloud.running()
        assert server.public_ip or server.private_ip
        await cloud.power(server.id, Power.STOP)
        stopped = await cloud.until(server.id, ServerState.STOPPED)
        assert stopped.public_ip is None
        await cloud.power(server.id, Power.START)
        assert (await cloud.server(server.id)).status in UP_OR_COMING
        again = await cloud.until(server.id, ServerState.RUNNING)
        assert bool(again.public_ip) is bool(server.public_ip)
        assert again.private_ip == server.private_ip

    async def test_a_restarted_server_keeps_its_address(self, cloud: TriedCloud):
        await cloud.needs("restart")
        server = await cloud.running()
        await cloud.power(server.id, Power.RESTART)
        assert (await cloud.until(server.id, ServerState.RUNNING)).public_ip == server.public_ip

    async def test_starting_a_server_that_runs_changes_nothing(self, cloud: TriedCloud):
        server = await cloud.running()
        await cloud.power(server.id, Power.START)
        assert await cloud.server(server.id) == server

    async def test_a_repeated_key_does_not_stop_a_server_again(self, cloud: TriedCloud):
        server = await cloud.running()
        await cloud.power(server.id, Power.STOP, key="stop once")
        await cloud.until(server.id, ServerState.STOPPED)
        await cloud.power(server.id, Power.START)
        await cloud.until(server.id, ServerState.RUNNING)
        await cloud.power(server.id, Power.STOP, key="stop once")
        assert (await cloud.server(server.id)).status == ServerState.RUNNING

    async def test_a_stopped_server_cannot_be_restarted(self, cloud: TriedCloud):
        server = await cloud.running()
        await cloud.power(server.id, Power.STOP)
        await cloud.until(server.id, ServerState.STOPPED)
        with pytest.raises(ProviderRefused):
            await cloud.power(server.id, Power.RESTART)

    async def test_an_endpoint_has_the_addresses_of_now(self, cloud: TriedCloud):
        server = await cloud.running()
        endpoint = await cloud.endpoint(server.id)
        assert (endpoint.server, endpoint.public_ip) == (server.id, server.public_ip)
        assert endpoint.private_ip == server.private_ip
        await cloud.power(server.id, Power.STOP)
        await cloud.until(server.id, ServerState.STOPPED)
        assert (await cloud.endpoint(server.id)).public_ip is None

    async def test_every_server_can_be_connected_to(self, cloud: TriedCloud):
        for server in (await cloud.provider.read(cloud.environment)).servers:
            endpoint = await cloud.endpoint(server.id)
            assert Protocol(endpoint.protocol) is not Protocol.UNKNOWN
            assert 0 < endpoint.port < 65536
            assert endpoint.usual_start_seconds is None or endpoint.usual_start_seconds > 0

    async def test_nobody_is_on_a_server_that_is_off(self, cloud: TriedCloud):
        server = await cloud.running()
        await cloud.power(server.id, Power.STOP)
        await cloud.until(server.id, ServerState.STOPPED)
        assert not (await cloud.endpoint(server.id)).present

    async def test_an_image_is_made_once_per_key(self, cloud: TriedCloud):
        image = await cloud.image(key="image")
        progress = await cloud.provider.image(cloud.environment, image)
        assert (progress.state, progress.percent) == (ImageState.AVAILABLE, 100)
        assert (await cloud.preparation()).image_status == ImageState.AVAILABLE
        assert await cloud.image(key="image") == image
        assert await cloud.image(key="another") != image

    async def test_the_preparation_server_tells_that_its_image_is_being_made(
        self, cloud: TriedCloud
    ):
        await cloud.needs("image_of_running")
        image = await cloud.provider.create_image(cloud.environment, key="image")
        told = (await cloud.preparation()).image_status
        assert told == ImageState.CREATING or await cloud.is_made(image)

    async def test_a_model_is_made_once_per_key(self, cloud: TriedCloud):
        image = await cloud.image()
        ids = {
            await cloud.provider.create_model(
                cloud.environment, image=image, version=77, key="model"
            )
            for _ in range(2)
        }
        assert len(ids) == 1

    async def test_a_model_needs_an_image(self, cloud: TriedCloud):
        with pytest.raises(ProviderRefused):
            await cloud.provider.create_model(
                cloud.environment, image="no such image", version=77, key="model"
            )

    async def test_blocked_instances_are_let_go_again(self, cloud: TriedCloud):
        await cloud.needs("block")
        for blocked, status in (
            (True, InstanceState.BLOCKED),
            (False, InstanceState.AVAILABLE),
        ):
            await cloud.provider.block(cloud.environment, blocked=blocked, key=cloud.key())
            observed = await cloud.provider.read(cloud.environment)
            assert {instance.status for instance in observed.instances} == {status}

    async def test_there_are_as_many_sessions_as_the_instances_count(self, cloud: TriedCloud):
        await cloud.needs("sessions")
        observed = await cloud.provider.read(cloud.environment)
        sessions = await cloud.provider.sessions(cloud.environment)
        on = Counter(session.instance for session in sessions)
        assert on == {i.id: i.sessions for i in observed.instances if i.sessions}
        assert len({session.id for session in sessions}) == len(sessions)
        assert all(session.account for session in sessions)
        assert await cloud.provider.sessions(cloud.environment) == sessions

    async def test_ended_sessions_are_gone_and_nobody_else_s(self, cloud: TriedCloud):
        await cloud.needs("sessions", "end_sessions")
        first, second, *others = await cloud.provider.sessions(cloud.environment)
        ended = await cloud.end_sessions([second.id, "nobody's", first.id], key="end")
        assert sorted(ended) == sorted([first.id, second.id])
        assert await cloud.provider.sessions(cloud.environment) == others
        observed = await cloud.provider.read(cloud.environment)
        assert sum(i.sessions or 0 for i in observed.instances) == len(others)

    async def test_sessions_are_ended_once_per_key(self, cloud: TriedCloud):
        await cloud.needs("sessions", "end_sessions")
        first, second, *_ = await cloud.provider.sessions(cloud.environment)
        assert await cloud.end_sessions([first.id], key="end") == [first.id]
        assert await cloud.end_sessions([first.id], key="end") == [first.id]
        assert await cloud.end_sessions([first.id], key="again") == []
        assert second in await cloud.provider.sessions(cloud.environment)

    async def test_a_message_ends_no_session_and_is_repeatable(self, cloud: TriedCloud):
        await cloud.needs("sessions", "message")
        sessions = await cloud.sessions()
        ids = [session.id for session in sessions]
        for _ in range(2):
            await cloud.message([*ids, "nobody's"], "sign in again", key="message")
        assert await cloud.sessions() == sessions

    async def test_what_is_not_there_is_refused(self, cloud: TriedCloud):
        provider, environment = cloud.provider, cloud.environment
        for call in (
            provider.read("nowhere"),
            provider.sessions("nowhere"),
            provider.end_sessions("nowhere", [], key=cloud.key()),
            provider.power(environment, "nobody", Power.START, key=cloud.key()),
            provider.endpoint("nowhere", "nobody"),
            provider.endpoint(environment, "nobody"),
            provider.image(environment, "nothing"),
            provider.message("nowhere", [], "Hello.", key=cloud.key()),
        ):
            with pytest.raises(ProviderRefused):
                await call
