"""A database of PostgreSQL is backed up while publications run, and put back after it was lost."""

import subprocess
import uuid
from pathlib import Path

import httpx
from sqlalchemy.engine import make_url

from tests.support.control_plane import Running, running_control_plane
from tests.support.postgresql import PostgresServer, programs
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"
SLOWLY = 150.0
"""Such that a publication lasts for as long as a backup, and longer."""


def publish(client: httpx.Client) -> str:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    asked = client.post(f"{STAGING}/publications", headers=headers, json={"expectedVersion": 58})
    assert asked.status_code == 202, asked.text
    identity: str = asked.json()["id"]
    return identity


def steps_over(client: httpx.Client, publication: str) -> int:
    steps = client.get(f"publications/{publication}").json()["steps"]
    return sum(step["state"] == "succeeded" for step in steps)


def state(client: httpx.Client, publication: str) -> str:
    found: str = client.get(f"publications/{publication}").json()["state"]
    return found


def newest_event(client: httpx.Client) -> int:
    return int(client.get(STAGING).json()["lastEvent"])


def of_server(program: str, *words: str) -> None:
    subprocess.run([f"{programs()}/{program}", *words], check=True, timeout=60)


def test_what_was_put_back_goes_on_where_the_backup_was_made(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    backup = str(tmp_path / "backup")
    with (
        postgresql.database() as lost,
        running_control_plane(tmp_path, speed=SLOWLY, database=make_url(lost)) as running,
        running.client() as client,
    ):
        publication = publish(client)
        eventually(lambda: steps_over(client, publication) >= 1)
        of_server("pg_dump", "--format", "custom", "--file", backup, lost)
        assert state(client, publication) == "running"
        eventually(lambda: steps_over(client, publication) >= 3, within=60)
        identity = client.get("me").json()["controlPlaneId"]
        told, made = newest_event(client), images(running)
    with postgresql.database() as put_back:
        of_server("pg_restore", "--exit-on-error", "--no-owner", "--dbname", put_back, backup)
        with (
            running_control_plane(tmp_path, speed=SLOWLY, database=make_url(put_back)) as running,
            running.client() as client,
        ):
            assert client.get("me").json()["controlPlaneId"] == identity
            eventually(lambda: state(client, publication) == "succeeded", within=60)
            assert client.get(STAGING).json()["environment"]["currentVersion"] == 58
            assert images(running) == made
            # No id is given again that somebody heard in the time that is lost.
            assert newest_event(client) > told


def images(running: Running) -> set[str]:
    """Return the images of the cloud, which nobody put back."""
    return set(running.provider._now("erp-staging").images)
