"""Queries of people and their roles, and those that decide who may ask for what."""

from collections import defaultdict
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.mail import compared
from autosky_desktop.domain.people import EVERYWHERE, HolderKind, Membership, Person, Role
from autosky_desktop.server.db import schema

Located = Literal["environment", "server", "instance", "publication", "operation", "connection"]
"""What is in one environment, and has an id of its own."""

_TABLES = {
    "server": schema.server,
    "instance": schema.instance,
    "publication": schema.publication,
    "operation": schema.operation,
    "connection": schema.connection,
}

person, in_group, member = schema.person, schema.person_group, schema.member


async def environment_of(connection: AsyncConnection, what: Located, identity: str) -> str | None:
    """Return the id of the environment that it is in, or None when there is no such thing."""
    if what == "environment":
        return identity
    table = _TABLES[what]
    found: str | None = await connection.scalar(
        select(table.c.environment).where(table.c.id == identity)
    )
    return found


async def listed(connection: AsyncConnection) -> list[Person]:
    """Return everybody who was not removed, by name."""
    there = select(person).where(person.c.removed_at.is_(None))
    rows = (await connection.execute(there.order_by(person.c.name, person.c.id))).all()
    groups = defaultdict[str, list[str]](list)
    for row in await connection.execute(select(in_group).order_by(in_group.c.name)):
        groups[row.person].append(row.name)
    return [_as_person(row, groups[row.id]) for row in rows]


async def find(connection: AsyncConnection, identity: str) -> Person | None:
    return await _found(connection, person.c.id == identity)


async def by_email(connection: AsyncConnection, email: str) -> Person | None:
    """Return the person of that email address, however it is typed."""
    return await _found(connection, person.c.email == compared(email))


async def id_ever(connection: AsyncConnection, email: str) -> str | None:
    """Return the id of who has or had that email address, also of somebody removed."""
    query = select(person.c.id).where(person.c.email == compared(email))
    found: str | None = await connection.scalar(query)
    return found


async def roles_of(
    connection: AsyncConnection, identity: str
) -> tuple[Role | None, dict[str, Role]]:
    """Return the person's role everywhere and those in single environments, the widest each."""
    theirs = select(in_group.c.name).where(in_group.c.person == identity)
    held = or_(
        and_(member.c.kind == HolderKind.PERSON.value, member.c.holder == identity),
        and_(member.c.kind == HolderKind.GROUP.value, member.c.holder.in_(theirs)),
    )
    roles: dict[str, Role] = {}
    for row in await connection.execute(select(member.c.environment, member.c.role).where(held)):
        role, known = Role(row.role), roles.get(row.environment)
        if role is not Role.UNKNOWN and (known is None or role.includes(known)):
            roles[row.environment] = role
    return roles.pop(EVERYWHERE, None), roles


async def members(connection: AsyncConnection, environment: str) -> list[Membership]:
    """Return who has a role in that environment, those with one in all of them included."""
    places = (environment, EVERYWHERE)
    query = (
        select(member, person.c.name, person.c.email)
        .outerjoin(
            person, and_(member.c.kind == HolderKind.PERSON.value, person.c.id == member.c.holder)
        )
        .where(member.c.environment.in_(places))
    )
    found = [_as_member(row) for row in await connection.execute(query)]
    found.sort(key=lambda it: (_RANKS.get(it.role, 0), not it.everywhere, it.name.casefold()))
    return found


async def managers(connection: AsyncConnection, environment: str) -> list[str]:
    """Return the names of who may give a role there."""
    held = await members(connection, environment)
    names = (it.name for it in held if it.role == Role.MANAGER)
    return list(dict.fromkeys(names))


async def has_administrator(connection: AsyncConnection) -> bool:
    """Return whether somebody who may sign in is a manager everywhere."""
    query = select(person.c.id).where(person.c.active, person.c.removed_at.is_(None))
    for identity in (await connection.scalars(query)).all():
        everywhere, _ = await roles_of(connection, identity)
        if everywhere is Role.MANAGER:
            return True
    return False


_RANKS = {role.value: number for number, role in enumerate((Role.MANAGER, Role.OPERATOR))} | {
    Role.VIEWER.value: 2
}


async def _found(connection: AsyncConnection, which: ColumnElement[bool]) -> Person | None:
    there = select(person).where(which, person.c.removed_at.is_(None))
    row = (await connection.execute(there)).one_or_none()
    if row is None:
        return None
    query = select(in_group.c.name).where(in_group.c.person == row.id).order_by(in_group.c.name)
    return _as_person(row, list((await connection.scalars(query)).all()))


def _as_person(row: Row[Any], groups: list[str]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        active=row.active,
        groups=groups,
        created_at=row.created_at,
    )


def _as_member(row: Row[Any]) -> Membership:
    return Membership(
        kind=row.kind,
        holder=row.holder,
        name=row.name or row.holder,
        email=row.email,
        role=row.role,
        everywhere=row.environment == EVERYWHERE,
    )
