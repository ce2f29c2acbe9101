"""The bench of a hundred publications at once: what each costs the control plane.

    python tests/bench/parallel.py [--together 100] [--speed 30]

Each in an environment of its own, the steps at the pace they really have; only the cloud is
faster. Overhead is what a publication took from its first step to its last, less the time that
the cloud itself needs for it, which is known: its dice are the environment's. Held against
publications that ran alone. Ends with 1 when the bar is missed.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx

from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.plane import PlaneSettings, RunningControlPlane, control_plane
from autosky_desktop.server.providers.demo_seed import DemoEnvironment, load_seed
from autosky_desktop.server.providers.simulated import SimulatedProvider, instances
from autosky_desktop.server.providers.simulated.advance import advance, next_due
from autosky_desktop.server.providers.simulated.seed import awakened, seeded
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.workflow.rollout import Rollout, RolloutTask
from tests.support.cloud import MORNING, with_model

BAR, ALONE, LOOK_SECONDS = 3.0, 3, 1.0
PATIENCE = 60.0


def own_seconds(environment: DemoEnvironment, speed: float) -> float:
    """Return the seconds the cloud needs for it when nobody lets it wait."""
    state = seeded(environment, now=MORNING, speed=speed)
    state = awakened(state, now=MORNING, speed=speed, churn=False)
    state, model, _ = with_model(state, environment.current_version + 1)
    return (replaced(state, model) - MORNING).total_seconds()


def replaced(state: SimulatedEnvironment, model: str) -> datetime:
    """Return when all instances are replaced if each call comes the moment it can."""
    now, task = state.models[model].ready_at, RolloutTask(model=model, end_sessions=True)
    state = advance(state, now=now)
    while not (rollout := Rollout(instances.members(state), task)).is_done:
        for new in rollout.succeeded:
            old = new.replaces
            state = instances.retire(state, old, end_sessions=True, key=old, now=now)
        for it in rollout.starting:
            old = it.instance.id
            state = instances.start(state, model=model, replaces=old, key=old, now=now)
        due = next_due(state)
        assert due, "nothing will ever happen again"
        state, now = advance(state, now=due), due
    return now


async def published(
    client: httpx.AsyncClient, plane: RunningControlPlane, where: Sequence[DemoEnvironment]
) -> list[Publication]:
    """Publish in all of these at once; returns the publications as they ended."""
    ids = await asyncio.gather(*(publish(client, it) for it in where))
    while True:
        async with plane.engine.connect() as connection:
            if not await publications.running(connection):
                found = [await publications.find(connection, id_) for id_ in ids]
                return [each[1] for each in found if each]
        await asyncio.sleep(LOOK_SECONDS)


async def publish(client: httpx.AsyncClient, environment: DemoEnvironment) -> str:
    answer = await client.post(
        f"environments/{environment.id}/publications",
        json={"expectedVersion": environment.current_version + 1, "plan": {"model": "standard"}},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def overheads(
    runs: Sequence[Publication], where: Sequence[DemoEnvironment], speed: float
) -> list[float]:
    """Return the overheads in seconds, least first. All of the runs must have succeeded."""
    found = []
    for run, environment in zip(runs, where, strict=True):
        assert run.state == "succeeded", run
        assert run.started_at
        assert run.ended_at
        took = (run.ended_at - run.started_at).total_seconds()
        found.append(took - own_seconds(environment, speed))
    return sorted(found)


async def measured(folder: Path, together: int, speed: float) -> tuple[list[float], list[float]]:
    count = (together + ALONE, 1)
    everywhere = load_seed(*count)
    cloud = await SimulatedProvider.open(
        folder / "cloud", speed=speed, clock=now, churn=False, begin=everywhere
    )
    settings = PlaneSettings(folder=folder, token="bench", operator="ana", name="Bench", size=count)
    async with control_plane(settings, cloud, bind("127.0.0.1", 0), now) as plane:
        headers = {"Authorization": f"Bearer {settings.token}"}
        base = f"{plane.url}/v1/"
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=PATIENCE) as client:
            one = [(await published(client, plane, [it]))[0] for it in everywhere[:ALONE]]
            many = await published(client, plane, everywhere[ALONE:])
    await cloud.close()
    return (
        overheads(one, everywhere[:ALONE], speed),
        overheads(many, everywhere[ALONE:], speed),
    )


def line(what: str, found: list[float]) -> str:
    return (
        f"  {what:12} {len(found)}: overhead p50 {statistics.median(found):.2f} s, "
        f"most {found[-1]:.2f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--together", type=int, default=100)
    parser.add_argument("--speed", type=float, default=30.0, help="of the cloud alone")
    given = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        alone, together = asyncio.run(measured(Path(folder), given.together, given.speed))
    print(line("alone", alone))
    print(line("at once", together))
    times = statistics.median(together) / statistics.median(alone)
    print(
        f"{given.together} publications at once ÷ one, {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f}: {times:.2f} times the overhead (bar {BAR:.0f}): "
        f"{'ok' if times <= BAR else 'MISSED'} ({time.monotonic() - began:.0f} s)"
    )
    return 0 if times <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
