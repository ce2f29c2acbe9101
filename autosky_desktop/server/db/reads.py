"""Queries of the database. One connection's answers belong to one moment."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.environment import Environment, EnvironmentList, Instance
from autosky_desktop.domain.operation import Operation, OperationState
from autosky_desktop.domain.publication import (
    STEPS,
    Publication,
    Step,
    StepState,
)
from autosky_desktop.domain.server import Server
from autosky_desktop.domain.wire import MOST, within
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.errors import StorageDamaged

S = TypeVar("S", bound=msgspec.Struct)


def as_struct(kind: type[S], row: Row[Any]) -> S:
    """Return the Struct whose fields are columns of the row, leaving out the row's other columns.

    Raises StorageDamaged for what we never write: SQLite lets any column hold anything.
    """
    values = row._mapping
    names = zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    try:
        return msgspec.convert({told: values[name] for told, name in names}, kind)
    except msgspec.ValidationError as error:
        raise StorageDamaged(f"{kind.__name__}: {error}") from error


def _as_environment(row: Row[Any]) -> Environment:
    told: Environment = row.told
    return msgspec.structs.replace(told, revision=row.revision)


def blank_steps() -> list[Step]:
    return [Step(name=name.value, state=StepState.PENDING.value) for name in STEPS]


async def last_event(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.max(schema.event.c.id))) or 0


async def is_event(connection: AsyncConnection, position: int) -> bool:
    """Return whether the event exists; 0 is the place before the first one ever."""
    event = schema.event
    if position == 0:
        return await last_event(connection) == 0
    return bool(await connection.scalar(select(func.count()).where(event.c.id == position)))


async def events_after(connection: AsyncConnection, position: int, limit: int) -> list[Row[Any]]:
    """Return rows of the event table after `position`, oldest first."""
    event = schema.event
    query = select(event).where(event.c.id > position).order_by(event.c.id).limit(limit)
    return list((await connection.execute(query)).all())


async def environment_ids(connection: AsyncConnection) -> list[str]:
    query = select(schema.environment.c.id).order_by(schema.environment.c.position)
    return list((await connection.scalars(query)).all())


async def untold(connection: AsyncConnection) -> list[str]:
    """Return the environments that the list does not show yet."""
    table = schema.environment
    query = select(table.c.id).where(table.c.told.is_(None)).order_by(table.c.position)
    return list((await connection.scalars(query)).all())


async def environments(connection: AsyncConnection) -> EnvironmentList:
    table = schema.environment
    rows = (await connection.execute(select(table).order_by(table.c.position))).all()
    told = [_as_environment(row) for row in rows if row.told is not None]
    return EnvironmentList(environments=told, last_event=await last_event(connection))


async def environment(connection: AsyncConnection, identity: str) -> Environment | None:
    table = schema.environment
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None or row.told is None else _as_environment(row)


async def _of(
    connection: AsyncConnection, table: Table, kind: type[S], identity: str, *order: Any
) -> list[S]:
    query = select(table).where(table.c.environment == identity).order_by(*order)
    return [as_struct(kind, row) for row in (await connection.execute(query)).all()]


async def highest_version(connection: AsyncConnection, identity: str) -> int | None:
    """Return the highest that has an image, or that an instance runs or ran, if one is known."""
    table = schema.environment
    query = select(table.c.highest_version).where(table.c.id == identity)
    return known_version(await connection.scalar(query))


def known_version(number: int | None) -> int | None:
    """Return the number, bounded: a row may hold a number that nobody would read."""
    return None if number is None else within(number, 0, MOST - 1)


async def servers(connection: AsyncConnection, environment: str) -> list[Server]:
    return await _of(connection, schema.server, Server, environment, schema.server.c.position)


async def placed_servers(connection: AsyncConnection, environment: str) -> list[tuple[int, Server]]:
    """Return every server of the environment with its place among them."""
    return (await placed_servers_of(connection, [environment]))[environment]


async def placed_servers_of(
    connection: AsyncConnection, environments: Collection[str]
) -> defaultdict[str, list[tuple[int, Server]]]:
    """Return the servers of many environments in one query."""
    table, found = schema.server, defaultdict[str, list[tuple[int, Server]]](list)
    query = select(table).where(table.c.environment.in_(environments)).order_by(table.c.position)
    for row in (await connection.execute(query)).all():
        found[row.environment].append((row.position, as_struct(Server, row)))
    return found


async def servers_to_stop(connection: AsyncConnection) -> list[tuple[str, Server]]:
    """Return every server that will switch itself off, with its environment's id."""
    table = schema.server
    rows = (await connection.execute(select(table).where(table.c.shutdown.is_not(None)))).all()
    return [(row.environment, as_struct(Server, row)) for row in rows]


async def instances_of(
    connection: AsyncConnection, environments: Collection[str]
) -> defaultdict[str, list[Instance]]:
    table, found = schema.instance, defaultdict[str, list[Instance]](list)
    query = select(table).where(table.c.environment.in_(environments)).order_by(table.c.id)
    for row in (await connection.execute(query)).all():
        found[row.environment].append(as_struct(Instance, row))
    return found


async def instances(connection: AsyncConnection, environment: str) -> list[Instance]:
    return await _of(connection, schema.instance, Instance, environment, schema.instance.c.id)


async def publication(connection: AsyncConnection, identity: str) -> tuple[str, Publication] | None:
    """Return the publication and its environment's id."""
    table = schema.publication
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else (row.environment, as_struct(Publication, row))


async def operation(connection: AsyncConnection, identity: str) -> Operation | None:
    table = schema.operation
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else as_struct(Operation, row)


async def running_operations(connection: AsyncConnection) -> list[Operation]:
    table = schema.operation
    running = select(table).where(table.c.state == OperationState.RUNNING.value)
    return [as_struct(Operation, row) for row in (await connection.execute(running)).all()]


async def server(connection: AsyncConnection, identity: str) -> tuple[str, Server] | None:
    """Return the server and its environment's id."""
    table = schema.server
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else (row.environment, as_struct(Server, row))


async def time_zone(connection: AsyncConnection, environment: str) -> str:
    table = schema.environment
    query = select(table.c.time_zone).where(table.c.id == environment)
    found: str = (await connection.scalars(query)).one()
    return found
