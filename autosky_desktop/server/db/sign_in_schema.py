"""Defines the tables of signing in. No secret of a person stands in them as it is, but for the one
that their authenticator makes codes from.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from autosky_desktop.domain.sign_in import LONGEST_DESCRIPTION, LONGEST_DEVICE
from autosky_desktop.server.db.columns import Document, Utc
from autosky_desktop.server.db.schema import metadata

HASH = String(64)


def _of_person() -> Column[str]:
    return Column("person", ForeignKey("person.id"), nullable=False)


def _of_session() -> Column[str]:
    return Column("session", ForeignKey("sign_in_session.id"), nullable=False)


password = Table(
    "person_password",
    metadata,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("hash", String(200), nullable=False),
    Column("changed_at", Utc, nullable=False),
)

# `confirmed_at`: a code made from the secret has come; before that the secret counts for nothing.
# No code of `last_step` or of a step before it is accepted again.
code_secret = Table(
    "person_code_secret",
    metadata,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("confirmed_at", Utc),
    Column("last_step", Integer),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    _of_person(),
    Column("hash", HASH, nullable=False),
    PrimaryKeyConstraint("person", "hash"),
)

# `key` makes from a refresh token the one that follows it. A sign-in that has ended has no row.
session = Table(
    "sign_in_session",
    metadata,
    Column("id", String(32), primary_key=True),
    _of_person(),
    Column("way", String(32), nullable=False),
    Column("device", String(LONGEST_DEVICE), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("used_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Index(None, "person"),
)

access_token = Table(
    "access_token",
    metadata,
    Column("hash", HASH, primary_key=True),
    _of_session(),
    Column("until", Utc, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "session"),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    Column("hash", HASH, primary_key=True),
    _of_session(),
    Column("until", Utc, nullable=False),
    Column("used_at", Utc),
    Index(None, "session"),
)

# What is sent back once: the second half of a sign-in, an invitation, or what a browser was sent to
# a provider of identities with (`details`). `person` is not known of the last.
ticket = Table(
    "sign_in_ticket",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("person", ForeignKey("person.id")),
    Column("until", Utc, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("device", String(LONGEST_DEVICE), nullable=False, server_default=""),
    Column("details", Document(dict[str, str]), nullable=False, server_default="{}"),
)

# How often somebody tried in vain, by what they tried and where they are.
failed_try = Table(
    "sign_in_try",
    metadata,
    Column("key", HASH, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("at", Utc, nullable=False),
)

# `environments` NULL: all that its maker may see. Its rights are never wider than its maker's.
api_token = Table(
    "api_token",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    _of_person(),
    Column("description", String(LONGEST_DESCRIPTION), nullable=False),
    Column("role", String(32), nullable=False),
    Column("environments", Document(list[str])),
    Column("addresses", Document(list[str]), nullable=False),
    Column("at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Index(None, "person"),
)
