"""The highest version that has an image or runs somewhere: its number is never given again.

Revision ID: 0009
"""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("environment", sa.Column("highest_version", sa.Integer))
    connection = op.get_bind()
    for identity, current in connection.execute(
        sa.text("SELECT id, current_version FROM environment")
    ).all():
        taken = max(_taken(connection, identity), default=current)
        connection.execute(
            sa.text("UPDATE environment SET highest_version = :taken WHERE id = :id"),
            {"taken": taken, "id": identity},
        )


def downgrade() -> None:
    op.drop_column("environment", "highest_version")


def _taken(connection: sa.Connection, environment: str) -> Iterator[int]:
    """Yield the highest version of the instances, and the highest one that has an image."""
    where = {"environment": environment}
    running = connection.scalar(
        sa.text("SELECT max(version) FROM instance WHERE environment = :environment"), where
    )
    if isinstance(running, int):
        yield running
    begun = connection.execute(
        sa.text(
            "SELECT version, steps FROM publication"
            " WHERE environment = :environment AND state != 'scheduled' ORDER BY version DESC"
        ),
        where,
    )
    for version, steps in begun:
        if isinstance(version, int) and _has_image(steps):
            yield version
            break
    begun.close()


def _has_image(steps: object) -> bool:
    """Return whether the image step made one; nobody knows it of what is no JSON."""
    try:
        found = json.loads(str(steps))
        return any(step["name"] == "image-creation" and step.get("made") for step in found)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
