"""Adds the connections that operators open, and the account of each to the record.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NAME = sa.String(256)


def upgrade() -> None:
    op.add_column("activity_request", sa.Column("account", NAME, nullable=False, server_default=""))
    op.create_table(
        "connection",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("environment", sa.String(64), nullable=False),
        sa.Column("server", sa.String(128), nullable=False),
        sa.Column("account", NAME, nullable=False),
        sa.Column("address", NAME, nullable=False),
        sa.Column("protocol", NAME, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["environment"], ["environment.id"], name="fk_connection_environment_environment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_connection"),
    )
    open_ = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_connection_open", "connection", ["at"], sqlite_where=open_, postgresql_where=open_
    )


def downgrade() -> None:
    op.drop_table("connection")
    op.drop_column("activity_request", "account")
