"""Makes room for more numbers on PostgreSQL, and lets it find texts as SQLite does.

Both are as they have to be on SQLite: a number has eight bytes there, and `plain` is the program's.

Revision ID: 0015
"""

import sys
import unicodedata

import sqlalchemy as sa
from alembic import op

from autosky_desktop.domain.searching import plain

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBERS = {
    "activity_awaited": "request",
    "activity_outcome": "request",
    "activity_request": "number",
    "event": "id",
    "operation": "number",
    "publication": "number",
}
GIVEN = ("activity_request", "event", "operation", "publication")
"""Tables whose numbers a sequence gives."""
SURROGATES = range(0xD800, 0xE000)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in NUMBERS.items():
        op.alter_column(table, column, type_=sa.BigInteger)
    for table in GIVEN:
        op.execute(f"ALTER SEQUENCE {table}_{NUMBERS[table]}_seq AS bigint")
    op.execute(_plain())


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP FUNCTION plain(text)")
    for table in GIVEN:
        op.execute(f"ALTER SEQUENCE {table}_{NUMBERS[table]}_seq AS integer")
    for table, column in NUMBERS.items():
        op.alter_column(table, column, type_=sa.Integer)


def _plain() -> sa.TextClause:
    """Return what makes a function of the server do as `plain` does: letter by letter, once all
    letters are taken apart.
    """
    letters = map(chr, (it for it in range(1, sys.maxunicode + 1) if it not in SURROGATES))
    apart = (it for it in letters if unicodedata.normalize("NFKD", it) == it)
    changed = {it: plain(it) for it in apart if plain(it) != it}
    single = {it: becomes for it, becomes in changed.items() if len(becomes) == 1}
    gone = [it for it, becomes in changed.items() if not becomes]
    spelt = "normalize($1, NFKD)"
    for letter, becomes in changed.items():
        if len(becomes) > 1:
            spelt = f"replace({spelt}, {_quoted(letter)}, {_quoted(becomes)})"
    from_, to = "".join([*single, *gone]), "".join(single.values())
    body = f"SELECT translate({spelt}, {_quoted(from_)}, {_quoted(to)})"
    return sa.text(
        f"CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
        f" AS $plain${body.replace(':', chr(92) + ':')}$plain$"
    )


def _quoted(letters: str) -> str:
    return "'" + letters.replace("'", "''") + "'"
