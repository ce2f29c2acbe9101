"""Keeps the image of what a first publication replaces: the way back to it.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("publication", sa.Column("replaced_image", sa.String(128)))


def downgrade() -> None:
    op.drop_column("publication", "replaced_image")
