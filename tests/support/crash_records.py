"""The records of a dead control plane on the disk, and the judgement of what came of them."""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.crash_report import Report, StepKey, is_possible
from tests.support.publishing_judge import IDENTITY, OVER

THE_CLOUDS = ("image-failed", "replacement-failed", "provider-busy")
"""Why a publication may fail in a cloud that breaks."""
FOR_GOOD = ("allowance-used", "deadline-passed")
"""Why one may fail in any cloud: there is nothing to ask users with, or it is too late to."""


class Begun(NamedTuple):
    model: str
    state: str
    attempts: int


def look(folder: Path, report: Report) -> None:
    """Note what was hit, and how often each recorded step that was over had been begun."""
    steps = begun(folder)
    running = [(it.model, step) for (_, step), it in steps.items() if it.state == "running"]
    hit = [it for it in running if is_possible(*it)]
    report.mid_step += bool(hit)
    report.struck.update(hit)
    for workflow, step in _recorded(folder):
        key = workflow[:IDENTITY], step
        if key in steps and steps[key].state in OVER:
            report.recorded.setdefault(key, steps[key].attempts)


def begun(folder: Path) -> dict[StepKey, Begun]:
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


def judge(folder: Path, runs: list[dict[str, Any]], report: Report) -> None:
    if unended := report.publications - {run["id"] for run in runs if run["endedAt"]}:
        report.wrong.append(f"never ended: {sorted(unended)}")
    wrong = [(run["id"], run["state"], why(run)) for run in runs if not _is_right(run, report)]
    if wrong:
        report.wrong.append(f"wrong end states: {wrong}")
    report.right = len(runs) - len(wrong)
    report.failed = sum(run["state"] == "failed" for run in runs)
    if lost := _lost(folder):
        report.lost = len(lost)
        report.wrong.append(f"events lost before: {lost}")
    attempts = {
        (run["id"], step["name"]): step["attempts"] for run in runs for step in run["steps"]
    }
    again = [key for key, begun in report.recorded.items() if attempts[key] != begun]
    if again:
        report.wrong.append(f"recorded steps begun again: {again}")
    fell_due = [run for run in runs if run["scheduledFor"] and run["reason"] != "called-off"]
    if (entries := _published(folder)) != len(report.publications) + len(fell_due):
        report.wrong.append(f"{entries} publications in the record, {len(fell_due)} twice")


def _is_right(run: dict[str, Any], report: Report) -> bool:
    """Return whether a run ended right: done, or stopped if told to, or failed by the cloud."""
    if run["state"] == "failed":
        return why(run) in (*THE_CLOUDS, *FOR_GOOD)
    return run["state"] == ("cancelled" if run["id"] in report.cancelled else "succeeded")


def why(run: dict[str, Any]) -> str | None:
    reasons = [step["reason"] for step in run["steps"] if step["state"] == "failed"]
    return reasons[0] if reasons else run["reason"]


def _published(folder: Path) -> int:
    """Count the publications; what was refused is in the record too, and is none.

    One for later is there twice: when it was planned, and when its moment came.
    """
    query = (
        "select count(*) from activity_request r left join activity_outcome o"
        " on o.request = r.number where r.kind in ('publish', 'schedule-publication')"
        " and o.outcome is not 'refused'"
    )
    with closing(sqlite3.connect(folder / "app.sqlite3")) as database:
        (count,) = database.execute(query).fetchone()
    return int(count)


def _lost(folder: Path) -> list[tuple[str, int]]:
    """Return revisions that the feed does not tell of, between its oldest and its newest."""
    query = "select environment, revision from event order by environment, id"
    with closing(sqlite3.connect(folder / "app.sqlite3")) as database:
        told: list[tuple[str, int]] = database.execute(query).fetchall()
    together = pairwise(told)
    return [
        after for before, after in together if before[0] == after[0] and after[1] != before[1] + 1
    ]
