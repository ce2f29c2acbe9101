"""Keeps what a clock shall show when a scheduled publication starts, whatever becomes of its zone.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("publication", sa.Column("meant", sa.Text))
    op.add_column("publication", sa.Column("rules_moved_from", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("publication", "rules_moved_from")
    op.drop_column("publication", "meant")
