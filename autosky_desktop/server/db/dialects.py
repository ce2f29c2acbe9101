"""Says in the words of SQLite or of PostgreSQL what differs: numbers, letters, taking turns."""

from enum import IntEnum
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Integer, String, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

POSTGRESQL = "postgresql"


class WriteTurn(IntEnum):
    """The things that one transaction at a time does, among all processes of a database."""

    SCHEMA = 7_700
    START = 7_701
    EVENTS = 7_702
    PEOPLE = 7_703


async def take_turn(connection: AsyncConnection, turn: WriteTurn) -> None:
    """Wait until nobody else is at it; it is over with the transaction. SQLite has one writer."""
    if connection.dialect.name == POSTGRESQL:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": turn.value})


async def leave_out_ids(connection: AsyncConnection, column: Column[int], leap: int) -> int | None:
    """Leave out that many ids before the next one, and return it where it has to be named."""
    highest = await connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name != POSTGRESQL:
        return highest + leap + 1
    await connection.execute(select(func.setval(_sequence(column), highest + leap)))
    return None


def _sequence(column: Column[int]) -> ColumnElement[Any]:
    return func.pg_get_serial_sequence(column.table.name, column.name)


class NextNumber(FunctionElement[int]):
    """The number after the highest of the table; on PostgreSQL, after the last that was given."""

    type = Integer()
    inherit_cache = True

    def __init__(self, column: Column[int]) -> None:
        table = column.table
        assert isinstance(table, Table)
        self.highest = select(func.max(column) + 1).scalar_subquery()
        super().__init__(func.nextval(_sequence(column)))


@compiles(NextNumber)
def _next_number(element: NextNumber, compiler: Any, **more: Any) -> str:
    if compiler.dialect.name == POSTGRESQL:
        return str(compiler.process(element.clauses, **more))
    return str(compiler.process(element.highest, **more))


class SmallLetters(FunctionElement[str]):
    """A text with its letters of ASCII made small, for LIKE: SQLite's does that by itself."""

    type = String()
    inherit_cache = True


@compiles(SmallLetters)
def _small_letters(element: SmallLetters, compiler: Any, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    return f'lower({column} COLLATE "C")' if compiler.dialect.name == POSTGRESQL else column


class BeyondAscii(FunctionElement[bool]):
    """A condition: a text has more bytes than letters."""

    type = Boolean()
    inherit_cache = True


@compiles(BeyondAscii)
def _beyond_ascii(element: BeyondAscii, compiler: Any, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    if compiler.dialect.name == POSTGRESQL:
        return f"octet_length({column}) != length({column})"
    return f"length({column}) != length(CAST({column} AS BLOB))"
