"""Begins sign-ins, gives them new tokens, and ends them.

An access token is good for 15 minutes. A refresh token is for one use: it gets a new access token
and the refresh token that follows it. When one that was used comes again, two hold it, and one of
them stole it: the sign-in ends for both.

An answer may be lost on its way, and two windows of a person may refresh at once. Who repeats the
token therefore gets the same follower for REPEATED_WITHIN, as long as nobody has used that one: it
is made from the token by a key of the sign-in, and so need not be kept to be told again. A thief
who is that quick holds a token that the owner holds as well, and with the next use of both the
sign-in ends.

| the refresh token                     | what happens                               |
|---------------------------------------|--------------------------------------------|
| is new                                | is used; its follower                      |
| was used just now, its follower not   | the same follower again                    |
| was used, and its follower too        | the sign-in ends                           |
| was used longer ago                   | the sign-in ends                           |
| was used, by the clock, in the future | the sign-in ends: the clock was put back   |
| ran out, or its sign-in ended         | refused                                    |
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import (
    SignInSession,
    SignInSessionList,
    SignInTokens,
    SignInWay,
)
from autosky_desktop.domain.text import one_line
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.sign_in_schema import access_token, refresh_token, session
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in.hashes import new_key, new_token, successor, token_hash
from autosky_desktop.server.sign_in.people import active_person
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

ACCESS, REFRESH = "asa_", "asr_"
ACCESS_FOR = timedelta(minutes=15)
UNUSED_FOR = timedelta(days=30)
"""How long a sign-in lasts that nobody uses."""
SIGNED_IN_FOR = timedelta(days=90)
"""How long a sign-in lasts at most: then somebody signs in again."""
REPEATED_WITHIN = timedelta(seconds=30)
LEEWAY = timedelta(minutes=1)
"""How far a clock may be put back before the tokens that it gave count for nothing."""

OVER = "the sign-in has ended: sign in again"

log = logging.getLogger(__name__)


class SignInSessions:
    """Keeps the sign-ins of people and their tokens."""

    def __init__(self, engine: AsyncEngine, unit_of_work: UnitOfWork, now: Now) -> None:
        self._engine, self._unit_of_work, self._now = engine, unit_of_work, now

    async def begin(self, person: str, way: SignInWay, device: str, address: str) -> SignInTokens:
        """Begin a sign-in. All its secrets are new, whatever the caller had before."""
        now, identity, first = self._now(), uuid4().hex, new_token(REFRESH)
        until = now + SIGNED_IN_FOR
        async with self._unit_of_work.without_events() as connection:
            row = {
                "id": identity,
                "person": person,
                "way": way.value,
                "device": one_line(device),
                "address": address[:64],
                "at": now,
                "used_at": now,
                "until": until,
                "key": new_key(),
            }
            await connection.execute(insert(session).values(row))
            await _keep_refresh(connection, identity, first, now, until)
            tokens = await self._tokens(connection, identity, first, until)
        log.info("person %s signed in (%s), as sign-in %s", person, way, identity)
        return tokens

    async def refresh(self, token: str) -> SignInTokens:
        """Return new tokens. Raises Refusal; if the token was used before, its sign-in ends."""
        async with self._unit_of_work.without_events() as connection:
            found = await _by_refresh(connection, token)
            if found is None or not await self._goes_on(connection, found):
                tokens = None
            else:
                tokens = await self._refreshed(connection, found, token)
        if tokens is None:
            raise Refusal(Code.UNAUTHENTICATED, OVER)
        return tokens

    async def _goes_on(self, connection: AsyncConnection, found: Row[Any]) -> bool:
        now = self._now()
        in_time = now < found.until and now < found.token_until
        return in_time and await active_person(connection, found.person) is not None

    async def _refreshed(
        self, connection: AsyncConnection, found: Row[Any], token: str
    ) -> SignInTokens | None:
        now, following = self._now(), successor(REFRESH, found.key, token)
        if found.token_used_at is None:
            used = update(refresh_token).where(refresh_token.c.hash == token_hash(token))
            await connection.execute(used.values(used_at=now))
            await connection.execute(
                update(session).where(session.c.id == found.id).values(used_at=now)
            )
            await _keep_refresh(connection, found.id, following, now, found.until)
        elif not await self._is_repeated(connection, found.token_used_at, following):
            await _end(connection, found.id)
            log.warning("a refresh token came again: sign-in %s has ended", found.id)
            return None
        old = delete(access_token).where(
            access_token.c.session == found.id, access_token.c.until <= now
        )
        await connection.execute(old)
        return await self._tokens(connection, found.id, following, found.until)

    async def _is_repeated(
        self, connection: AsyncConnection, used_at: datetime, following: str
    ) -> bool:
        if not timedelta(0) <= self._now() - used_at <= REPEATED_WITHIN:
            return False
        query = select(refresh_token.c.used_at).where(refresh_token.c.hash == token_hash(following))
        return (await connection.execute(query)).one().used_at is None

    async def _tokens(
        self, connection: AsyncConnection, identity: str, refresh: str, until: datetime
    ) -> SignInTokens:
        """Return these tokens with a new access token."""
        now, access = self._now(), new_token(ACCESS)
        access_until = min(now + ACCESS_FOR, until)
        row = {
            "hash": token_hash(access), "session": identity, "at": now, "until": access_until,
        }  # fmt: skip
        await connection.execute(insert(access_token).values(row))
        return SignInTokens(
            session=identity,
            access_token=access,
            access_until=access_until,
            refresh_token=refresh,
            refresh_until=min(now + UNUSED_FOR, until),
            until=until,
        )

    async def person_of(self, connection: AsyncConnection, access: str) -> tuple[str, str] | None:
        """Return whose access token it is, and the id of the sign-in; None where it counts for
        nothing.
        """
        query = (
            select(session.c.person, session.c.id, access_token.c.at, access_token.c.until)
            .join(session, session.c.id == access_token.c.session)
            .where(access_token.c.hash == token_hash(access))
        )
        row = (await connection.execute(query)).one_or_none()
        if row is None or not row.at - LEEWAY <= self._now() < row.until:
            return None
        return row.person, row.id

    async def all_of(self, principal: Principal) -> SignInSessionList:
        query = (
            select(session)
            .where(session.c.person == principal.id, session.c.until > self._now())
            .order_by(session.c.at.desc(), session.c.id)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return SignInSessionList(sessions=[_told(row, principal.session) for row in rows])

    async def end(self, person: str, identity: str) -> None:
        """End a sign-in of that person. Raises Refusal."""
        async with self._unit_of_work.of_rights() as connection:
            known = await connection.scalar(
                select(session.c.id).where(session.c.id == identity, session.c.person == person)
            )
            if known is None:
                raise Refusal(Code.NOT_FOUND, f"no sign-in {identity} of yours")
            await _end(connection, identity)
        log.info("person %s ended sign-in %s", person, identity)

    async def end_all(self, person: str, *, but: str | None = None) -> None:
        """End all sign-ins of that person, or all others."""
        query = select(session.c.id).where(session.c.person == person, session.c.id != (but or ""))
        async with self._unit_of_work.of_rights() as connection:
            for identity in (await connection.scalars(query)).all():
                await _end(connection, identity)
        log.info("person %s was signed out everywhere", person)

    async def purge(self) -> None:
        """Forget the sign-ins that ran out. Used refresh tokens stay until then: one that comes
        again ends its sign-in.
        """
        now, unused = self._now(), self._now() - UNUSED_FOR
        old = (session.c.until < now) | (session.c.used_at < unused)
        async with self._unit_of_work.without_events() as connection:
            for identity in (await connection.scalars(select(session.c.id).where(old))).all():
                await _end(connection, identity)


async def _keep_refresh(
    connection: AsyncConnection, identity: str, token: str, now: datetime, until: datetime
) -> None:
    row = {
        "hash": token_hash(token), "session": identity, "until": min(now + UNUSED_FOR, until),
    }  # fmt: skip
    await connection.execute(insert(refresh_token).values(row))


async def _by_refresh(connection: AsyncConnection, token: str) -> Row[Any] | None:
    """Return the sign-in that the token belongs to, which nobody else changes meanwhile."""
    query = (
        select(
            session,
            refresh_token.c.until.label("token_until"),
            refresh_token.c.used_at.label("token_used_at"),
        )
        .join(refresh_token, refresh_token.c.session == session.c.id)
        .where(refresh_token.c.hash == token_hash(token))
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    lock = select(session.c.id).where(session.c.id == row.id).with_for_update()
    await connection.execute(lock)
    return (await connection.execute(query)).one_or_none()


async def _end(connection: AsyncConnection, identity: str) -> None:
    for table in (access_token, refresh_token):
        await connection.execute(delete(table).where(table.c.session == identity))
    await connection.execute(delete(session).where(session.c.id == identity))


def _told(row: Row[Any], current: str | None) -> SignInSession:
    fields = {name: row._mapping[name] for name in SignInSession.__struct_fields__[:-1]}
    return SignInSession(**fields, current=row.id == current)
