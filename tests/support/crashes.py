"""Killing the control plane at random moments of publications, and what must hold after it."""

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.support import crash_records as records
from tests.support.crash_asks import Person, newest, open_in, read
from tests.support.crash_report import Report
from tests.support.crash_world import CrashWorld
from tests.support.waiting import eventually

AIMED, LONGEST_AIM, GLANCE = 0.5, 4.0, 0.002


def crash(world: CrashWorld, *, kills: int, seed: int) -> Report:
    """Publish in every environment and kill; at the end let everything end, and look."""
    chance = random.Random(seed)
    report = Report()
    while report.mid_step < kills:
        world.break_or_mend(chance)
        with world.start() as plane, plane.client() as client:
            world.begin(client)
            person = _person(world, client, chance, report)
            person.publish_everywhere()
            person.ask_for_more()
            if chance.random() < AIMED and (aims := sorted(report.missed())):
                _live_until(world, chance.choice(aims)[1])
            else:
                _live_a_while(world, client, chance)
            person.cancel_one()
            plane.kill()
        report.kills += 1
        records.look(world.folder, report)
    world.mend()
    with world.start() as plane, plane.client() as client:
        runs = _let_all_end(world, client, _person(world, client, chance, report), report)
        plane.leave()
    records.judge(world.folder, runs, report)
    if doubled := world.doubled(runs):
        report.doubled = len(doubled)
        report.wrong.append(f"effects doubled: {doubled}")
    return report


def _person(
    world: CrashWorld, client: httpx.Client, chance: random.Random, report: Report
) -> Person:
    return Person(client, sorted(world.instances), world.support, chance, report)


def _live_a_while(world: CrashWorld, client: httpx.Client, chance: random.Random) -> None:
    """Wait a while, mostly until an open publication has moved and a moment longer."""

    def seen() -> list[Any]:
        return [open_in(client, environment) for environment in sorted(world.instances)]

    before = seen()
    if any(before) and chance.random() < 0.8:
        eventually(lambda: seen() != before, within=world.patience)
    time.sleep(chance.uniform(0.0, world.longest_life))


def _live_until(world: CrashWorld, step: str) -> None:
    """Wait until such a step is at work, if it soon is: some take a hundredth of a second."""
    end = time.monotonic() + LONGEST_AIM
    while time.monotonic() < end:
        steps = records.begun(world.folder)
        if any(name == step and it.state == "running" for (_, name), it in steps.items()):
            return
        time.sleep(GLANCE)


def _let_all_end(
    world: CrashWorld, client: httpx.Client, person: Person, report: Report
) -> list[dict[str, Any]]:
    """Let all publications end, in a mended cloud; what failed last is tried again."""
    for environment in sorted(world.instances):
        eventually(lambda e=environment: not open_in(client, e), within=world.patience)
        last = newest(client, environment)
        if last is not None and last["state"] == "failed":
            person.try_again(last)
            eventually(lambda e=environment: not open_in(client, e), within=world.patience)
            last = newest(client, environment)
            if last is not None and last["state"] == "failed" and not _is_final(last):
                report.wrong.append(f"failed again: {last}")
        eventually(lambda e=environment: not _unseen(client, e), within=world.patience)
    if shut := [it for e in sorted(world.instances) for it in _blocked(client, e)]:
        report.wrong.append(f"nobody can sign in on {shut}")
    for environment, count in world.instances.items():
        there = _lasting(client, environment)
        if len(there) != count and not _people_are_on_both(
            there, count, newest(client, environment)
        ):
            report.wrong.append(f"{count} instances became {len(there)}: {there}")
    return _runs(world, client)


def _is_final(failed: dict[str, Any]) -> bool:
    """Return whether it failed as a whole, or for what no mended cloud changes."""
    return bool(failed["reason"]) or records.why(failed) in records.FOR_GOOD


def _runs(world: CrashWorld, client: httpx.Client) -> list[dict[str, Any]]:
    pages = (
        read(client, f"environments/{e}/publications", limit=200) for e in sorted(world.instances)
    )
    return [run for page in pages for run in page["publications"]]


def _blocked(client: httpx.Client, environment: str) -> list[str]:
    instances = read(client, f"environments/{environment}")["instances"]
    return [it["id"] for it in instances if it["status"] in ("blocked", "draining")]


def _lasting(client: httpx.Client, environment: str) -> list[dict[str, Any]]:
    """Return the instances without those that are on their way out."""
    instances = read(client, f"environments/{environment}")["instances"]
    return [it for it in instances if it["status"] != "stopping"]


def _people_are_on_both(
    there: Sequence[Mapping[str, Any]], count: int, last: Mapping[str, Any] | None
) -> bool:
    """Return whether those too many are successors, which have the names of those they replace, of
    a publication that stopped: it disconnects nobody, and the next one lets the old ones go.
    """
    names = Counter(it["name"] for it in there)
    stopped = last is not None and last["state"] in ("cancelled", "failed")
    return stopped and len(names) == count and max(names.values()) == 2


def _unseen(client: httpx.Client, environment: str) -> list[dict[str, Any]]:
    """Return requests in the record that nothing has come of yet."""
    page = read(client, f"environments/{environment}/activity", limit=1000)
    return [entry for entry in page["entries"] if entry["outcome"] == "running"]
