"""Makes the first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _environments()
    _observed()
    _publications()
    _events()


def downgrade() -> None:
    for table in ("idempotency", "event", "publication", "instance", "server", "environment"):
        op.drop_table(table)


def _of_environment(table: str) -> list[sa.schema.SchemaItem]:
    reference = sa.ForeignKeyConstraint(
        ["environment"], ["environment.id"], name=f"fk_{table}_environment_environment"
    )
    return [sa.Column("environment", sa.String(64), nullable=False), reference]


def _environments() -> None:
    op.create_table(
        "environment",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("label", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("run_hours", sa.Integer, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("current_version", sa.Integer),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("told", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_environment"),
    )


def _observed() -> None:
    op.create_table(
        "server",
        sa.Column("id", sa.String(128), nullable=False),
        *_of_environment("server"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("public_ip", sa.String(64)),
        sa.Column("private_ip", sa.String(64)),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("platform_version", sa.String(64)),
        sa.Column("image_status", sa.String(32)),
        sa.Column("image_since", MOMENT),
        sa.Column("shutdown", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_server"),
    )
    op.create_index("ix_server_environment", "server", ["environment"])
    op.create_table(
        "instance",
        sa.Column("id", sa.String(128), nullable=False),
        *_of_environment("instance"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sessions", sa.Integer),
        sa.Column("public_ip", sa.String(64)),
        sa.Column("private_ip", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_instance"),
    )
    op.create_index("ix_instance_environment", "instance", ["environment"])


def _publications() -> None:
    op.create_table(
        "publication",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.UniqueConstraint("id", name="uq_publication_id"),
        *_of_environment("publication"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("model", sa.String(32), nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("publisher", sa.String(200), nullable=False),
        sa.Column("requested_by", sa.String(200), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("replaces", sa.Integer),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("platform_version", sa.String(64)),
        sa.Column("instances_replaced", sa.Integer, nullable=False),
        sa.Column("sessions_ended", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_publication"),
    )
    op.create_index("ix_publication_environment", "publication", ["environment", "number"])
    op.create_index("ix_publication_state", "publication", ["state"])


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, nullable=False),
        *_of_environment("event"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_table(
        "idempotency",
        sa.Column("operator", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("operator", "key", name="pk_idempotency"),
    )
