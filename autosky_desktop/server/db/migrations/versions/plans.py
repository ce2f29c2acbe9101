"""Adds publications of every model: what was asked for, schedules, and what they wait for.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = (
    sa.Column("reconnection", sa.Text),
    sa.Column("deadline", sa.Text),
    sa.Column("hold", sa.Text),
    sa.Column("image_of", sa.Integer),
    sa.Column("stop_at_first_failure", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("emails", sa.Text, nullable=False, server_default="[]"),
    sa.Column("scheduled_for", MOMENT),
    sa.Column("time_zone", sa.String(64)),
    sa.Column("changed_at", MOMENT),
    sa.Column("waiting_for", sa.String(32)),
    sa.Column("waits_until", MOMENT),
    sa.Column("asked_at", MOMENT),
    sa.Column("disconnect_at", MOMENT),
    sa.Column("sessions_left", sa.Integer),
    sa.Column("instances_total", sa.Integer, nullable=False, server_default="0"),
    sa.Column("instances_failed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cancel_asked_by", sa.String(200)),
    sa.Column("retries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reason", sa.String(64)),
    sa.Column("image_gone", sa.Boolean, nullable=False, server_default=sa.false()),
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("publication", column)


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("publication", column.name)
