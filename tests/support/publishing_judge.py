"""The checks of publications, feed and cloud: what must be true, whatever was done to them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Row

from autosky_desktop.domain.environment import Environment, InstanceState, Snapshot
from autosky_desktop.domain.plan import Model
from autosky_desktop.domain.publication import Publication, Step, StepName
from autosky_desktop.server.providers.simulated.instances import RETIRE
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment, SimulatedInstance
from autosky_desktop.server.publications.workflow.journal import step_of

OVER = ("succeeded", "skipped")
NEVER_BEGAN = ("missed", "allowance-used", "deadline-passed", "image-gone")
OPEN = ("queued", "running", "waiting")
ENDED = ("succeeded", "failed", "cancelled")
IDENTITY = 36
"""Letters of a publication's id, with which the keys of what it asks for begin, and the ids of the
workflows that carry it out.
"""


def is_possible(run: Publication) -> None:
    """Check that the publication as a whole, and each step after those before it, is possible."""
    states = [step.state for step in run.steps]
    assert run.state in (*OPEN, *ENDED, "scheduled"), run
    assert (run.ended_at is not None) == (run.state in ENDED), run
    if run.state in ENDED:
        assert (run.waiting_for, run.waits_until, run.disconnect_at) == (None, None, None), run
    if run.state == "succeeded":
        assert set(states) <= {*OVER}, run
        assert not run.sessions_left, run
        assert run.instances_failed == 0, run
        assert run.reason is None, run
    if run.state in ("scheduled", "queued") and not run.retries:
        assert set(states) == {"pending"}, run
    if run.state == "cancelled":
        assert "failed" not in states, run
        assert run.cancel_asked_by, run
    if run.state == "failed":
        assert states.count("failed") == (run.reason not in NEVER_BEGAN), run
    if run.state == "waiting":
        assert run.waiting_for in ("sessions", "users", "go-on", "bake"), run
    for before, after in pairwise(run.steps):
        _follows(before, after, run)


def _follows(before: Step, after: Step, run: Publication) -> None:
    """Check that a step is begun when the one before it is over, and says no more than it can."""
    if after.state not in ("pending", "cancelled"):
        assert before.state in OVER, run
    assert (
        after.state in OVER
        or after.state == "failed"
        or after.ended_at is None
        or (after.state == "cancelled")
    ), run
    assert (after.state == "failed") <= (after.reason is not None), run
    assert (after.state == "running") <= (run.state in ("running", "waiting")), run


class Reader:
    """A reader who follows the feed from its beginning, by its cursor."""

    def __init__(self) -> None:
        self.position = 0
        self.revision: int | None = None
        self.runs: dict[str, Publication] = {}
        self.environment: Environment | None = None

    def reads(self, rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            assert row.id > self.position, "the feed goes back"
            if self.revision is not None:
                assert row.revision == self.revision + 1, f"{self.revision}, then {row.revision}"
            self.position, self.revision = row.id, row.revision
            if row.kind == "publication":
                run = msgspec.json.decode(row.body, type=Publication)
                self.runs[run.id] = run
            elif row.kind == "environment":
                self.environment = msgspec.json.decode(row.body, type=Environment)

    def knows(self, runs: Sequence[Publication], snapshot: Snapshot) -> None:
        """Check that what was told is what there is."""
        assert self.runs == {run.id: run for run in runs}
        assert self.revision == snapshot.environment.revision
        assert self.environment is not None
        told = replace(self.environment, revision=snapshot.environment.revision)
        assert told == snapshot.environment, (told, snapshot.environment)
        assert self.position == snapshot.last_event


def versions_are_the_published(
    runs: Sequence[Publication], cloud: SimulatedEnvironment, snapshot: Snapshot
) -> None:
    """Check that all instances are what a success made, until something else replaces them."""
    for run in runs:
        if run.state == "succeeded":
            _all_are_of(run, cloud, snapshot)
        if step_of(run, StepName.REPLACEMENT).state not in ("pending", "cancelled"):
            return
        if step_of(run, StepName.REPLACEMENT).started_at is not None or run.retries:
            return  # begun, and perhaps waiting to be begun again


def _all_are_of(run: Publication, cloud: SimulatedEnvironment, snapshot: Snapshot) -> None:
    made = step_of(run, StepName.MODEL).made
    assert made is not None
    old = [
        instance
        for instance in cloud.instances.values()
        if instance.model != made and instance.ready_at is None
    ]
    assert not old, (run, old)
    assert (cloud.models[made].version, cloud.models[made].image) == (run.version, run.image)
    reached = [it for it in snapshot.instances if it.status in ("available", "blocked", "draining")]
    assert reached, "nobody finds an instance"
    assert {it.version for it in reached} == {run.version}, (run, reached)


def images_are_its_own_or_the_earlier(
    runs: Sequence[Publication], cloud: SimulatedEnvironment
) -> None:
    """Check that publishing again makes no image, and publishing makes one for each try."""
    published = {run.version: run.image for run in runs if run.state == "succeeded"}
    for run in runs:
        step = step_of(run, StepName.IMAGE)
        ours = [it for it in cloud.effects.values() if it.kind == "image" and _is_of(it.key, run)]
        if run.plan.image_of is None:
            assert len(ours) <= 1 + step.anew, (run, ours)
        else:
            assert not ours, (run, ours)
            if step.made is not None:
                assert step.made == published[run.plan.image_of], run


def _is_of(key: str, run: Publication) -> bool:
    return key.startswith(run.id)


def blocks(run: Publication) -> bool:
    return run.plan.model == Model.OPTIMIZED and run.plan.options.block_instances


def new_sessions_are_blocked(run: Publication, cloud: SimulatedEnvironment) -> bool:
    """Check that nobody new finds an old instance while it blocks; returns whether it does now."""
    made, asked = step_of(run, StepName.MODEL).made, f":block:{run.retries}"
    keys = [key for key in cloud.keys if f" {run.id}:" in key]
    blocked = any(key.startswith("block ") and key.endswith(asked) for key in keys)
    let_in = any(
        key.startswith("unblock ") and key.endswith(f":unblock:{run.retries}") for key in keys
    )
    if not blocked or let_in:
        return False
    open_ = [
        instance
        for instance in cloud.instances.values()
        if _takes_people(instance) and instance.model != made
    ]
    assert not open_, (run, open_)
    return True


def _takes_people(instance: SimulatedInstance) -> bool:
    return instance.facts.status == InstanceState.AVAILABLE


def only_these_end_sessions(
    runs: Mapping[str, Publication],
    cloud: SimulatedEnvironment,
    lawful: set[str],
    *,
    latest: datetime,
) -> None:
    """Check that sessions ended with an instance by those alone that may end them, when they may.

    `lawful` are the keys that were found so before, and get more here: when a hold is passed, users
    are asked anew, and it no longer shows when they were before.
    """
    retired = {
        key.removeprefix(f"{RETIRE} "): int(ended)
        for key, ended in cloud.keys.items()
        if key.startswith(f"{RETIRE} ")
    }
    for key, ended in retired.items():
        run = runs[key[:IDENTITY]]
        if key in lawful or _may_end(run, latest):
            lawful.add(key)
            continue
        assert not ended, (run, key)
    for run in runs.values():
        if not _may_end(run, latest):
            ended = sum(count for key, count in retired.items() if _is_of(key, run))
            assert run.sessions_ended <= ended, run


def _may_end(run: Publication, latest: datetime) -> bool:
    model = Model(run.plan.model)
    if model is Model.STANDARD:
        return True
    if model is Model.OPTIMIZED:
        return run.plan.options.terminate_sessions
    if run.asked_at is None:
        return False
    asked = run.plan.reconnection if model is Model.RECONNECT else None
    if run.plan.deadline is not None:
        assert model is Model.KEEP, run
        assert latest >= run.plan.deadline.at, run  # the clock may have been put back since
        asked = run.plan.deadline.reconnection
    assert asked, f"{run} asked its users"
    return latest >= run.asked_at + timedelta(minutes=asked.minutes)
