"""The simulated cloud as a provider: its state in memory and on disk, its faults, its clock."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from autosky_desktop.domain.endpoint import Endpoint
from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.server import Power
from autosky_desktop.domain.session import Session
from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.demo_seed import DemoEnvironment
from autosky_desktop.server.providers.provider import (
    Abilities,
    ImageProgress,
    Member,
    Observed,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.simulated import (
    accounts,
    calls,
    endpoints,
    instances,
    sessions,
)
from autosky_desktop.server.providers.simulated.base_provider import BaseProvider, Clock, Sleep
from autosky_desktop.server.providers.simulated.environment_store import EnvironmentStore
from autosky_desktop.server.providers.simulated.faults import UNREPORTED, Faults
from autosky_desktop.server.providers.simulated.real_endpoints import RealEndpoint, must_be_there
from autosky_desktop.server.providers.simulated.state import answer, missing


class SimulatedProvider(BaseProvider):
    """Keeps the promise of `Provider` and tells of changes. One process per folder at a time.

    What a call did is on the disk before the call returns. Time needs no saving: it is worked
    out from the last saved state.
    """

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        speed: float = 1.0,
        faults: Faults = Faults(),  # noqa: B008 - frozen
        clock: Clock,
        churn: bool = True,
        sleep: Sleep = asyncio.sleep,
        begin: Sequence[DemoEnvironment] = (),
        real_endpoints: Mapping[str, RealEndpoint] = MappingProxyType({}),
    ) -> "SimulatedProvider":
        """Go on with the cloud in `folder`, or begin one, from the demo unless `begin` says
        otherwise. An environment of a cloud that goes on is looked at when somebody asks for it.

        `clock` gives aware UTC; `speed` divides every duration of what begins from now on;
        without `churn` sessions come and go only because of calls. `sleep` goes with `clock`.
        `real_endpoints`: machines that stand in for servers, by their names.
        Raises InvalidEndpoints.
        """
        store = EnvironmentStore(
            folder, begin or demo_seed.environments(), speed=speed, churn=churn, clock=clock
        )
        if real_endpoints:
            must_be_there(real_endpoints, store.server_names())
        return cls(store, faults, clock, sleep, real_endpoints)

    def begin(self, demo: DemoEnvironment) -> None:
        """Begin another environment, unless it is there."""
        if self._store.begin(demo):
            self._news.tell(demo.id)

    async def read(self, environment: str) -> Observed:
        state, faults = await self._reached(environment)
        found = [instance.facts for instance in state.instances.values()]
        found.sort(key=lambda instance: instance.name)
        if faults.sessions_unreported:
            found = [replace(instance, sessions=None) for instance in found]
        servers = [self._told(machine.server) for machine in state.machines.values()]
        words = faults.status_words
        return Observed(
            servers=[replace(s, status=words.get(s.id, s.status)) for s in servers],
            instances=found,
        )

    async def abilities(self, environment: str) -> Abilities:
        await self._reached(environment)
        return Abilities()

    async def members(self, environment: str) -> list[Member]:
        state, faults = await self._reached(environment)
        found = instances.members(state)
        if faults.sessions_unreported:
            found = [replace(it, instance=replace(it.instance, sessions=None)) for it in found]
        return found

    async def start_instance(self, environment: str, *, model: str, replaces: str, key: str) -> str:
        state, faults = await self._reached(environment)
        begun = instances.start(
            state,
            model=model,
            replaces=replaces,
            key=key,
            now=self._clock(),
            unhealthy=faults.unhealthy_instance,
        )
        return answer(self._keep(begun), instances.START, key) or ""

    async def retire_instance(
        self, environment: str, instance: str, *, end_sessions: bool, key: str
    ) -> int:
        state, _ = await self._reached(environment)
        now = self._clock()
        gone = instances.retire(state, instance, end_sessions=end_sessions, key=key, now=now)
        return int(answer(self._keep(gone), instances.RETIRE, key) or 0)

    async def drain(
        self,
        environment: str,
        instance: str,
        *,
        draining: bool,
        end_sessions: bool = False,
        key: str,
    ) -> None:
        state, _ = await self._reached(environment)
        self._keep(
            instances.drain(
                state,
                instance,
                draining=draining,
                end_sessions=end_sessions,
                key=key,
                now=self._clock(),
            )
        )

    async def power(self, environment: str, server: str, power: Power, *, key: str) -> None:
        state, faults = await self._reached(environment)
        refusal = faults.start_refused
        self._keep(calls.power(state, server, power, key=key, now=self._clock(), refusal=refusal))

    async def endpoint(self, environment: str, server: str) -> Endpoint:
        state, faults = await self._reached(environment)
        if (instance := state.instances.get(server)) is not None:
            return endpoints.of_instance(state, instance.facts)
        if (machine := state.machines.get(server)) is None:
            raise missing(f"server {server}", environment)
        real = self._real_endpoints.get(machine.server.name)
        present = not faults.sessions_unreported
        return endpoints.endpoint(state, machine.server, real, now=self._clock(), present=present)

    async def create_image(self, environment: str, *, key: str) -> str:
        state, faults = await self._reached(environment)
        begun = calls.create_image(
            state,
            key=key,
            now=self._clock(),
            fault=faults.image_fails,
            stuck=faults.image_stuck,
        )
        state = self._keep(begun)
        return answer(state, "image", key) or ""

    async def image(self, environment: str, image: str) -> ImageProgress:
        state, _ = await self._reached(environment)
        if (made := state.images.get(image)) is None:
            raise missing(f"image {image}", environment)
        detail = made.fault if made.state == "failed" else ""
        return ImageProgress(state=made.state, percent=made.percent, detail=detail)

    async def create_model(self, environment: str, *, image: str, version: int, key: str) -> str:
        state, _ = await self._reached(environment)
        state = self._keep(
            calls.create_model(state, image=image, version=version, key=key, now=self._clock())
        )
        made = answer(state, "model", key) or ""
        while (left := self._left_of_model(environment, made)) > 0:
            await self._sleep(left)
        return made

    def _left_of_model(self, environment: str, model: str) -> float:
        ready_at = self._now(environment).models[model].ready_at
        return (ready_at - self._clock()).total_seconds()

    async def block(self, environment: str, *, blocked: bool, key: str) -> None:
        state, _ = await self._reached(environment)
        self._keep(calls.block(state, blocked=blocked, key=key))

    async def message(
        self, environment: str, sessions: Sequence[str], text: str, *, key: str
    ) -> None:
        state, _ = await self._reached(environment)
        self._keep(calls.message(state, sessions=sessions, text=text, key=key))

    async def sessions(self, environment: str) -> list[Session]:
        state, faults = await self._reached(environment)
        if faults.sessions_unreported:
            raise ProviderRefused(UNREPORTED, kind=RefusalKind.NO_AGENT)
        return accounts.told(state)

    async def loads(self, environment: str) -> list[InstanceLoad]:
        """Return loads that grow with the people; nothing is told of who tells no sessions."""
        state, faults = await self._reached(environment)
        return [] if faults.sessions_unreported else sessions.loads(state, now=self._clock())

    async def end_sessions(
        self, environment: str, sessions: Sequence[str], *, key: str
    ) -> list[str]:
        state, _ = await self._reached(environment)
        state = self._keep(calls.end_sessions(state, sessions=sessions, key=key))
        ended = answer(state, "end-sessions", key) or ""
        return ended.split(",") if ended else []
