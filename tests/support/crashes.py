"""Killing the control plane at random moments of publications, and what must hold after it."""

import random
import sqlite3
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from autosky_desktop.server.providers.simulated import ledger
from tests.support.process import Embedded
from tests.support.waiting import eventually

ENVIRONMENTS = ("erp-production", "erp-staging", "payroll")
MODELS = ("optimized", "standard", "keep-users-connected", "request-reconnection")
RECONNECTION = {"minutes": 5, "message": "{version} in {minutes} minutes", "againMinutes": 1}
USED_UP = ("allowance-used", "reason-to-wait")
LONGEST_LIFE = 1.0
CANCELS = 0.15
PATIENCE = 120.0

# One run's step, by its publication and its name.
StepKey = tuple[str, str]


@dataclass
class Report:
    """`recorded`: how often each step had been begun when the workflow engine had recorded it.

    `cancelled` were promised to stop; all others of `publications` have to succeed.
    """

    kills: int = 0
    mid_step: int = 0
    right: int = 0
    doubled: int = 0
    lost: int = 0
    publications: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    recorded: dict[StepKey, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.kills} kills, {self.mid_step} in the middle of a step, "
            f"{len(self.publications)} publications, {len(self.recorded)} recorded steps, "
            f"{self.right} right end states ({len(self.cancelled)} cancelled), "
            f"{self.doubled} doubled effects, {self.lost} lost events: "
            + ("; ".join(self.wrong) or "every publication ended, nothing was done twice")
        )

    def add(self, other: "Report") -> None:
        """What another world came to."""
        for name in ("kills", "mid_step", "right", "doubled", "lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.publications |= other.publications
        self.cancelled |= other.cancelled
        self.recorded |= other.recorded
        self.wrong += other.wrong


def crash(folder: Path, *, kills: int, seed: int, speed: float) -> Report:
    """Publish in every environment and kill; at the end let everything end, and look."""
    chance = random.Random(seed)
    report = Report()
    while report.kills < kills:
        with Embedded(folder, speed=speed) as plane, plane.client() as client:
            _publish_everywhere(client, chance, report)
            _ask_for_more(client, chance)
            _live_a_while(client, chance)
            _cancel_one(client, chance, report)
            plane.kill()
        report.kills += 1
        _look_at_records(folder, report)
    with Embedded(folder, speed=speed) as plane, plane.client() as client:
        for environment in ENVIRONMENTS:
            eventually(lambda e=environment: not _open(client, e), within=PATIENCE)
            eventually(lambda e=environment: not _unseen(client, e), within=PATIENCE)
        runs = _runs(client)
        plane.leave()
    _judge(folder, runs, report)
    return report


def _publish_everywhere(client: httpx.Client, chance: random.Random, report: Report) -> None:
    for environment in ENVIRONMENTS:
        if _open(client, environment):
            continue
        current = client.get(f"environments/{environment}").json()["environment"]
        answer = client.post(
            f"environments/{environment}/publications",
            json={"expectedVersion": current["currentVersion"] + 1, **_plan(chance)},
            headers={"Idempotency-Key": str(uuid.UUID(int=chance.getrandbits(128)))},
        )
        if answer.status_code == 409 and answer.json()["code"] in USED_UP:
            continue  # users have been asked often enough this month
        assert answer.status_code == 202, answer.text
        report.publications.add(answer.json()["id"])


def _plan(chance: random.Random) -> dict[str, Any]:
    """Any model, at times with a hold that goes on by itself."""
    model = chance.choice(MODELS)
    plan: dict[str, Any] = {"model": model}
    if model == "optimized":
        plan["options"] = {
            "terminateSessions": True,
            "blockInstances": chance.random() < 0.5,
            "stopPreparationServer": chance.random() < 0.5,
        }
    if model == "request-reconnection":
        plan["reconnection"] = RECONNECTION
    if chance.random() < 0.3:
        plan["hold"] = {"first": 2, "bakeSeconds": 120}
    return plan


def _live_a_while(client: httpx.Client, chance: random.Random) -> None:
    """Mostly until a publication has moved and a moment longer, at times not even that."""
    if chance.random() < 0.8:
        before = [_open(client, environment) for environment in ENVIRONMENTS]
        eventually(lambda: [_open(client, e) for e in ENVIRONMENTS] != before, within=PATIENCE)
    time.sleep(chance.uniform(0.0, LONGEST_LIFE))


def _cancel_one(client: httpx.Client, chance: random.Random, report: Report) -> None:
    """At times; what is finished or too far is refused, and what is promised has to be kept."""
    run = _open(client, chance.choice(ENVIRONMENTS))
    if run is None or chance.random() > CANCELS:
        return
    key = str(uuid.UUID(int=chance.getrandbits(128)))
    answer = client.post(f"publications/{run['id']}/cancel", headers={"Idempotency-Key": key})
    assert answer.status_code in (202, 409), answer.text
    if answer.status_code == 202:
        report.cancelled.add(run["id"])


def _open(client: httpx.Client, environment: str) -> dict[str, Any] | None:
    page = client.get(f"environments/{environment}/publications", params={"limit": 1}).json()
    newest = page["publications"][0] if page["publications"] else None
    return newest if newest and newest["endedAt"] is None else None


def _runs(client: httpx.Client) -> list[dict[str, Any]]:
    pages = (client.get(f"environments/{e}/publications?limit=200").json() for e in ENVIRONMENTS)
    return [run for page in pages for run in page["publications"]]


def _ask_for_more(client: httpx.Client, chance: random.Random) -> None:
    """What may be refused or not, and must come to an end in the record."""
    for path in (
        f"environments/{chance.choice(ENVIRONMENTS)}/provider-update",
        f"servers/db-erp-prod-01/{chance.choice(('stop', 'start', 'restart'))}",
    ):
        key = str(uuid.UUID(int=chance.getrandbits(128)))
        assert client.post(path, headers={"Idempotency-Key": key}).status_code in (202, 409)


def _look_at_records(folder: Path, report: Report) -> None:
    """What the dead process left: recorded steps, and how often each had been begun."""
    begun = _begun(folder)
    recorded = _recorded(folder)
    report.mid_step += any(state == "running" for state, _ in begun.values())
    for key in recorded:
        if key not in report.recorded:
            report.recorded[key] = begun[key][1]


def _begun(folder: Path) -> dict[StepKey, tuple[str, int]]:
    query = (
        "select p.id, s.value ->> 'name', s.value ->> 'state', s.value ->> 'attempts'"
        " from publication p, json_each(p.steps) s"
    )
    with closing(sqlite3.connect(folder / "app.sqlite3")) as database:
        return {(row[0], row[1]): (row[2], row[3]) for row in database.execute(query)}


def _recorded(folder: Path) -> list[StepKey]:
    file = folder / "workflow.sqlite3"
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as database:
        tables = database.execute("select name from sqlite_master").fetchall()
        if ("operation_outputs",) not in tables:
            return []
        query = "select workflow_uuid, function_name from operation_outputs"
        return database.execute(query).fetchall()


def _unseen(client: httpx.Client, environment: str) -> list[dict[str, Any]]:
    """Requests in the record that nothing has come of yet."""
    page = client.get(f"environments/{environment}/activity", params={"limit": 1000}).json()
    return [entry for entry in page["entries"] if entry["outcome"] == "running"]


def _published(folder: Path) -> int:
    """What was refused is in the record too, and is no publication."""
    query = (
        "select count(*) from activity_request r left join activity_outcome o"
        " on o.request = r.number where r.kind = 'publish' and o.outcome is not 'refused'"
    )
    with closing(sqlite3.connect(folder / "app.sqlite3")) as database:
        (count,) = database.execute(query).fetchone()
    return int(count)


def _lost(folder: Path) -> list[tuple[str, int]]:
    """Revisions that the feed does not tell of, between the oldest and the newest it keeps."""
    query = "select environment, revision from event order by environment, id"
    with closing(sqlite3.connect(folder / "app.sqlite3")) as database:
        told: list[tuple[str, int]] = database.execute(query).fetchall()
    together = pairwise(told)
    return [
        after for before, after in together if before[0] == after[0] and after[1] != before[1] + 1
    ]


def _judge(folder: Path, runs: list[dict[str, Any]], report: Report) -> None:
    if unended := report.publications - {run["id"] for run in runs if run["endedAt"]}:
        report.wrong.append(f"never ended: {sorted(unended)}")
    wrong = [(run["id"], run["state"]) for run in runs if run["state"] != _right(run, report)]
    if wrong:
        report.wrong.append(f"wrong end states: {wrong}")
    report.right = len(runs) - len(wrong)
    if lost := _lost(folder):
        report.lost = len(lost)
        report.wrong.append(f"events lost before: {lost}")
    attempts = {
        (run["id"], step["name"]): step["attempts"] for run in runs for step in run["steps"]
    }
    again = [key for key, begun in report.recorded.items() if attempts[key] != begun]
    if again:
        report.wrong.append(f"recorded steps begun again: {again}")
    if (entries := _published(folder)) != len(report.publications):
        report.wrong.append(f"{entries} publications in the record")
    if doubled := [effect for effect in ledger(folder / "cloud") if effect.count > 1]:
        report.doubled = len(doubled)
        report.wrong.append(f"effects doubled: {doubled}")


def _right(run: dict[str, Any], report: Report) -> str:
    return "cancelled" if run["id"] in report.cancelled else "succeeded"
