"""A control plane that has nothing but news: `event_source.py EVENTS` prints where it listens.

Three environments of 20 servers. Its feed says so many changes, of every kind there is, as fast as
they are taken, and waits for the next line on stdin after each `EVENTS / 60` of them (two minutes
of a two-hour soak); then it stays silent.
"""

import asyncio
import os
import random
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.planes import A_PLANE

sys.path.insert(0, str(Path(__file__).parents[2]))

import msgspec
from msgspec.structs import replace

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.change import Change, Gone
from autosky_desktop.domain.environment import (
    Environment,
    EnvironmentList,
    Instance,
    Me,
    Preparation,
    Snapshot,
)
from autosky_desktop.domain.operation import Differences, Operation
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import STEPS, Publication, Step
from autosky_desktop.domain.server import ScheduledShutdown, Server

ON = asyncio.Semaphore(0)
PARTS = 60
BEGAN = datetime(2026, 11, 24, 18, tzinfo=UTC)
STATES = ("running", "stopped", "starting", "stopping")
INSTANCES = 12


class World:
    """The world of three environments: what is so in them, and what happens next."""

    def __init__(self) -> None:
        self.chance = random.Random(5)
        self.now = BEGAN
        self.events = 0
        self.environments = {name: _environment(name) for name in ("erp", "crm", "payroll")}
        self.servers = {name: [_server(name, n) for n in range(21)] for name in self.environments}
        self.instances = {
            name: [_instance(name, n) for n in range(INSTANCES)] for name in self.environments
        }
        self.made = INSTANCES

    def snapshot(self, name: str) -> Snapshot:
        return Snapshot(
            environment=self.environments[name],
            servers=self.servers[name],
            instances=self.instances[name],
            publications=[],
            last_event=self.events,
        )

    def happens(self) -> bytes:
        """Return the next event as the feed has it."""
        self.events += 1
        self.now += timedelta(seconds=1 / 20)
        name = self.chance.choice(list(self.environments))
        before = self.environments[name]
        after = replace(before, revision=before.revision + 1, confirmed_at=self.now)
        self.environments[name] = after
        kind, body = self.chance.choices(KINDS, WEIGHTS)[0](self, name)
        raw = msgspec.Raw(msgspec.json.encode(body))
        change = Change(kind=kind, environment=name, revision=after.revision, body=raw)
        data = msgspec.json.encode(change).decode()
        return f"id: {self.events}\nevent: change\ndata: {data}\n\n".encode()

    def environment(self, name: str) -> tuple[str, object]:
        after = replace(self.environments[name], sessions=self.chance.randrange(200))
        self.environments[name] = after
        return "environment", after

    def server(self, name: str) -> tuple[str, object]:
        which = self.chance.randrange(21)
        before = self.servers[name][which]
        after = replace(before, status=self.chance.choice(STATES), since=self.now)
        if which == 0:
            moment = self.now + timedelta(minutes=self.chance.randrange(200))
            after = replace(after, shutdown=ScheduledShutdown(at=moment))
        self.servers[name][which] = after
        return "server", after

    def instance(self, name: str) -> tuple[str, object]:
        mine = self.instances[name]
        if len(mine) > INSTANCES and self.chance.random() < 0.2:
            return "instance-gone", Gone(id=mine.pop(0).id)
        if self.chance.random() < 0.1:
            self.made += 1
            mine.append(_instance(name, self.made))
            return "instance", mine[-1]
        which = self.chance.randrange(len(mine))
        mine[which] = replace(mine[which], sessions=self.chance.randrange(20))
        return "instance", mine[which]

    def publication(self, name: str) -> tuple[str, object]:
        number, done = divmod(self.events // 240, 30)  # one in six minutes
        steps = [
            Step(name=step, state=_state(place, done // 5)) for place, step in enumerate(STEPS)
        ]
        return "publication", Publication(
            id=f"{name}-run-{number}", version=40 + number, plan=Plan(),
            state="running" if done < 29 else "succeeded",
            publisher="ana", requested_by="ana", requested_at=self.now, started_at=self.now,
            ended_at=None if done < 29 else self.now, steps=steps, replaces=39 + number,
        )  # fmt: skip

    def operation(self, name: str) -> tuple[str, object]:
        ended = self.chance.random() < 0.5
        return "operation", Operation(
            id=f"{name}-update-{self.events // 1_200}", environment=name, kind="provider-update",
            state="succeeded" if ended else "running", by="ana", started_at=self.now,
            ended_at=self.now if ended else None,
            differences=Differences(statuses=2) if ended else None,
        )  # fmt: skip

    def activity(self, name: str) -> tuple[str, object]:
        return "activity", Activity(
            id=f"{self.events:09}", at=self.now, kind="start-server", outcome="done", by="ana",
            target=f"DB-{self.chance.randrange(20)}", ended_at=self.now,
        )  # fmt: skip


KINDS = (
    World.server,
    World.instance,
    World.environment,
    World.publication,
    World.operation,
    World.activity,
)
WEIGHTS = (8, 4, 4, 2, 1, 1)


def _state(place: int, step: int) -> str:
    return "succeeded" if place < step else "running" if place == step else "pending"


def _environment(name: str) -> Environment:
    return Environment(
        id=name, name=name.upper(), label="production", kind="scaling", provider="Demo",
        time_zone="UTC", run_hours=4, revision=1, confirmed_at=BEGAN, current_version=39,
        preparation=Preparation(id=f"{name}-0", name=f"PREP-{name.upper()}", status="running"),
        sessions=37, instances=INSTANCES,
    )  # fmt: skip


def _server(name: str, number: int) -> Server:
    return Server(
        id=f"{name}-{number}", name=f"DB-{number}" if number else f"PREP-{name.upper()}",
        role="support" if number else "preparation", status="running", since=BEGAN,
        public_ip=f"203.0.113.{number}", private_ip=f"10.20.0.{number}", type="Database",
    )  # fmt: skip


def _instance(name: str, number: int) -> Instance:
    return Instance(
        id=f"{name}-i{number}", name=f"INST-{number}", status="available", version=39, sessions=3
    )


async def feed(world: World, events: int) -> AsyncIterator[bytes]:
    yield b": connected\n\n"
    for number in range(1, events + 1):
        yield world.happens()
        if number % max(1, events // PARTS) == 0:
            yield b": still here\n\n"
            await ON.acquire()
    await asyncio.Event().wait()


async def serve(
    world: World, events: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ")[1].decode()
            if path == "/v1/events":
                kind = "text/event-stream\r\nConnection: close"
                writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())
                async for event in feed(world, events):
                    writer.write(event)
                    await writer.drain()
            body = msgspec.json.encode(answer(world, path))
            size = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
            writer.write(f"HTTP/1.1 200 OK\r\n{size}\r\n\r\n".encode() + body)
    except (asyncio.IncompleteReadError, OSError):
        writer.close()


def answer(world: World, path: str) -> object:
    if path == "/v1/me":
        return Me(operator="ana", control_plane="News", control_plane_id=A_PLANE, version="1")
    if path == "/v1/environments":
        return EnvironmentList(
            environments=list(world.environments.values()), last_event=world.events
        )
    if whole := re.fullmatch(r"/v1/environments/(\w+)", path):
        return world.snapshot(whole[1])
    return {"entries": [], "publications": [], "people": []}


async def obey() -> None:
    """Let the feed go on by each line of stdin, until the end of them ends this."""
    while await asyncio.to_thread(sys.stdin.readline):
        ON.release()
    os._exit(0)


async def main(events: int) -> None:
    world = World()
    obeying = asyncio.create_task(obey())
    server = await asyncio.start_server(
        lambda reader, writer: serve(world, events, reader, writer), "127.0.0.1", 0
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()
    await obeying


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
