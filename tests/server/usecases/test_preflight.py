"""What is looked at before publishing."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.plan import Options
from autosky_desktop.domain.publication import STEPS, Publication, Step
from autosky_desktop.domain.server import ScheduledShutdown, Server
from autosky_desktop.server.usecases.preflight import next_version, preview

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
ENVIRONMENT = Environment(
    id="erp", name="ERP", label="staging", kind="scaling", provider="Demo", time_zone="UTC",
    run_hours=4, revision=9, confirmed_at=MORNING, current_version=41,
)  # fmt: skip
PREPARATION = Server(id="prep", name="PREP", role="preparation", status="running", since=MORNING)
INSTANCES = [
    Instance(id="a", name="A", status="available", version=41, sessions=3),
    Instance(id="b", name="B", status="draining", version=41, sessions=2),
    Instance(id="c", name="C", status="terminated", version=40, sessions=None),
]


def run(version: int, state: str = "succeeded", minutes: int = 20) -> Publication:
    end = MORNING + timedelta(minutes=minutes)
    steps = [
        Step(name=name, state="succeeded", started_at=MORNING, ended_at=MORNING) for name in STEPS
    ]
    steps[2] = msgspec.structs.replace(steps[2], ended_at=end)
    return Publication(
        id=f"p{version}", version=version, model="optimized", options=Options(), state=state,
        publisher="ana", requested_by="ana", requested_at=MORNING, steps=steps,
        started_at=MORNING, ended_at=end,
    )  # fmt: skip


def look(servers=(PREPARATION,), history=(), **options: bool):
    return preview(
        ENVIRONMENT, servers, INSTANCES, history, options=Options(**options), now=MORNING
    )


def codes(seen) -> list[tuple[str, str]]:
    return [(check.code, check.level) for check in seen.checks]


def test_it_counts_what_is_touched():
    seen = look()
    assert (seen.version, seen.replaces, seen.instances) == (42, 41, 2)
    assert (seen.sessions_end, seen.sessions_stay) == (0, 5)
    seen = look(terminate_sessions=True)
    assert (seen.sessions_end, seen.sessions_stay) == (5, 0)


def test_an_environment_s_first_version_is_one():
    assert next_version(None) == 1


@pytest.mark.parametrize(
    ("status", "check"),
    [
        ("running", ("preparation-running", "pass")),
        ("stopped", ("preparation-stopped", "pass")),
        ("starting", ("preparation-moving", "wait")),
        ("hibernating", ("preparation-moving", "wait")),
    ],
)
def test_the_preparation_server_must_have_settled(status, check):
    server = msgspec.structs.replace(PREPARATION, status=status)
    assert codes(look(servers=(server,)))[0] == check


def test_without_a_preparation_server_there_is_nothing_to_publish():
    assert codes(look(servers=()))[0] == ("no-preparation-server", "wait")


def test_a_running_publication_is_named():
    running = msgspec.structs.replace(run(42, "running"), ended_at=None)
    check = look(history=[running]).checks[1]
    assert (check.code, check.level) == ("publication-running", "wait")
    assert (check.version, check.by, check.at) == (42, "ana", MORNING)


def test_a_shutdown_within_the_usual_duration_is_warned_of():
    history = [run(41), run(40), run(39)]
    soon = ScheduledShutdown(at=MORNING + timedelta(minutes=19))
    server = msgspec.structs.replace(PREPARATION, shutdown=soon)
    seen = look(servers=(server,), history=history)
    assert (seen.runs, seen.expected_seconds) == (3, 1200)
    assert codes(seen)[-1] == ("shutdown-in-run", "warn")
    later = ScheduledShutdown(at=MORNING + timedelta(minutes=21))
    server = msgspec.structs.replace(PREPARATION, shutdown=later)
    assert len(look(servers=(server,), history=history).checks) == 2
    assert len(look(servers=(server,)).checks) == 2
