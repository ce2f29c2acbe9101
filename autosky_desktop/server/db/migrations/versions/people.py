"""Adds people, the groups they are in, and the roles that people and groups have.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("subject", sa.String(255)),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
        sa.UniqueConstraint("subject", name="uq_person_subject"),
    )
    op.create_table(
        "person_group",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_person_group_person_person"),
        sa.PrimaryKeyConstraint("person", "name", name="pk_person_group"),
    )
    op.create_table(
        "member",
        sa.Column("environment", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("environment", "kind", "holder", name="pk_member"),
    )
    op.create_index("ix_member_holder", "member", ["kind", "holder"])


def downgrade() -> None:
    op.drop_table("member")
    op.drop_table("person_group")
    op.drop_table("person")
