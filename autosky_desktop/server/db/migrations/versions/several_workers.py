"""Adds what several workers on one database agree by, and whose each thing under way is.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORKER = sa.String(32)
MOMENT = sa.DateTime(timezone=True)
READING = sa.Sequence("reading_number")


def upgrade() -> None:
    op.add_column(
        "environment", sa.Column("reading", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("operation", sa.Column("owner", WORKER))
    op.add_column("activity_awaited", sa.Column("owner", WORKER))
    op.create_table(
        "worker",
        sa.Column("id", WORKER, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    _of_one_worker("led_part", "part")
    _of_one_worker("turn", "name")
    if op.get_bind().dialect.supports_sequences:
        op.execute(sa.schema.CreateSequence(READING))


def downgrade() -> None:
    if op.get_bind().dialect.supports_sequences:
        op.execute(sa.schema.DropSequence(READING))
    for table in ("turn", "led_part", "worker"):
        op.drop_table(table)
    op.drop_column("activity_awaited", "owner")
    op.drop_column("operation", "owner")
    op.drop_column("environment", "reading")


def _of_one_worker(table: str, key: str) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.Text, nullable=False),
        sa.Column("worker", WORKER, nullable=False),
        sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
    )
