"""Keeps of which kind the trouble is for which an environment cannot be read.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("environment", sa.Column("trouble", sa.String(32)))


def downgrade() -> None:
    op.drop_column("environment", "trouble")
