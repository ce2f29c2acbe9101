"""Adds the control plane's identity; the row is made by whoever opens the database next.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "control_plane",
        sa.Column("id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_control_plane"),
    )


def downgrade() -> None:
    op.drop_table("control_plane")
