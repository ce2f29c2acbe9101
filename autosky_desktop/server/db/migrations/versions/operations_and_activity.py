"""Adds operations, the record of activity, daily stops, and why a provider could not be read.

What was told of an environment says more than before: it is forgotten, and read anew at start.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("environment", sa.Column("daily_stop", sa.String(5)))
    op.add_column("environment", sa.Column("unreachable", sa.Text))
    op.execute("UPDATE environment SET told = NULL")
    set_ = sa.text("shutdown IS NOT NULL")
    op.create_index(
        "ix_server_shutdown", "server", ["environment"], sqlite_where=set_, postgresql_where=set_
    )
    _operations()
    _requests()
    _outcomes()


def downgrade() -> None:
    for table in ("activity_awaited", "activity_outcome", "activity_request", "operation"):
        op.drop_table(table)
    op.drop_index("ix_server_shutdown")
    op.execute("UPDATE environment SET told = NULL")
    op.drop_column("environment", "unreachable")
    op.drop_column("environment", "daily_stop")


def _of_environment(table: str) -> list[sa.schema.SchemaItem]:
    reference = sa.ForeignKeyConstraint(
        ["environment"], ["environment.id"], name=f"fk_{table}_environment_environment"
    )
    return [sa.Column("environment", sa.String(64), nullable=False), reference]


def _operations() -> None:
    op.create_table(
        "operation",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.UniqueConstraint("id", name="uq_operation_id"),
        *_of_environment("operation"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("differences", sa.Text),
        sa.Column("reason", sa.String(64)),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_operation"),
    )
    op.create_index("ix_operation_environment", "operation", ["environment", "number"])
    op.create_index("ix_operation_state", "operation", ["state"])


def _requests() -> None:
    table = "activity_request"
    op.create_table(
        table,
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.UniqueConstraint("id", name="uq_activity_request_id"),
        *_of_environment(table),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("moved_from", MOMENT),
        sa.Column("moved_to", MOMENT),
        sa.Column("count", sa.Integer),
        sa.PrimaryKeyConstraint("number", name="pk_activity_request"),
    )
    op.create_index("ix_activity_request_at", table, ["environment", "at"])
    op.create_index("ix_activity_request_kind", table, ["environment", "kind", "at"])
    op.create_index("ix_activity_request_by", table, ["environment", "by", "at"])
    op.create_index("ix_activity_request_kind_by", table, ["environment", "kind", "by", "at"])


def _outcomes() -> None:
    op.create_table(
        "activity_outcome",
        _request(),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("count", sa.Integer),
        *_keyed_by_request("activity_outcome"),
    )
    op.create_table(
        "activity_awaited",
        _request(),
        *_of_environment("activity_awaited"),
        sa.Column("subject", sa.String(128), nullable=False),
        *_keyed_by_request("activity_awaited"),
    )
    op.create_index("ix_activity_awaited_environment", "activity_awaited", ["environment"])


def _request() -> sa.Column[int]:
    return sa.Column("request", sa.Integer, nullable=False)


def _keyed_by_request(table: str) -> list[sa.schema.SchemaItem]:
    reference = sa.ForeignKeyConstraint(
        ["request"], ["activity_request.number"], name=f"fk_{table}_request_activity_request"
    )
    return [sa.PrimaryKeyConstraint("request", name=f"pk_{table}"), reference]
