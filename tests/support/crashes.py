"""Killing the control plane at random moments of publications, and what must hold after it."""

import random
import sqlite3
import time
import uuid
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from autosky_desktop.server.providers.simulated import ledger
from tests.support.crash_report import MODELS, Report, StepKey, is_possible
from tests.support.process import Embedded
from tests.support.waiting import eventually

ENVIRONMENTS = ("erp-production", "erp-staging", "payroll")
RECONNECTION = {"minutes": 5, "message": "{version} in {minutes} minutes", "againMinutes": 1}
USED_UP = ("allowance-used", "reason-to-wait")
LONGEST_LIFE = 1.0
CANCELS = 0.15
AIMED, LONGEST_AIM, GLANCE = 0.5, 4.0, 0.002
PATIENCE = 120.0


def crash(folder: Path, *, kills: int, seed: int, speed: float) -> Report:
    """Publish in every environment and kill; at the end let everything end, and look."""
    chance = random.Random(seed)
    report = Report()
    while report.mid_step < kills:
        with Embedded(folder, speed=speed) as plane, plane.client() as client:
            _publish_everywhere(client, chance, report)
            _ask_for_more(client, chance)
            if chance.random() < AIMED and (aims := sorted(report.missed())):
                _live_until(folder, chance.choice(aims)[1])
            else:
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
        shut = [it for e in ENVIRONMENTS for it in _blocked(client, e)]
        if shut:
            report.wrong.append(f"nobody can sign in on {shut}")
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


def _live_until(folder: Path, step: str) -> None:
    """Until such a step is at work, if it comes to that soon: some take a hundredth of a second."""
    end = time.monotonic() + LONGEST_AIM
    while time.monotonic() < end:
        if any(name == step and it.state == "running" for (_, name), it in _begun(folder).items()):
            return
        time.sleep(GLANCE)


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
    running = [(it.model, step) for (_, step), it in begun.items() if it.state == "running"]
    hit = [it for it in running if is_possible(*it)]
    report.mid_step += bool(hit)
    report.struck.update(hit)
    for key in _recorded(folder):
        if key not in report.recorded:
            report.recorded[key] = begun[key].attempts


class Begun(NamedTuple):
    model: str
    state: str
    attempts: int


def _begun(folder: Path) -> dict[StepKey, Begun]:
    query = (
        "select p.id, s.value ->> 'name', p.model, s.value ->> 'state', s.value ->> 'attempts'"
        " from publication p, json_each(p.steps) s"
    )
    with closing(sqlite3.connect(folder / "app.sqlite3")) as database:
        return {(row[0], row[1]): Begun(*row[2:]) for row in database.execute(query)}


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


def _blocked(client: httpx.Client, environment: str) -> list[str]:
    instances = client.get(f"environments/{environment}").json()["instances"]
    return [it["id"] for it in instances if it["status"] == "blocked"]


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
