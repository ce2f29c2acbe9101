"""Signs people in: by password and code, by an invitation, and by a refresh token.

What is wrong with an e-mail or a password is told alike and after the same time, whether or not
somebody has that e-mail.
"""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.mail import compared
from autosky_desktop.domain.people import Person
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import (
    CodeRequest,
    InvitationRequest,
    SignInAnswer,
    SignInRequest,
    SignInTokens,
    SignInWay,
)
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.sign_in_schema import code_secret, password, recovery_code
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in import one_time_codes, rules, tickets
from autosky_desktop.server.sign_in.hashes import Passwords, is_outdated, token_hash
from autosky_desktop.server.sign_in.people import active_person, person_of_email
from autosky_desktop.server.sign_in.sessions import SignInSessions
from autosky_desktop.server.sign_in.tickets import GOOD_FOR, Tickets
from autosky_desktop.server.sign_in.tries import Tries
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

WITHOUT_CODE = "without-code"
"""Stands in an invitation with which the codes of before are forgotten."""

log = logging.getLogger(__name__)


class SignInCommands:
    """Signs in whoever proves who they are."""

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        sessions: SignInSessions,
        passwords: Passwords,
        now: Now,
    ) -> None:
        self._engine, self._unit_of_work, self._now = engine, unit_of_work, now
        self._sessions, self._passwords = sessions, passwords
        self._tries, self._tickets = Tries(unit_of_work, now), Tickets(unit_of_work, now)

    async def by_password(self, request: SignInRequest, address: str) -> SignInAnswer:
        """Return tokens, or a ticket for a code. Raises Refusal."""
        email = compared(request.email)
        guessing = await self._tries.password(email, address)
        async with self._engine.connect() as connection:
            person = await person_of_email(connection, email)
            kept = None if person is None else await password_hash(connection, person.id)
            wants_code = person is not None and await confirmed_code(connection, person.id)
        typed = rules.normalized(request.password)
        if not await self._passwords.matches(kept, typed) or person is None or kept is None:
            log.warning("a wrong password, or an e-mail that nobody has, came from %s", address)
            raise Refusal(Code.SIGN_IN_REFUSED, "the e-mail or the password is wrong")
        await guessing.was_right()
        if is_outdated(kept):
            await self._keep_hash(person.id, await self._passwords.hashed(typed), kept)
        way = SignInWay.PASSWORD
        return await self._proven(person.id, way, request.device, address, wants_code=wants_code)

    async def by_code(self, request: CodeRequest, address: str) -> SignInAnswer:
        """Return tokens for a ticket and a code. Raises Refusal."""
        row = await self._tickets.tried(tickets.CODE, request.ticket)
        guessing = await self._tries.code(row.person)
        async with self._unit_of_work.without_events() as connection:
            if await active_person(connection, row.person) is None:
                raise tickets.over()
            right = await accept_code(connection, row.person, request.code, self._now())
            if right:
                await tickets.take(connection, tickets.CODE, request.ticket)
        if not right:
            raise wrong_code()
        await guessing.was_right()
        return await self._begun(row.person, SignInWay.PASSWORD, row.device, address)

    async def by_invitation(self, request: InvitationRequest, address: str) -> SignInAnswer:
        """Take the password that somebody chose and sign them in. Raises Refusal."""
        row = await self._tickets.tried(tickets.INVITATION, request.ticket)
        async with self._engine.connect() as connection:
            person = await active_person(connection, row.person)
        if person is None:
            raise tickets.over()
        chosen = await self.chosen(person, request.password)
        async with self._unit_of_work.without_events() as connection:
            await tickets.take(connection, tickets.INVITATION, request.ticket)
            await keep_password(connection, person.id, chosen, self._now())
            if WITHOUT_CODE in row.details:
                await forget_codes(connection, person.id)
            wants_code = await confirmed_code(connection, person.id)
        await self._sessions.end_all(person.id)
        way = SignInWay.INVITATION
        return await self._proven(person.id, way, request.device, address, wants_code=wants_code)

    async def refresh(self, token: str) -> SignInTokens:
        return await self._sessions.refresh(token)

    async def chosen(self, person: Person, typed: str) -> str:
        """Return the hash of a password that somebody chose. Raises Refusal for one not taken."""
        normalized = rules.normalized(typed)
        if fault := rules.fault(normalized, person.email):
            raise Refusal(Code.WEAK_PASSWORD, f"not taken: {fault}", state=fault.value)
        return await self._passwords.hashed(normalized)

    async def _proven(
        self, person: str, way: SignInWay, device: str, address: str, *, wants_code: bool
    ) -> SignInAnswer:
        """Return what follows on a right password: tokens, or a ticket for the code."""
        if not wants_code:
            return await self._begun(person, way, device, address)
        ticket = await self._tickets.hand_out(tickets.CODE, person=person, device=device)
        return SignInAnswer(ticket=ticket, ticket_until=self._now() + GOOD_FOR[tickets.CODE])

    async def _begun(self, person: str, way: SignInWay, device: str, address: str) -> SignInAnswer:
        return SignInAnswer(tokens=await self._sessions.begin(person, way, device, address))

    async def _keep_hash(self, person: str, made: str, instead_of: str) -> None:
        async with self._unit_of_work.without_events() as connection:
            same = password.c.person == person, password.c.hash == instead_of
            await connection.execute(update(password).where(*same).values(hash=made))


async def password_hash(connection: AsyncConnection, person: str) -> str | None:
    found: str | None = await connection.scalar(
        select(password.c.hash).where(password.c.person == person)
    )
    return found


async def keep_password(connection: AsyncConnection, person: str, made: str, now: datetime) -> None:
    await connection.execute(delete(password).where(password.c.person == person))
    await connection.execute(insert(password).values(person=person, hash=made, changed_at=now))


async def code_row(connection: AsyncConnection, person: str) -> Row[Any] | None:
    query = select(code_secret).where(code_secret.c.person == person)
    return (await connection.execute(query)).one_or_none()


async def confirmed_code(connection: AsyncConnection, person: str) -> bool:
    """Return whether the person signs in with codes."""
    row = await code_row(connection, person)
    return row is not None and row.confirmed_at is not None


async def accept_code(connection: AsyncConnection, person: str, typed: str, now: datetime) -> bool:
    """Return whether a one-time or a recovery code is right, and have it work no second time."""
    if one_time_codes.looks_like_recovery(typed):
        plain = one_time_codes.plain_recovery_code(typed)
        same = recovery_code.c.person == person, recovery_code.c.hash == token_hash(plain)
        return (await connection.execute(delete(recovery_code).where(*same))).rowcount > 0
    row = await code_row(connection, person)
    if row is None:
        return False
    step = one_time_codes.accepted_step(row.secret, typed, now, row.last_step)
    if step is None:
        return False
    later = code_secret.c.last_step.is_(None) | (code_secret.c.last_step < step)
    used = update(code_secret).where(code_secret.c.person == person, later)
    return (await connection.execute(used.values(last_step=step))).rowcount > 0


async def forget_codes(connection: AsyncConnection, person: str) -> None:
    for table in (code_secret, recovery_code):
        await connection.execute(delete(table).where(table.c.person == person))


def wrong_code() -> Refusal:
    return Refusal(Code.WRONG_CODE, "the code is wrong, or was used before")
