"""What is looked at before publishing, as a function of what is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from autosky_desktop.domain import estimate
from autosky_desktop.domain.environment import Environment, Instance, InstanceState
from autosky_desktop.domain.plan import Options
from autosky_desktop.domain.publication import Check, Preview, Publication
from autosky_desktop.domain.server import Server, ServerRole, ServerState

NO_PREPARATION = "none"
SCHEDULED = "scheduled"


def next_version(current: int | None) -> int:
    """A publication that failed leaves its number to the next one."""
    return (current or 0) + 1


def preparation_of(servers: Sequence[Server]) -> Server | None:
    return next((s for s in servers if s.role == ServerRole.PREPARATION), None)


def preview(
    environment: Environment,
    servers: Sequence[Server],
    instances: Sequence[Instance],
    history: Sequence[Publication],
    *,
    options: Options,
    now: datetime,
) -> Preview:
    preparation = preparation_of(servers)
    present = [i for i in instances if i.status != InstanceState.TERMINATED]
    sessions = sum(i.sessions or 0 for i in present)
    span = estimate.whole("optimized", options, history)
    expected = span.usual if span else None
    return Preview(
        version=next_version(environment.current_version),
        replaces=environment.current_version,
        instances=len(present),
        sessions_end=sessions if options.terminate_sessions else 0,
        sessions_stay=0 if options.terminate_sessions else sessions,
        preparation=preparation.status if preparation else NO_PREPARATION,
        checks=[
            _preparation_check(preparation),
            _running_check(history),
            *_shutdown_checks(preparation, now, expected),
        ],
        checked_at=now,
        runs=len(estimate.succeeded(history)),
        expected_seconds=expected,
    )


def _preparation_check(server: Server | None) -> Check:
    if server is None:
        return Check(code="no-preparation-server", level="wait")
    state = ServerState(server.status)
    if state in (ServerState.RUNNING, ServerState.STOPPED):
        return Check(code=f"preparation-{state}", level="pass")
    return Check(code="preparation-moving", level="wait", at=server.since)


def _running_check(history: Sequence[Publication]) -> Check:
    running = next((run for run in history if not run.ended and run.state != SCHEDULED), None)
    if running is None:
        return Check(code="no-publication-running", level="pass")
    return Check(
        code="publication-running",
        level="wait",
        version=running.version,
        by=running.publisher,
        at=running.started_at or running.requested_at,
    )


def _shutdown_checks(
    server: Server | None, now: datetime, expected_seconds: float | None
) -> list[Check]:
    if server is None or server.shutdown is None or expected_seconds is None:
        return []
    if server.shutdown.at > now + timedelta(seconds=expected_seconds):
        return []
    return [Check(code="shutdown-in-run", level="warn", at=server.shutdown.at)]
