"""A data folder in which an older version left publications, one of them in the middle."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from sqlalchemy import create_engine

from autosky_desktop.server.db.migrations import config
from autosky_desktop.server.db.storage import FILE
from tests.support.control_plane import running_control_plane
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"
TOMORROW = {"at": "2099-12-01T12:00:00Z", "timeZone": "America/Sao_Paulo"}
MESSAGE = {"minutes": 7, "message": 'Save "all", é?', "againMinutes": 2}
LATER = {
    "expectedVersion": 58, "schedule": TOMORROW, "note": "Later",
    "plan": {"model": "request-reconnection", "reconnection": MESSAGE, "stopAtFirstFailure": False},
}  # fmt: skip
HELD = {
    "expectedVersion": 58,
    "plan": {"model": "standard", "hold": {"first": 1}, "emails": ["ana@example.com"]},
}


SINCE = {"replacedImage": None}
"""A field that the schema before had no column for: what it kept is told without it."""


def ask(client: httpx.Client, path: str, body: object, key: str = "") -> dict[str, Any]:
    answer = client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    return told


def history(client: httpx.Client) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get(f"{STAGING}/publications").json()["publications"]
    return told


def state(client: httpx.Client, run: dict[str, Any]) -> tuple[str, str | None]:
    seen = client.get(f"publications/{run['id']}").json()
    return seen["state"], seen["waitingFor"]


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, list[dict[str, Any]]]:
    """The folder at the schema before, and the history that was told there."""
    with running_control_plane(tmp_path) as running, running.client() as client:
        ask(client, f"{STAGING}/publications", LATER, key="later")
        held = ask(client, f"{STAGING}/publications", HELD, key="held")
        eventually(lambda: state(client, held) == ("waiting", "go-on"))
        told = [{**run, **SINCE} for run in history(client)]
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        command.downgrade(config(connection), "0007")
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        [(before,)] = database.execute("select hold from publication where hold is not null")
    assert '"passedBy"' in before
    return tmp_path, told


def test_all_of_them_are_told_as_they_were_and_the_one_in_the_middle_goes_on(old):
    folder, told = old
    with running_control_plane(folder) as running, running.client() as client:
        assert history(client) == told
        held = next(run for run in told if run["plan"]["hold"])
        assert state(client, held) == ("waiting", "go-on")
        assert ask(client, f"publications/{held['id']}/go-on", {})["holdPassedBy"] == "ana"
        eventually(lambda: state(client, held) == ("succeeded", None))


def test_who_asks_again_with_the_same_key_hears_what_was_answered_with_its_plan(old):
    folder, _ = old
    with running_control_plane(folder) as running, running.client() as client:
        again = ask(client, f"{STAGING}/publications", LATER, key="later")
        assert again["plan"]["reconnection"] == MESSAGE
        assert (again["plan"]["stopAtFirstFailure"], again["state"]) == (False, "scheduled")
