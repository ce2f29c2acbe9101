"""Numbers that were given before they were counted are not given again."""

import json
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from autosky_desktop.domain.publication import STEPS
from autosky_desktop.server.db.migrations import config
from autosky_desktop.server.db.storage import FILE

MORNING = "2026-11-23 09:00:00.000000"


def migrated(folder: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{folder / FILE}")
    with engine.begin() as connection:
        command.upgrade(config(connection), revision)
    engine.dispose()


def steps(image: str | None) -> str:
    made = {"image-creation": image}
    return json.dumps([{"name": name.value, "made": made.get(name.value)} for name in STEPS])


HAS, NONE = steps("img-1"), steps(None)


@pytest.mark.parametrize(
    ("current", "runs", "instances", "highest"),
    [
        (None, [], [], None),
        (41, [], [], 41),
        (41, [(41, "succeeded", HAS)], [41], 41),
        (41, [(41, "succeeded", HAS), (42, "cancelled", HAS)], [41], 42),
        (41, [(42, "failed", HAS), (43, "failed", NONE)], [41], 42),
        (41, [(44, "scheduled", HAS)], [43, 41], 43),
        (41, [(42, "failed", "no JSON"), (42, "failed", "[7]"), (43, "failed", "{}")], [], 41),
    ],
)
def test_the_highest_number_with_an_image_or_an_instance_is_known(
    tmp_path: Path,
    current: int | None,
    runs: list[tuple[int, str, str]],
    instances: list[int],
    highest: int | None,
) -> None:
    migrated(tmp_path, "0008")
    database = sqlite3.connect(tmp_path / FILE)
    database.execute(
        "insert into environment (id, position, name, label, kind, provider, time_zone,"
        " run_hours, demo, confirmed_at, revision, current_version) values"
        f" ('erp', 0, 'ERP', 'staging', 'scaling', 'Demo', 'UTC', 4, 1, '{MORNING}', 1, ?)",
        [current],
    )
    for number, (version, state, made) in enumerate(runs):
        database.execute(
            "insert into publication (number, id, environment, version, model, state, publisher,"
            " requested_by, requested_at, steps, note, instances_replaced, sessions_ended)"
            " values (?, ?, 'erp', ?, 'standard', ?, 'ana', 'ana', ?, ?, '', 0, 0)",
            [number, f"p{number}", version, state, MORNING, made],
        )
    for number, version in enumerate(instances):
        database.execute(
            "insert into instance (id, environment, name, status, version) values (?, 'erp', ?,"
            " 'available', ?)",
            [f"i{number}", f"I{number}", version],
        )
    database.commit()
    migrated(tmp_path, "0009")
    assert database.execute("select highest_version from environment").fetchall() == [(highest,)]
    database.close()
