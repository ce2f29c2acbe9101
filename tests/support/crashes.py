"""Killing the control plane at random moments of publications, and what must hold after it."""

import random
import time
from pathlib import Path
from typing import Any

import httpx

from autosky_desktop.server.providers import demo_seed
from tests.support import crash_records as records
from tests.support.crash_asks import (
    ENVIRONMENTS,
    Person,
    break_or_mend,
    mend,
    newest,
    open_in,
    read,
)
from tests.support.crash_report import Report
from tests.support.process import Embedded
from tests.support.waiting import eventually

LONGEST_LIFE = 1.0
AIMED, LONGEST_AIM, GLANCE = 0.5, 4.0, 0.002
PATIENCE = 120.0


def crash(folder: Path, *, kills: int, seed: int, speed: float) -> Report:
    """Publish in every environment and kill; at the end let everything end, and look."""
    chance = random.Random(seed)
    report = Report()
    while report.mid_step < kills:
        break_or_mend(folder, chance)
        with Embedded(folder, speed=speed) as plane, plane.client() as client:
            person = Person(client, chance, report)
            person.publish_everywhere()
            person.ask_for_more()
            if chance.random() < AIMED and (aims := sorted(report.missed())):
                _live_until(folder, chance.choice(aims)[1])
            else:
                _live_a_while(client, chance)
            person.cancel_one()
            plane.kill()
        report.kills += 1
        records.look(folder, report)
    mend(folder)
    with Embedded(folder, speed=speed) as plane, plane.client() as client:
        runs = _let_all_end(client, Person(client, chance, report), report)
        plane.leave()
    records.judge(folder, runs, report)
    return report


def _live_a_while(client: httpx.Client, chance: random.Random) -> None:
    """Wait a while, mostly until an open publication has moved and a moment longer."""
    before = [open_in(client, environment) for environment in ENVIRONMENTS]
    if any(before) and chance.random() < 0.8:
        eventually(lambda: [open_in(client, e) for e in ENVIRONMENTS] != before, within=PATIENCE)
    time.sleep(chance.uniform(0.0, LONGEST_LIFE))


def _live_until(folder: Path, step: str) -> None:
    """Wait until such a step is at work, if it soon is: some take a hundredth of a second."""
    end = time.monotonic() + LONGEST_AIM
    while time.monotonic() < end:
        steps = records.begun(folder)
        if any(name == step and it.state == "running" for (_, name), it in steps.items()):
            return
        time.sleep(GLANCE)


def _let_all_end(client: httpx.Client, person: Person, report: Report) -> list[dict[str, Any]]:
    """Let all publications end, in a mended cloud; what failed last is tried again."""
    for environment in ENVIRONMENTS:
        eventually(lambda e=environment: not open_in(client, e), within=PATIENCE)
        last = newest(client, environment)
        if last is not None and last["state"] == "failed":
            person.try_again(last)
            eventually(lambda e=environment: not open_in(client, e), within=PATIENCE)
            last = newest(client, environment)
            if last is not None and last["state"] == "failed" and not _is_final(last):
                report.wrong.append(f"failed again: {last}")
        eventually(lambda e=environment: not _unseen(client, e), within=PATIENCE)
    if shut := [it for e in ENVIRONMENTS for it in _blocked(client, e)]:
        report.wrong.append(f"nobody can sign in on {shut}")
    for demo in demo_seed.environments():
        if demo.id in ENVIRONMENTS and len(there := _lasting(client, demo.id)) != demo.instances:
            report.wrong.append(f"{demo.instances} instances became {len(there)}: {there}")
    return _runs(client)


def _is_final(failed: dict[str, Any]) -> bool:
    """Return whether it failed as a whole, or for what no mended cloud changes."""
    return bool(failed["reason"]) or records.why(failed) in records.FOR_GOOD


def _runs(client: httpx.Client) -> list[dict[str, Any]]:
    pages = (read(client, f"environments/{e}/publications", limit=200) for e in ENVIRONMENTS)
    return [run for page in pages for run in page["publications"]]


def _blocked(client: httpx.Client, environment: str) -> list[str]:
    instances = read(client, f"environments/{environment}")["instances"]
    return [it["id"] for it in instances if it["status"] in ("blocked", "draining")]


def _lasting(client: httpx.Client, environment: str) -> list[dict[str, Any]]:
    """Return the instances without those that are on their way out."""
    instances = read(client, f"environments/{environment}")["instances"]
    return [it for it in instances if it["status"] != "stopping"]


def _unseen(client: httpx.Client, environment: str) -> list[dict[str, Any]]:
    """Return requests in the record that nothing has come of yet."""
    page = read(client, f"environments/{environment}/activity", limit=1000)
    return [entry for entry in page["entries"] if entry["outcome"] == "running"]
