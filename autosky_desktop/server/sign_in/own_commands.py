"""Changes how a person signs in, and undoes what an administrator may undo of it."""

import logging

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.people import Person
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import (
    CodeEnrolment,
    CodeRemoval,
    Invitation,
    PasswordChange,
    RecoveryCodes,
    SignInState,
)
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.sign_in_schema import code_secret, recovery_code
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in import one_time_codes, rules, tickets
from autosky_desktop.server.sign_in.commands import (
    WITHOUT_CODE,
    SignInCommands,
    accept_code,
    confirmed_code,
    forget_codes,
    keep_password,
    password_hash,
    wrong_code,
)
from autosky_desktop.server.sign_in.hashes import Passwords, token_hash
from autosky_desktop.server.sign_in.people import active_person
from autosky_desktop.server.sign_in.sessions import SignInSessions
from autosky_desktop.server.sign_in.tickets import GOOD_FOR, Tickets
from autosky_desktop.server.sign_in.tries import Tries
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class OwnSignIn:
    """Changes how a person signs in. Whoever holds their window for a moment needs the password
    for it nevertheless, and guesses at it no faster than at the door.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        sessions: SignInSessions,
        passwords: Passwords,
        signing_in: SignInCommands,
        now: Now,
    ) -> None:
        self._engine, self._unit_of_work, self._now = engine, unit_of_work, now
        self._sessions, self._passwords, self._signing_in = sessions, passwords, signing_in
        self._tries, self._tickets = Tries(unit_of_work, now), Tickets(unit_of_work, now)

    async def state(self, principal: Principal) -> SignInState:
        async with self._engine.connect() as connection:
            person = await _self(connection, principal)
            codes = recovery_code.c.person == person.id
            left = await connection.scalar(select(func.count()).where(codes))
            return SignInState(
                email=person.email,
                password=await password_hash(connection, person.id) is not None,
                code=await confirmed_code(connection, person.id),
                recovery_codes=left or 0,
            )

    async def change_password(
        self, principal: Principal, request: PasswordChange, address: str
    ) -> SignInState:
        """Take a new password; all other sign-ins of the person end. Raises Refusal."""
        person = await self._proven(principal, request.current, address)
        chosen = await self._signing_in.chosen(person, request.password)
        async with self._unit_of_work.without_events() as connection:
            await keep_password(connection, person.id, chosen, self._now())
            await tickets.revoke_invitations(connection, person.id)
        await self._sessions.end_all(person.id, but=principal.session)
        return await self.state(principal)

    async def enrol(self, principal: Principal, typed: str, address: str) -> CodeEnrolment:
        """Return a secret to make codes from; it counts once it is confirmed. Raises Refusal."""
        person = await self._proven(principal, typed, address)
        secret = one_time_codes.new_secret()
        async with self._unit_of_work.without_events() as connection:
            if await confirmed_code(connection, person.id):
                raise Refusal(Code.NOT_ALLOWED_NOW, "there are codes: remove them first")
            await connection.execute(delete(code_secret).where(code_secret.c.person == person.id))
            await connection.execute(insert(code_secret).values(person=person.id, secret=secret))
        return CodeEnrolment(secret=secret, uri=one_time_codes.uri(secret, person.email))

    async def confirm(self, principal: Principal, code: str) -> RecoveryCodes:
        """Have the secret count from now on, and return recovery codes. Raises Refusal."""
        guessing = await self._tries.code(principal.id)
        codes = one_time_codes.new_recovery_codes()
        async with self._unit_of_work.without_events() as connection:
            person = await _self(connection, principal)
            if await confirmed_code(connection, person.id):
                raise Refusal(Code.NOT_ALLOWED_NOW, "the codes count already")
            right = await accept_code(connection, person.id, code, self._now())
            if right:
                same = code_secret.c.person == person.id
                await connection.execute(
                    update(code_secret).where(same).values(confirmed_at=self._now())
                )
                await _keep_recovery_codes(connection, person.id, codes)
        if not right:
            raise wrong_code()
        await guessing.was_right()
        return RecoveryCodes(codes=codes)

    async def remove_code(
        self, principal: Principal, request: CodeRemoval, address: str
    ) -> SignInState:
        """Have the person sign in without codes again. Raises Refusal."""
        person = await self._proven(principal, request.password, address)
        guessing = await self._tries.code(person.id)
        async with self._unit_of_work.without_events() as connection:
            right = await accept_code(connection, person.id, request.code, self._now())
            if right:
                await forget_codes(connection, person.id)
        if not right:
            raise wrong_code()
        await guessing.was_right()
        return await self.state(principal)

    async def invite(
        self, principal: Principal, identity: str, *, without_code: bool
    ) -> Invitation:
        """Return a ticket with which that person chooses a password, as an administrator gives it
        to who is new or has forgotten theirs. Who lost their authenticator as well comes in
        `without_code`: their codes are forgotten as they choose. No program invites: with an API
        token of an administrator anybody could become that administrator. Raises Refusal.
        """
        if is_program(principal):
            raise Refusal(Code.FORBIDDEN, "a token invites nobody")
        async with self._engine.connect() as connection:
            person = await active_person(connection, identity)
        if person is None:
            raise Refusal(Code.NOT_FOUND, f"no person {identity} who may sign in")
        details = {WITHOUT_CODE: WITHOUT_CODE} if without_code else {}
        ticket = await self._tickets.hand_out(tickets.INVITATION, person=person.id, details=details)
        log.info("person %s invited person %s", principal.id, person.id)
        return Invitation(ticket=ticket, until=self._now() + GOOD_FOR[tickets.INVITATION])

    async def _proven(self, principal: Principal, typed: str | None, address: str) -> Person:
        """Return the person who asks, once their password was right. Raises Refusal."""
        async with self._engine.connect() as connection:
            person = await _self(connection, principal)
            kept = await password_hash(connection, person.id)
        if kept is None and typed is None:
            return person  # comes from a provider of identities
        guessing = await self._tries.password(person.email, address)
        if not await self._passwords.matches(kept, rules.normalized(typed or "")):
            raise Refusal(Code.SIGN_IN_REFUSED, "the password is wrong")
        await guessing.was_right()
        return person


async def _self(connection: AsyncConnection, principal: Principal) -> Person:
    """Return the person who asks. Raises Refusal for a program with a token, and for whoever has
    the control plane's own.
    """
    found = None
    if not is_program(principal):
        found = await active_person(connection, principal.id)
    if found is None:
        raise Refusal(Code.FORBIDDEN, "only a person who has signed in may")
    return found


def is_program(principal: Principal) -> bool:
    """Return whether the request came with an API token."""
    return (principal.session or "").startswith(API_SESSION)


API_SESSION = "token:"
"""How `session` of a principal begins that came by an API token."""


async def _keep_recovery_codes(connection: AsyncConnection, person: str, codes: list[str]) -> None:
    await connection.execute(delete(recovery_code).where(recovery_code.c.person == person))
    plain = map(one_time_codes.plain_recovery_code, codes)
    rows = [{"person": person, "hash": token_hash(code)} for code in plain]
    await connection.execute(insert(recovery_code), rows)
