"""Two processes serve one control plane: whichever is asked, each thing is done once."""

import json
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from autosky_desktop.server.process.leaving import GIVEN_UP
from autosky_desktop.server.providers.simulated import ledger
from tests.support.postgresql import PostgresServer, missing
from tests.support.shared_cloud import running_cloud
from tests.support.team_worker import TeamWorker
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

SPEED = 200.0
ENVIRONMENTS = 3
ONE, TWO = "company-001", "company-002"
TAKEOVER_SECONDS = 30.0


@dataclass
class Team:
    """Two workers, and how to start another; each can be asked."""

    database: str
    folder: Path
    workers: list[TeamWorker]
    clients: list[httpx.Client]
    left: ExitStack

    def start(self) -> None:
        name = f"worker-{len(self.workers) + 1}"
        made = TeamWorker(self.database, self.folder, name, speed=SPEED, environments=ENVIRONMENTS)
        self.workers.append(self.left.enter_context(made))
        self.clients.append(self.left.enter_context(made.client()))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query.encode()).fetchall()

    def doubled(self) -> list[str]:
        return [str(effect) for effect in ledger(self.folder) if effect.count > 1]


@pytest.fixture
def team(database_url: str, tmp_path: Path) -> Iterator[Team]:
    with ExitStack() as left:
        left.enter_context(running_cloud(tmp_path, speed=SPEED, environments=ENVIRONMENTS))
        made = Team(database_url, tmp_path, [], [], left)
        made.start()
        made.start()
        yield made


def post(client: httpx.Client, path: str, key: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(path, json=body or None, headers=headers)


def publish(client: httpx.Client, environment: str, **more: Any) -> str:
    base = f"environments/{environment}/publications"
    preview = client.post(f"{base}/preview", json={}).json()
    answer = post(
        client, base, expectedVersion=preview["version"], plan={"model": "standard"}, **more
    )
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def run(client: httpx.Client, identity: str) -> dict[str, Any]:
    return client.get(f"publications/{identity}").json()


def ended(client: httpx.Client, identity: str) -> bool:
    return bool(run(client, identity)["endedAt"])


def test_each_tells_what_the_other_was_asked_for_and_does_it_once(team: Team) -> None:
    here, there = team.clients
    assert [it["id"] for it in here.get("environments").json()["environments"]] == [
        it["id"] for it in there.get("environments").json()["environments"]
    ]
    with there.stream("GET", "events", timeout=60) as feed:
        lines = feed.iter_lines()
        assert next(lines) == ": connected"
        published = publish(here, ONE)
        changes = (json.loads(line[6:]) for line in lines if line.startswith("data: {"))
        bodies = (change["body"] for change in changes if change["kind"] == "publication")
        next(it for it in bodies if it["id"] == published and it["state"] == "succeeded")
    assert run(there, published)["state"] == "succeeded"
    eventually(lambda: there.get(f"environments/{ONE}").json()["environment"]["currentVersion"])
    assert team.doubled() == []
    [(activities,)] = team.rows("SELECT count(*) FROM activity_request WHERE kind = 'publish'")
    assert activities == 1


def test_a_key_that_is_repeated_to_the_other_is_answered_as_before(team: Team) -> None:
    server = f"prep-{ONE}"
    key = str(uuid.uuid4())
    first = post(team.clients[0], f"servers/{server}/start", key)
    second = post(team.clients[1], f"servers/{server}/start", key)
    assert (first.status_code, second.status_code) == (202, 202), second.text
    assert first.json() == second.json()
    other = post(team.clients[1], f"servers/{server}/stop", key)
    assert other.json()["code"] == "idempotency-key-reused"
    assert team.doubled() == []


def test_what_is_due_is_begun_once_though_both_have_timers(team: Team) -> None:
    in_a_moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 10))
    published = publish(
        team.clients[1], ONE, schedule={"at": in_a_moment, "timeZone": "America/Sao_Paulo"}
    )
    eventually(lambda: ended(team.clients[0], published), within=60)
    assert run(team.clients[0], published)["state"] == "succeeded"
    [(begun,)] = team.rows("SELECT count(*) FROM activity_request WHERE kind = 'publish'")
    assert begun == 1
    assert team.doubled() == []


def test_a_worker_that_is_killed_leaves_nothing_undone(team: Team) -> None:
    """Those that the other carries out go on there; those of the dead one within half a minute."""
    published = {it: publish(team.clients[0], it) for it in (ONE, TWO)}
    eventually(lambda: all(_begun(team.clients[1], it) for it in published.values()), within=60)
    began = time.monotonic()
    team.workers[0].kill()
    eventually(lambda: not _executors(team) & {"gone"}, within=TAKEOVER_SECONDS)
    assert time.monotonic() - began < TAKEOVER_SECONDS
    for identity in published.values():
        eventually(lambda it=identity: ended(team.clients[1], it), within=90)
        assert run(team.clients[1], identity)["state"] == "succeeded"
    assert team.doubled() == []


def _begun(client: httpx.Client, identity: str) -> bool:
    return any(step["state"] == "running" for step in run(client, identity)["steps"])


def _executors(team: Team) -> set[str]:
    """Return who carries publications out; `gone` instead of whoever is."""
    query = (
        "SELECT DISTINCT CASE WHEN gone IS FALSE AND lease_until > clock_timestamp() THEN 'there'"
        " ELSE 'gone' END FROM autosky_workflows.workflow_status"
        " LEFT JOIN worker ON id = executor_id WHERE status = 'PENDING'"
    )
    return {who for (who,) in team.rows(query)}


def test_a_worker_that_is_frozen_is_given_up_and_leaves_when_it_goes_on(team: Team) -> None:
    published = {it: publish(team.clients[0], it) for it in (ONE, TWO)}
    eventually(lambda: all(_begun(team.clients[1], it) for it in published.values()), within=60)
    frozen = team.workers[0].process
    frozen.send_signal(signal.SIGSTOP)
    try:
        eventually(lambda: team.rows("SELECT id FROM worker WHERE gone"))
        for identity in published.values():
            eventually(lambda it=identity: ended(team.clients[1], it), within=120)
    finally:
        frozen.send_signal(signal.SIGCONT)
    assert team.workers[0].ended() == GIVEN_UP
    assert {run(team.clients[1], it)["state"] for it in published.values()} == {"succeeded"}
    assert team.doubled() == []


def test_a_restart_of_the_database_ends_no_worker_and_no_publication(
    team: Team, postgresql: PostgresServer
) -> None:
    published = publish(team.clients[0], ONE)
    eventually(lambda: _begun(team.clients[1], published))
    postgresql.restart()
    for client in team.clients:
        eventually(lambda it=client: _reads(it), within=60)
        eventually(lambda it=client: ended(it, published), within=90)
    assert run(team.clients[1], published)["state"] == "succeeded"
    assert all(worker.process.poll() is None for worker in team.workers)
    assert team.doubled() == []


def _reads(client: httpx.Client) -> bool:
    return client.get("environments").is_success


def test_an_environment_that_one_has_added_can_be_used_by_the_other(team: Team) -> None:
    asked = {"name": "New", "provider": "simulated", "values": {}}
    added = post(team.clients[0], "environments", **asked)
    assert added.status_code == 201, added.text
    eventually(lambda: json.dumps(team.clients[1].get("environments").json()).count('"New"'))
