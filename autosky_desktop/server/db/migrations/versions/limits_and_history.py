"""Adds a limit of requests to reconnect, and keeps the history quick however long it gets.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HISTORY = (
    "environment", "number", "model", "state", "publisher", "version", "note",
    "requested_at", "scheduled_for", "started_at",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("environment", sa.Column("monthly_reconnections", sa.Integer, server_default="4"))
    op.add_column("publication", sa.Column("counted_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_publication_environment", "publication")
    op.drop_index("ix_publication_state", "publication")
    op.create_index("ix_publication_state", "publication", ["state", "scheduled_for"])
    op.create_index("ix_publication_history", "publication", list(HISTORY))
    counted = sa.text("counted_at IS NOT NULL")
    op.create_index(
        "ix_publication_counted",
        "publication",
        ["environment", "counted_at"],
        sqlite_where=counted,
        postgresql_where=counted,
    )


def downgrade() -> None:
    op.drop_index("ix_publication_counted", "publication")
    op.drop_index("ix_publication_history", "publication")
    op.drop_index("ix_publication_state", "publication")
    op.create_index("ix_publication_state", "publication", ["state"])
    op.create_index("ix_publication_environment", "publication", ["environment", "number"])
    op.drop_column("publication", "counted_at")
    op.drop_column("environment", "monthly_reconnections")
