"""Keeps beside every name of who asked for something the id of that person.

Until now a control plane had one person, and beside them a file of environments.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAMES = (
    ("activity_request", "by", "by_id"),
    ("operation", "by", "by_id"),
    ("connection", "by", "by_id"),
    ("publication", "requested_by", "requested_by_id"),
)


def upgrade() -> None:
    for table, name, identity in NAMES:
        op.add_column(table, sa.Column(identity, sa.String(200)))
        named = sa.table(table, sa.column(name), sa.column(identity))
        who, local = named.c[name], sa.literal("local")
        its = sa.case((who.like("%.toml"), sa.literal("file:") + who), else_=local)
        op.execute(named.update().where(who.is_not(None)).values({identity: its}))
    op.alter_column("idempotency", "operator", new_column_name="principal")
    kept = sa.table("idempotency", sa.column("principal"))
    op.execute(kept.update().values(principal="local"))


def downgrade() -> None:
    op.alter_column("idempotency", "principal", new_column_name="operator")
    for table, _name, identity in NAMES:
        op.drop_column(table, identity)
