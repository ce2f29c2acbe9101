"""Adds, changes and removes people, and gives and takes roles.

Somebody who is removed keeps their row, and so their id: what they did stays theirs in the record.
Who is added again by the same email address is the same person. Nobody can take the last
administrator's rights away, their own included: there would be none to give them back.
"""

import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Delete, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.change import Gone
from autosky_desktop.domain.mail import compared, is_address
from autosky_desktop.domain.people import (
    EVERYWHERE,
    HolderKind,
    MemberList,
    MemberRemoval,
    MemberSetting,
    Person,
    PersonList,
    PersonSettings,
)
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.text import one_line
from autosky_desktop.server.db import schema, sign_in_schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.dialects import WriteTurn, take_turn
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.people import queries as people
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

LAST_ADMINISTRATOR = "somebody has to remain who is a manager everywhere"
KEYS = (
    sign_in_schema.password,
    sign_in_schema.code_secret,
    sign_in_schema.recovery_code,
    sign_in_schema.api_token,
)
"""What a person comes in with. Who is added again may long have lost it to somebody else."""

log = logging.getLogger(__name__)


class PeopleCommands:
    """Changes who there is, and who has which role where."""

    def __init__(self, engine: AsyncEngine, unit_of_work: UnitOfWork, bus: Bus, now: Now) -> None:
        self._bus = bus
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._now = now

    async def people(self) -> PersonList:
        async with self._engine.connect() as connection:
            return PersonList(persons=await people.listed(connection))

    async def add(self, asked: PersonSettings, *, principal: Principal) -> Person:
        """Add a person, or one who was removed again. Raises Refusal."""
        fields = _fields(asked)
        async with self._unit_of_work.without_events() as connection:
            await take_turn(connection, WriteTurn.PEOPLE)
            if await people.by_email(connection, asked.email) is not None:
                raise _taken(asked.email)
            identity = await people.id_ever(connection, asked.email)
            if identity is None:
                identity = uuid.uuid4().hex
                new = insert(schema.person).values(id=identity, created_at=self._now(), **fields)
                await connection.execute(new)
            else:
                await _rewrite(connection, identity, {**fields, "removed_at": None})
            await _put_in_groups(connection, identity, asked.groups)
            return await _told(connection, identity, f"{principal.name} added")

    async def change(self, identity: str, asked: PersonSettings, *, principal: Principal) -> Person:
        """Put this in the place of what was said of the person. Raises Refusal."""
        fields = _fields(asked)
        async with self._keeping_an_administrator() as connection:
            if await people.find(connection, identity) is None:
                raise _nobody(identity)
            if await people.id_ever(connection, asked.email) not in (None, identity):
                raise _taken(asked.email)
            await _rewrite(connection, identity, fields)
            await _put_in_groups(connection, identity, asked.groups)
            if not asked.active:
                await _sign_out(connection, identity)
            return await _told(connection, identity, f"{principal.name} changed")

    async def remove(self, identity: str, *, principal: Principal) -> Gone:
        """Remove the person, all their roles, and all that they sign in with. Raises Refusal."""
        async with self._keeping_an_administrator() as connection:
            if await people.find(connection, identity) is None:
                raise _nobody(identity)
            await _told(connection, identity, f"{principal.name} removed")
            held = schema.member
            theirs = held.c.kind == HolderKind.PERSON.value, held.c.holder == identity
            await connection.execute(delete(held).where(*theirs))
            await _put_in_groups(connection, identity, [])
            gone = {"active": False, "removed_at": self._now()}
            await _rewrite(connection, identity, gone)
            await _sign_out(connection, identity)
            for table in KEYS:
                await connection.execute(delete(table).where(table.c.person == identity))
        return Gone(id=identity)

    async def members(self, environment: str = EVERYWHERE) -> MemberList:
        """Return who has a role in the environment, or in all of them. Raises Refusal."""
        async with self._engine.connect() as connection:
            return await _held(connection, environment)

    async def give(
        self, asked: MemberSetting, *, principal: Principal, environment: str = EVERYWHERE
    ) -> MemberList:
        """Give a role in the environment, or in all of them. Raises Refusal."""
        async with self._keeping_an_administrator() as connection:
            holder = await _holder(connection, asked.kind, asked.holder)
            await connection.execute(_of(environment, asked.kind, holder))
            row = {"environment": environment, "kind": asked.kind, "holder": holder}
            await connection.execute(insert(schema.member).values(**row, role=asked.role))
            found = await _held(connection, environment)
        log.info("%s made %s a %s of %s", principal.name, holder, asked.role, environment)
        return found

    async def take(
        self, asked: MemberRemoval, *, principal: Principal, environment: str = EVERYWHERE
    ) -> MemberList:
        """Take the role there, if they have one. Raises Refusal."""
        async with self._keeping_an_administrator() as connection:
            holder = await _holder(connection, asked.kind, asked.holder)
            await connection.execute(_of(environment, asked.kind, holder))
            found = await _held(connection, environment)
        log.info("%s took the role of %s in %s", principal.name, holder, environment)
        return found

    @asynccontextmanager
    async def _keeping_an_administrator(self) -> AsyncIterator[AsyncConnection]:
        """Begin a write that is given up when it would leave no administrator where there was one.

        Where there never was one, as on a workstation, none is missed.
        """
        async with self._unit_of_work.without_events() as connection:
            await take_turn(connection, WriteTurn.PEOPLE)  # or two could remove each other
            before = await people.has_administrator(connection)
            yield connection
            if before and not await people.has_administrator(connection):
                raise Refusal(Code.LAST_ADMINISTRATOR, LAST_ADMINISTRATOR)
        self._bus.rights_changed()


def _fields(asked: PersonSettings) -> dict[str, object]:
    """Return the fields of the row. Raises Refusal for what is no name, address or group."""
    name = one_line(asked.name).strip()
    if not name:
        raise Refusal(Code.INVALID_REQUEST, "a person has a name")
    if not is_address(asked.email):
        raise Refusal(Code.INVALID_REQUEST, f"{asked.email} is no email address")
    for group in asked.groups:
        _refuse_unreadable(group)
    return {"name": name, "email": compared(asked.email), "active": asked.active}


def _refuse_unreadable(group: str) -> None:
    """Raise Refusal for a group that would look like another one, which may have other roles."""
    if group != one_line(group):
        raise Refusal(Code.INVALID_REQUEST, "a group has a name of one line, with no blank around")


async def _rewrite(connection: AsyncConnection, identity: str, fields: dict[str, object]) -> None:
    same = update(schema.person).where(schema.person.c.id == identity)
    await connection.execute(same.values(**fields))


async def _sign_out(connection: AsyncConnection, identity: str) -> None:
    """End the person's sign-ins, and those that have begun: who may sign in again, does so anew."""
    session = sign_in_schema.session
    theirs = select(session.c.id).where(session.c.person == identity)
    for tokens in (sign_in_schema.access_token, sign_in_schema.refresh_token):
        await connection.execute(delete(tokens).where(tokens.c.session.in_(theirs)))
    for table in (session, sign_in_schema.ticket):
        await connection.execute(delete(table).where(table.c.person == identity))


async def _put_in_groups(connection: AsyncConnection, identity: str, groups: list[str]) -> None:
    table = schema.person_group
    await connection.execute(delete(table).where(table.c.person == identity))
    rows = [{"person": identity, "name": name} for name in dict.fromkeys(groups)]
    if rows:
        await connection.execute(insert(table), rows)


async def _told(connection: AsyncConnection, identity: str, done: str) -> Person:
    found = await people.find(connection, identity)
    assert found is not None
    log.info("%s %s", done, found.id)
    return found


async def _held(connection: AsyncConnection, environment: str) -> MemberList:
    """Return who has a role there. Raises Refusal where there never was such an environment."""
    if environment != EVERYWHERE:
        await environments.must_have_been(connection, environment)
    return MemberList(members=await people.members(connection, environment))


async def _holder(connection: AsyncConnection, kind: str, named: str) -> str:
    """Return the id of a person by their email address, or the name of a group as it is."""
    if kind == HolderKind.GROUP:
        _refuse_unreadable(named)
        return named
    found = await people.by_email(connection, named) or await people.find(connection, named)
    if found is None:
        raise Refusal(Code.NOBODY_OF_THAT_NAME, f"nobody has the email address {named}")
    return found.id


def _of(environment: str, kind: str, holder: str) -> Delete:
    table = schema.member
    return delete(table).where(
        table.c.environment == environment, table.c.kind == kind, table.c.holder == holder
    )


def _nobody(identity: str) -> Refusal:
    return Refusal(Code.NOT_FOUND, f"no person {identity}")


def _taken(email: str) -> Refusal:
    return Refusal(Code.ID_TAKEN, f"Somebody here has the email address {email}.")
