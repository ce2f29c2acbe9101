"""Gives each environment a provider of its own; those that there are become ones of the demo.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _new():
        op.add_column("environment", column)
    op.execute("UPDATE environment SET provider_title = provider, provider = 'simulated'")


def downgrade() -> None:
    op.execute("UPDATE environment SET provider = provider_title")
    for column in reversed(_new()):
        op.drop_column("environment", column.name)


def _new() -> list[sa.Column[object]]:
    return [
        sa.Column("provider_title", sa.String(64), nullable=False, server_default=""),
        sa.Column("provider_values", sa.Text, nullable=False, server_default="{}"),
        sa.Column("longest_extension_hours", sa.Integer, nullable=False, server_default="12"),
        sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("remedy", sa.Text),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
    ]
