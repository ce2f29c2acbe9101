"""A record of activity as it is after a long time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from autosky_desktop.domain.activity import ActivityKind
from autosky_desktop.server.db import schema
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

ENVIRONMENT = "erp-staging"
NEWEST = datetime(2026, 11, 23, tzinfo=UTC)
APART = timedelta(minutes=5)
KINDS = [kind.value for kind in ActivityKind if kind is not ActivityKind.UNKNOWN]
PEOPLE = [None, *(f"person-{number:02}" for number in range(20))]


async def fill(unit_of_work: UnitOfWork, entries: int) -> None:
    """Add so many entries, five minutes apart; by twenty people and the schedule."""
    async with unit_of_work.without_events() as connection:
        rows = [_request(number, entries) for number in range(1, entries + 1)]
        await connection.execute(insert(schema.request), rows)
        await connection.execute(insert(schema.outcome), [_outcome(row) for row in rows])


def _request(number: int, entries: int) -> dict[str, Any]:
    return {
        "number": number,
        "id": f"entry-{number}",
        "environment": ENVIRONMENT,
        "at": NEWEST - (entries - number) * APART,
        "kind": KINDS[number % len(KINDS)],
        "by": PEOPLE[number // len(KINDS) % len(PEOPLE)],  # each does something of every kind
        "target": f"SERVER-{number % 50}",
        "version": None,
        "moved_from": None,
        "moved_to": None,
        "count": None,
    }


def _outcome(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "request": request["number"],
        "ended_at": request["at"] + timedelta(minutes=1),
        "outcome": "done",
        "reason": None,
        "detail": "",
        "count": None,
    }
