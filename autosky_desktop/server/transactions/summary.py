"""Sums up an environment for the list, from what is known of its parts; pure."""

from collections.abc import Sequence

from autosky_desktop.domain.environment import Instance, InstanceState, Preparation, Publishing
from autosky_desktop.domain.publication import Publication, PublicationState, StepState, WaitingFor
from autosky_desktop.domain.server import ImageState, Server, ServerRole, ServerState
from autosky_desktop.server.publications import queries as publications

OVER = (StepState.SUCCEEDED, StepState.SKIPPED, StepState.FAILED)


def of_parts(servers: Sequence[Server], instances: Sequence[Instance]) -> dict[str, object]:
    """Return the fields of Environment that follow from its servers and instances."""
    present = [i for i in instances if i.status != InstanceState.TERMINATED]
    reported = [i.sessions for i in present if i.sessions is not None]
    return {
        "preparation": next(
            (_preparation(s) for s in servers if s.role == ServerRole.PREPARATION), None
        ),
        "sessions": sum(reported) if reported else None,
        "instances": len(present),
        "troubled": sum(map(_server_troubled, servers)) + sum(map(_instance_troubled, present)),
    }


def of_publications(latest: publications.Latest, current: int | None = None) -> dict[str, object]:
    """Return the fields of Environment that follow from its publications.

    A failure is over when another version is the `current` one than it was to replace: an older
    try was tried again. One that never began may not know what it would have replaced.
    """
    running, newest, following = latest
    failed = newest if newest and newest.state == PublicationState.FAILED else None
    if failed and current is not None and _is_over(failed, current):
        failed = None
    steps = failed.steps if failed else ()
    step = next((it for it in steps if it.state == StepState.FAILED), None)
    return {
        "publishing": _publishing(running) if running else None,
        "failed_version": failed.version if failed else None,
        "failed_at": failed.ended_at if failed else None,
        "failed_step": (failed.current_step or None) if failed else None,
        "failed_reason": step.reason if step else failed and failed.reason,
        "failed_detail": step.detail if step else None,
        "next_publication": following,
    }


def _is_over(failed: Publication, current: int) -> bool:
    replaced = failed.started_at is not None and failed.replaces != current
    return replaced or failed.version <= current


def _preparation(server: Server) -> Preparation:
    return Preparation(
        id=server.id,
        name=server.name,
        status=server.status,
        shutdown=server.shutdown,
        image_failed=server.image_status == ImageState.FAILED,
    )


def _server_troubled(server: Server) -> bool:
    strange = ServerState(server.status) is ServerState.UNKNOWN
    return strange or server.image_status == ImageState.FAILED


def _instance_troubled(instance: Instance) -> bool:
    return InstanceState(instance.status) is InstanceState.UNKNOWN


def _publishing(run: Publication) -> Publishing:
    over = sum(step.state in OVER for step in run.steps)
    return Publishing(
        version=run.version,
        step=min(over + 1, len(run.steps)),
        steps=len(run.steps),
        publisher=run.publisher,
        since=run.started_at or run.requested_at,
        waits_for_you=run.waiting_for == WaitingFor.GO_ON and run.cancel_asked_by is None,
        prepared=run.waiting_for == WaitingFor.SWITCH and run.cancel_asked_by is None,
    )
