"""Two workers serve one control plane while they are killed, frozen and cut off, again and again.

    python tests/bench/team_kills.py [--blows 300] [--restarts 20] [--environments 50] [--seed 17]

Real processes on a real PostgreSQL, over a simulated cloud that they share; all environments
publish all the time. One worker at a time is hit and replaced, and the database is restarted now
and then. A takeover lasts from the blow until nothing is left that the worker had begun.
Ends with 1 when a publication came to another end than it was asked for, something was done twice,
a reader of the feed missed an event, or a takeover took longer than the bar.
"""

import argparse
import logging
import random
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg

sys.path.insert(0, str(Path(__file__).parents[2]))

from autosky_desktop.server.coordination.heartbeat import NAME
from autosky_desktop.server.providers.simulated import ledger
from tests.support.postgresql import PostgresServer, postgres_server
from tests.support.shared_cloud import running_cloud
from tests.support.team_worker import TeamWorker
from tests.support.waiting import eventually

SPEED = 100.0
TAKEOVER_BAR = 30.0
PATIENCE = 300.0
KINDS = ("kill", "freeze", "cut")


class Worker:
    """A worker's process with a caller, and the id that it has among the workers."""

    def __init__(self, process: TeamWorker, id_: str) -> None:
        self.process, self.id = process, id_
        self.client = process.client()


class Team:
    """The workers, what they stand on, and what was seen of them."""

    def __init__(self, server: PostgresServer, database: str, folder: Path, environments: int):
        self.server, self.database, self.folder = server, database, folder
        self.environments = [f"company-{number:03}" for number in range(1, environments + 1)]
        self.workers: list[Worker] = []
        self.published: set[str] = set()
        self._numbers = count(1)

    def start(self) -> None:
        before = self.ids()
        process = TeamWorker(
            self.database, self.folder, f"worker-{next(self._numbers)}", speed=SPEED,
            environments=len(self.environments),
        )  # fmt: skip
        [id_] = self.ids() - before
        self.workers.append(Worker(process, id_))

    def ids(self) -> set[str]:
        return {id_ for (id_,) in self.rows("SELECT id FROM worker")}

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def publish(self, chance: random.Random) -> None:
        """Publish where nothing is under way; who is asked may be hit meanwhile."""
        client = chance.choice(self.workers).client
        for environment in self.environments:
            path = f"environments/{environment}/publications"
            key = {"Idempotency-Key": str(uuid.uuid4())}
            try:
                preview = client.post(f"{path}/preview", json={}).json()
                asked = {"expectedVersion": preview["version"], "plan": {"model": "standard"}}
                answer = client.post(path, json=asked, headers=key)
            except (httpx.HTTPError, KeyError):
                return
            if answer.status_code == 202:
                self.published.add(answer.json()["id"])

    def begun_by(self, worker: Worker) -> int:
        """Return how many publications it carries out."""
        query = (
            "SELECT count(*) FROM autosky_workflows.workflow_status"
            " WHERE status = 'PENDING' AND executor_id = %s"
        )
        [(begun,)] = self.rows(query, worker.id)
        return int(begun)

    def is_taken_over(self, worker: Worker) -> bool:
        led = self.rows("SELECT part FROM led_part WHERE worker = %s", worker.id)
        return not led and not self.begun_by(worker)

    def cut(self, worker: Worker) -> None:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        self.rows(query, NAME + worker.id)


class Reader(threading.Thread):
    """Follows the feed of whichever worker answers, from where it was; `seen` are the ids."""

    def __init__(self, team: Team) -> None:
        super().__init__(daemon=True)
        self._team, self.seen, self.stopped = team, list[int](), False

    def run(self) -> None:
        for turn in count():
            if self.stopped:
                return
            worker = self._team.workers[turn % len(self._team.workers)]
            try:
                self._follow(worker)
            except httpx.HTTPError:
                time.sleep(0.1)

    def _follow(self, worker: Worker) -> None:
        after = {"Last-Event-ID": str(self.seen[-1])} if self.seen else {}
        with (
            worker.process.client() as client,
            client.stream("GET", "events", headers=after, timeout=5.0) as feed,
        ):
            for line in feed.iter_lines():
                if line.startswith("event: reset"):
                    raise AssertionError("the feed lost its place")
                if line.startswith("id: "):
                    self.seen.append(int(line[4:]))
                if self.stopped or worker not in self._team.workers:
                    return


def blow(team: Team, kind: str, chance: random.Random) -> float | None:
    """Hit one worker, and return in how many seconds what it had begun went on elsewhere."""
    victim = chance.choice(team.workers)
    if kind == "cut":
        team.cut(victim)
        return None
    had = team.begun_by(victim)
    began = time.monotonic()
    victim.process.process.send_signal(signal.SIGKILL if kind == "kill" else signal.SIGSTOP)
    team.workers.remove(victim)
    team.start()
    eventually(lambda: team.is_taken_over(victim), within=PATIENCE)
    took = time.monotonic() - began
    if kind == "freeze":
        victim.process.process.send_signal(signal.SIGCONT)
        victim.process.ended()
    victim.client.close()
    victim.process.__exit__()
    return took if had else None


def misses(team: Team, reader: Reader) -> list[str]:
    """Let all end, and return what is wrong."""

    def open_() -> list[str]:
        return [id_ for (id_,) in team.rows("SELECT id FROM publication WHERE ended_at IS NULL")]

    eventually(lambda: not open_(), within=PATIENCE)
    states = dict(team.rows("SELECT id, state FROM publication"))
    wrong = [
        f"{id_} is {states.get(id_)}" for id_ in team.published if states.get(id_) != "succeeded"
    ]
    wrong += [f"done twice: {it}" for it in ledger(team.folder) if it.count > 1]
    told = [id_ for (id_,) in team.rows("SELECT id FROM event ORDER BY id")]
    eventually(lambda: reader.seen and reader.seen[-1] >= told[-1], within=PATIENCE)
    reader.stopped = True
    if lost := [it for it in told if it > reader.seen[0] and it not in set(reader.seen)]:
        wrong.append(f"{len(lost)} events lost: {lost[:5]}")
    rows = team.rows("SELECT environment, revision FROM event ORDER BY environment, id")
    gaps = [b for a, b in pairwise(rows) if a[0] == b[0] and b[1] != a[1] + 1]
    return wrong + [f"revisions lost before {gaps}"] * bool(gaps)


def run(team: Team, given: argparse.Namespace) -> bool:
    """Print what came of all blows; True when every bar is met."""
    chance, hit, took = random.Random(given.seed), Counter[str](), list[float]()
    reader = Reader(team)
    reader.start()
    restart_every = max(1, given.blows // max(1, given.restarts))
    restarts = 0
    for number in range(given.blows):
        team.publish(chance)
        time.sleep(chance.uniform(0.0, 3.0))
        kind = chance.choice(KINDS)
        seconds = blow(team, kind, chance)
        hit[kind] += 1
        took += [] if seconds is None else [seconds]
        if (number + 1) % restart_every == 0 and restarts < given.restarts:
            team.server.restart()
            restarts += 1
    wrong = misses(team, reader)
    slow = [it for it in took if it > TAKEOVER_BAR]
    blows = ", ".join(f"{times} {kind}" for kind, times in sorted(hit.items()))
    print(f"  {blows}; PostgreSQL restarted {restarts} times; {len(reader.seen)} events read")
    print(
        f"  {len(team.published)} publications; {'; '.join(wrong) or 'all ended right, none twice'}"
    )
    if took:
        middle = sorted(took)[len(took) // 2]
        print(f"  {len(took)} takeovers: {middle:.1f} s in the middle, {max(took):.1f} s at most")
    met = not wrong and not slow and bool(took)
    print(f"team kills: {sum(hit.values())} blows, takeover <= {TAKEOVER_BAR:.0f} s: "
          f"{'ok' if met else 'MISSED'}")  # fmt: skip
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blows", type=int, default=300)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--environments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=17)
    given = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with ExitStack() as left:
        folder = Path(left.enter_context(TemporaryDirectory()))
        server = left.enter_context(postgres_server())
        database = left.enter_context(server.database())
        left.enter_context(running_cloud(folder, speed=SPEED, environments=given.environments))
        team = Team(server, database, folder, given.environments)
        first = TeamWorker(database, folder, "first", speed=SPEED, environments=given.environments)
        first.leave()  # it makes the tables
        try:
            for _ in range(2):
                team.start()
            return 0 if run(team, given) else 1
        finally:
            for worker in team.workers:
                worker.process.__exit__()


if __name__ == "__main__":
    sys.exit(main())
