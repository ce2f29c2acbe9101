"""A cloud in memory for tests, with Linux machines that answer our script as real ones do.

Machines take until the next `tick` for what they begin, instances two to start. Every call is
counted.
"""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.endpoint import Endpoint
from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.domain.server import ImageState, Power, Server, ServerRole, ServerState
from autosky_desktop.server.providers.cloud import CloudReading, Holder, Platform, numbered
from autosky_desktop.server.providers.guest import Channel, Completed
from autosky_desktop.server.providers.provider import (
    Admission,
    ImageProgress,
    Member,
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
)

BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)
START_TICKS = 2
MOVES = {Power.START: ServerState.STARTING, Power.STOP: ServerState.STOPPING}
MOVES |= {Power.RESTART: ServerState.RESTARTING}


class Person(Struct):
    """Somebody who is signed in; `heard` is what was shown to them."""

    account: str
    number: int
    heard: list[str] = []


class LinuxSystem:
    """The system of one machine, as our script finds it."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.admits = True
        self.boot = "0123abcd"
        self.asked: list[str] = []
        self.answers: asyncio.Event = asyncio.Event()
        self.answers.set()
        self.fails: list[Exception | Completed] = []
        """What comes instead of the next answers."""
        self.refuses: dict[str, list[Exception]] = {}
        """What comes instead of the next answers to a verb."""
        self.fails_after: list[Exception] = []
        """What comes instead of an answer, after the effect."""
        self._numbers = count(100)

    def signs_in(self, account: str) -> Person:
        assert self.admits, "nobody new is let on"
        self.people.append(Person(account, next(self._numbers), []))
        return self.people[-1]

    def restarts(self) -> None:
        """Start anew: nobody is there, and what kept people out is gone."""
        self.boot = f"{int(self.boot, 16) + 1:08x}"
        self.people, self.admits = [], True

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        assert shell == "sh"
        answer, verb, *given = script.splitlines()[-1].split()
        assert answer == "answer"
        self.asked.append(verb)
        await self.answers.wait()
        if self.refuses.get(verb):
            raise self.refuses[verb].pop(0)
        if self.fails:
            failure = self.fails.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure
        lines = getattr(self, f"_{verb}")(*given)
        if self.fails_after:
            raise self.fails_after.pop(0)
        return Completed(code=0, out="\n".join(("autosky 1", *lines, "end", "")))

    def _sessions(self) -> list[str]:
        found = [f"leader {it.number} {it.number}00 {it.account} /dev/pts/0" for it in self.people]
        return [f"terminals {self.boot}", f"booted {int(BEGUN.timestamp())}", *found]

    def _message(self, text: str, *ids: str) -> list[str]:
        for person in self.people:
            if self._id(person) in ids:
                person.heard.append(base64.b64decode(text).decode().strip("\r\n\a"))
        return []

    def _end_sessions(self, *ids: str) -> list[str]:
        ended = [it for it in self.people if self._id(it) in ids]
        self.people = [it for it in self.people if it not in ended]
        return [f"ended {self._id(it)}" for it in ended]

    def _admit(self, allowed: str, notice: str) -> list[str]:
        self.admits = allowed == "yes"
        return []

    def _id(self, person: Person) -> str:
        return f"{self.boot}.{person.number}-{person.number}00"


class MemoryCloud:
    """One environment: a preparation server, a support server, and instances."""

    images_while_running = True

    def __init__(self, instances: int = 3) -> None:
        self.calls: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()
        """How many of the next calls are throttled, by name."""
        self.gone_after: set[str] = set()
        """Calls whose answer gets lost once, after the effect."""
        self.systems: dict[str, LinuxSystem] = {}
        self.servers = {it: _server(it) for it in ("prep", "support")}
        self.instances: dict[str, Member] = {}
        self.images: dict[str, ImageProgress] = {}
        self.models: dict[str, int] = {"model-1": 1}
        self.platforms: dict[str, Platform] = dict.fromkeys(self.servers, Platform.LINUX)
        self.noted: Holder | None = None
        self.closed = False
        self._made: dict[str, str] = {}
        self._ticks: Counter[str] = Counter()
        self._numbers = count(1)
        self._addresses = count(1)
        for server in self.servers:
            self.systems[server] = LinuxSystem()
        for number in range(instances):
            id_ = self._start("model-1", f"instance-{number + 1}", "")
            self._is(id_, InstanceState.AVAILABLE)

    def tick(self) -> None:
        """Let what is under way go on."""
        for id_, server in self.servers.items():
            if server.status in (ServerState.STARTING, ServerState.RESTARTING):
                self._server_is(id_, ServerState.RUNNING)
            elif server.status == ServerState.STOPPING:
                self._server_is(id_, ServerState.STOPPED)
        for id_, member in self.instances.items():
            self._ticks[id_] += 1
            starting = member.instance.status == InstanceState.STARTING
            if starting and not member.failed and self._ticks[id_] >= START_TICKS:
                self._is(id_, InstanceState.AVAILABLE)
        for image in self.images:
            self.images[image] = ImageProgress(state=ImageState.AVAILABLE, percent=100)
        if self.images:
            self._image_is(ImageState.AVAILABLE)

    def fails(self, instance: str, why: str) -> None:
        """Let an instance never come up."""
        self.instances[instance] = replace(self.instances[instance], failed=why)

    async def read(self) -> CloudReading:
        async with self._call("read"):
            return CloudReading(
                servers=list(self.servers.values()),
                members=list(self.instances.values()),
                platforms=dict(self.platforms),
            )

    async def power(self, server: str, power: Power) -> None:
        async with self._call("power"):
            status = self._found(server).status
            if power is Power.RESTART and status != ServerState.RUNNING:
                raise ProviderRefused("It does not run.", kind=RefusalKind.WRONG_STATE)
            there = {Power.START: ServerState.RUNNING, Power.STOP: ServerState.STOPPED}
            if status != there.get(power):
                self._server_is(server, MOVES[power])

    async def endpoint(self, machine: str) -> Endpoint:
        async with self._call("endpoint"):
            it = self.instances[machine].instance if machine in self.instances else None
            it = it or self._found(machine)
            return Endpoint(
                server=machine, protocol="ssh", port=22, account="root",
                public_ip=it.public_ip, private_ip=it.private_ip,
            )  # fmt: skip

    async def create_image(self, *, key: str) -> str:
        async with self._call("create_image"):
            image = self._once("image", key)
            if image not in self.images:
                self.images[image] = ImageProgress(state=ImageState.CREATING, percent=0)
                self._image_is(ImageState.CREATING)
            return image

    async def image(self, image: str) -> ImageProgress:
        async with self._call("image"):
            if image not in self.images:
                raise ProviderRefused("There is no such image.", kind=RefusalKind.NOT_FOUND)
            return self.images[image]

    async def create_model(self, *, image: str, version: int, key: str) -> str:
        async with self._call("create_model"):
            if image not in self.images:
                raise ProviderRefused("There is no such image.", kind=RefusalKind.NOT_FOUND)
            model = self._once("model", key)
            self.models[model] = version
            return model

    async def start_instance(self, *, model: str, name: str, replaces: str, key: str) -> str:
        async with self._call("start_instance"):
            made = self._made.get(f"instance {key}")
            if made is None:
                if model not in self.models or (replaces and replaces not in self.instances):
                    raise ProviderRefused("It is not there.", kind=RefusalKind.NOT_FOUND)
                names = {it.instance.name for it in self.instances.values()}
                name = name or numbered("instance", names)
                made = self._made[f"instance {key}"] = self._start(model, name, replaces)
            return made

    async def retire_instance(self, instance: str) -> None:
        async with self._call("retire_instance"):
            self.instances.pop(instance, None)
            self.systems.pop(instance, None)

    async def mark(self, instance: str, admission: Admission) -> None:
        async with self._call("mark"):
            if instance not in self.instances:
                raise ProviderRefused("There is no such instance.", kind=RefusalKind.NOT_FOUND)
            self.instances[instance] = replace(self.instances[instance], admission=admission)

    async def holder(self) -> Holder | None:
        async with self._call("holder"):
            return self.noted

    async def hold(self, holder: Holder | None) -> None:
        async with self._call("hold"):
            self.noted = holder

    def channel(self, machine: str) -> Channel:
        self.calls["channel"] += 1
        if machine not in self.systems:
            raise ProviderRefused("There is no such machine.", kind=RefusalKind.NOT_FOUND)
        return self.systems[machine]

    async def leftovers(self) -> list[Leftover]:
        return []

    async def close(self) -> None:
        self.closed = True

    @asynccontextmanager
    async def _call(self, name: str) -> AsyncIterator[None]:
        self.calls[name] += 1
        if self.busy[name]:
            self.busy[name] -= 1
            raise ProviderBusy("Too many requests.")
        await asyncio.sleep(0)
        yield
        if name in self.gone_after:
            self.gone_after.remove(name)
            raise ProviderBusy("The answer got lost.")

    def _once(self, kind: str, key: str) -> str:
        return self._made.setdefault(f"{kind} {key}", f"{kind}-{len(self._made) + 2}")

    def _start(self, model: str, name: str, replaces: str) -> str:
        id_ = f"i/{next(self._numbers)}"
        instance = Instance(
            id=id_, name=name, status=InstanceState.STARTING.value, version=self.models[model]
        )
        self.instances[id_] = Member(instance=instance, model=model, replaces=replaces)
        self.systems[id_] = LinuxSystem()
        self.platforms[id_] = Platform.LINUX
        return id_

    def _is(self, id_: str, state: InstanceState) -> None:
        member = self.instances[id_]
        instance = replace(member.instance, status=state.value)
        self.instances[id_] = replace(member, instance=instance)

    def _found(self, server: str) -> Server:
        if server not in self.servers:
            raise ProviderRefused("There is no such server.", kind=RefusalKind.NOT_FOUND)
        return self.servers[server]

    def _server_is(self, id_: str, state: ServerState) -> None:
        address = f"192.0.2.{next(self._addresses)}" if state is ServerState.RUNNING else None
        kept = self.servers[id_].public_ip
        keeps = state is ServerState.RESTARTING or (address and kept)
        self.servers[id_] = replace(
            self.servers[id_], status=state.value, public_ip=kept if keeps else address
        )

    def _image_is(self, state: ImageState) -> None:
        self.servers["prep"] = replace(self.servers["prep"], image_status=state.value)


class TellingCloud(MemoryCloud):
    """The same, and it tells when something changed."""

    def __init__(self, instances: int = 3) -> None:
        super().__init__(instances)
        self.news = asyncio.Event()

    async def changed(self) -> None:
        await self.news.wait()
        self.news.clear()


def _server(id_: str) -> Server:
    role = ServerRole.PREPARATION if id_ == "prep" else ServerRole.SUPPORT
    return Server(
        id=id_, name=id_.upper(), role=role.value, status=ServerState.STOPPED.value, since=BEGUN,
        private_ip=f"10.0.0.{len(id_)}", type="test",
    )  # fmt: skip
