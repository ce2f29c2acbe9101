"""Lets people sign in: their passwords and codes, their sign-ins, and the tokens of programs.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HASH, MOMENT = sa.String(64), sa.DateTime(timezone=True)


def upgrade() -> None:
    _of_people()
    _of_sign_ins()
    _of_programs()


def _of_people() -> None:
    op.create_table(
        "person_password",
        _person(),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_person_password"),
        _to_person("person_password"),
    )
    op.create_table(
        "person_code_secret",
        _person(),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("last_step", sa.Integer),
        sa.PrimaryKeyConstraint("person", name="pk_person_code_secret"),
        _to_person("person_code_secret"),
    )
    op.create_table(
        "recovery_code",
        _person(),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("person", "hash", name="pk_recovery_code"),
        _to_person("recovery_code"),
    )


def _of_sign_ins() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.String(32), nullable=False),
        _person(),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("device", sa.String(100), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        _to_person("sign_in_session"),
    )
    op.create_index("ix_sign_in_session_person", "sign_in_session", ["person"])
    _tokens("access_token", sa.Column("at", MOMENT, nullable=False))
    _tokens("refresh_token", sa.Column("used_at", MOMENT))
    op.create_table(
        "sign_in_ticket",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("device", sa.String(100), nullable=False, server_default=""),
        sa.Column("details", sa.Text, nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in_ticket"),
        _to_person("sign_in_ticket"),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("key", HASH, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_try"),
    )


def _of_programs() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("hash", HASH, nullable=False),
        _person(),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("environments", sa.Text),
        sa.Column("addresses", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("hash", name="uq_api_token_hash"),
        _to_person("api_token"),
    )
    op.create_index("ix_api_token_person", "api_token", ["person"])


def downgrade() -> None:
    for table in (
        "api_token", "sign_in_try", "sign_in_ticket", "refresh_token", "access_token",
        "sign_in_session", "recovery_code", "person_code_secret", "person_password",
    ):  # fmt: skip
        op.drop_table(table)


def _person() -> sa.Column[str]:
    return sa.Column("person", sa.String(64), nullable=False)


def _to_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person"], ["person.id"], name=f"fk_{table}_person_person")


def _tokens(table: str, *more: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("hash", HASH, nullable=False),
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("hash", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["session"], ["sign_in_session.id"], name=f"fk_{table}_session_sign_in_session"
        ),
    )
    op.create_index(f"ix_{table}_session", table, ["session"])
