"""Queries of environments, their instances and their operations, and the snapshot of one."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.environment import Environment, EnvironmentList, Instance, Snapshot
from autosky_desktop.domain.environment_settings import EnvironmentSettings
from autosky_desktop.domain.operation import Operation, OperationState
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.wire import MOST, within
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.columns import as_struct
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.servers import queries as servers

HISTORY_IN_SNAPSHOT = 50
SETTINGS = (
    "id", "name", "label", "kind", "time_zone", "run_hours", "daily_stop",
    "longest_extension_hours", "monthly_reconnections", "provider", "paused",
)  # fmt: skip


def _as_environment(row: Row[Any]) -> Environment:
    told: Environment = row.told
    return msgspec.structs.replace(told, revision=row.revision)


async def ids(connection: AsyncConnection) -> list[str]:
    table = schema.environment
    query = select(table.c.id).where(table.c.removed_at.is_(None)).order_by(table.c.position)
    return list((await connection.scalars(query)).all())


async def ids_ever(connection: AsyncConnection) -> list[str]:
    """Return the ids of all environments, also of those that were removed: none is given again."""
    return list((await connection.scalars(select(schema.environment.c.id))).all())


async def next_position(connection: AsyncConnection) -> int:
    highest = await connection.scalar(select(func.max(schema.environment.c.position)))
    return 0 if highest is None else highest + 1


async def settings(connection: AsyncConnection, identity: str) -> EnvironmentSettings:
    """Return what was said of the environment. Raises Refusal when there is none."""
    table = schema.environment
    there = table.c.id == identity, table.c.removed_at.is_(None)
    row = (await connection.execute(select(table).where(*there))).one_or_none()
    if row is None:
        raise Refusal(Code.NOT_FOUND, f"no environment {identity}")
    fields = {name: row._mapping[name] for name in SETTINGS}
    return EnvironmentSettings(**fields, values=row.provider_values)


async def placements(connection: AsyncConnection) -> list[Row[Any]]:
    """Return of every environment its id, its provider and what that is told of it."""
    table = schema.environment
    columns = table.c.id, table.c.provider, table.c.provider_values, table.c.paused
    query: Select[Any] = select(*columns).where(table.c.removed_at.is_(None))
    return list((await connection.execute(query)).all())


async def untold(connection: AsyncConnection) -> list[str]:
    """Return the environments that the list does not show yet."""
    table = schema.environment
    untold = table.c.told.is_(None), table.c.removed_at.is_(None), table.c.paused.is_(False)
    query = select(table.c.id).where(*untold).order_by(table.c.position)
    return list((await connection.scalars(query)).all())


async def listed(connection: AsyncConnection) -> EnvironmentList:
    """Return every environment as it was last told, and the event that the list is as new as."""
    table = schema.environment
    there = select(table).where(table.c.removed_at.is_(None))
    rows = (await connection.execute(there.order_by(table.c.position))).all()
    told = [_as_environment(row) for row in rows if row.told is not None]
    return EnvironmentList(environments=told, last_event=await events.last_id(connection))


async def find(connection: AsyncConnection, identity: str) -> Environment | None:
    """Return the environment as it was last told, or None."""
    table = schema.environment
    there = table.c.id == identity, table.c.removed_at.is_(None)
    row = (await connection.execute(select(table).where(*there))).one_or_none()
    return None if row is None or row.told is None else _as_environment(row)


async def highest_version(connection: AsyncConnection, identity: str) -> int | None:
    """Return the highest that has an image, or that an instance runs or ran, if one is known."""
    table = schema.environment
    query = select(table.c.highest_version).where(table.c.id == identity)
    return known_version(await connection.scalar(query))


def known_version(number: int | None) -> int | None:
    """Return the number, bounded: a row may hold a number that nobody would read."""
    return None if number is None else within(number, 0, MOST - 1)


async def instances_among(
    connection: AsyncConnection, environments: Collection[str]
) -> defaultdict[str, list[Instance]]:
    table, found = schema.instance, defaultdict[str, list[Instance]](list)
    query = select(table).where(table.c.environment.in_(environments)).order_by(table.c.id)
    for row in (await connection.execute(query)).all():
        found[row.environment].append(as_struct(Instance, row))
    return found


async def instances(connection: AsyncConnection, environment: str) -> list[Instance]:
    return (await instances_among(connection, [environment]))[environment]


async def get_instance(engine: AsyncEngine, identity: str) -> tuple[str, Instance]:
    """Return the instance and its environment's id. Raises Refusal."""
    table = schema.instance
    async with engine.connect() as connection:
        row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    if row is None:
        raise Refusal(Code.NOT_FOUND, f"no instance {identity}")
    return row.environment, as_struct(Instance, row)


async def find_operation(connection: AsyncConnection, identity: str) -> Operation | None:
    table = schema.operation
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else as_struct(Operation, row)


async def running_operations(
    connection: AsyncConnection, *, but: Collection[str] = ()
) -> list[Operation]:
    """Return the operations that run, except those that these workers carry out."""
    table = schema.operation
    running = table.c.state == OperationState.RUNNING.value
    query = select(table).where(running, activities.not_owned_by(table.c.owner, but))
    return [as_struct(Operation, row) for row in (await connection.execute(query)).all()]


async def owner(connection: AsyncConnection, operation: str) -> str | None:
    """Return the worker that carries the operation out, or did."""
    table = schema.operation
    found: str | None = await connection.scalar(
        select(table.c.owner).where(table.c.id == operation)
    )
    return found


async def time_zone(connection: AsyncConnection, environment: str) -> str:
    table = schema.environment
    query = select(table.c.time_zone).where(table.c.id == environment)
    found: str = (await connection.scalars(query)).one()
    return found


async def snapshot(connection: AsyncConnection, identity: str) -> Snapshot | None:
    """Return everything of one environment, as of one moment."""
    found = await find(connection, identity)
    if found is None:
        return None
    ran = publications.PublicationQuery(limit=HISTORY_IN_SNAPSHOT, scheduled=False)
    history = await publications.page(connection, identity, ran)
    scheduled = await publications.scheduled_in(connection, identity)
    return Snapshot(
        environment=found,
        servers=await servers.in_environment(connection, identity),
        instances=await instances(connection, identity),
        publications=[*reversed(scheduled), *history.publications],
        operations=await operations(connection, identity),
        activity=await activities.newest(connection, identity),
        last_event=await events.last_id(connection),
    )


async def operations(connection: AsyncConnection, environment: str) -> list[Operation]:
    """Return those that run and the last that ended, newest first."""
    table = schema.operation
    runs = table.c.state == OperationState.RUNNING.value
    ours = select(table).where(table.c.environment == environment)
    newest = ours.order_by(table.c.number.desc())
    rows = [*(await connection.execute(newest.where(runs))).all()]
    rows += (await connection.execute(newest.where(~runs).limit(1))).all()
    rows.sort(key=lambda row: row.number, reverse=True)
    return [as_struct(Operation, row) for row in rows]


async def must_have_been(connection: AsyncConnection, identity: str) -> None:
    """Raise Refusal unless there is or was such an environment: its history can be read."""
    table = schema.environment
    if await connection.scalar(select(table.c.id).where(table.c.id == identity)) is None:
        raise Refusal(Code.NOT_FOUND, f"no environment {identity}")


async def get(connection: AsyncConnection, identity: str) -> Environment:
    """Return the environment of that id. Raises Refusal when there is none."""
    found = await find(connection, identity)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no environment {identity}")
    return found
