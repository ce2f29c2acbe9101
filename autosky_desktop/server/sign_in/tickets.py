"""Hands out tickets: each is sent back once, before it runs out."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.text import one_line
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.sign_in_schema import ticket
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in.hashes import new_token, token_hash
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

KIND = "ast_"
CODE, INVITATION, OPENID = "code", "invitation", "openid"
GOOD_FOR = {
    CODE: timedelta(minutes=5),
    INVITATION: timedelta(days=7),
    OPENID: timedelta(minutes=15),
}
MOST_TRIES = {CODE: 5, INVITATION: 1_000, OPENID: 5}
"""How often what goes with a ticket may be wrong. Nobody guesses at an invitation: with it comes a
password of one's own, which the rule may refuse some times.
"""


class Tickets:
    """Keeps tickets, and takes them back."""

    def __init__(self, unit_of_work: UnitOfWork, now: Now) -> None:
        self._unit_of_work, self._now = unit_of_work, now

    async def hand_out(
        self,
        kind: str,
        *,
        person: str | None = None,
        device: str = "",
        details: dict[str, str] | None = None,
    ) -> str:
        """Return a new ticket. Of invitations a person has one: the last."""
        made = new_token(KIND)
        row = {
            "hash": token_hash(made),
            "kind": kind,
            "person": person,
            "until": self._now() + GOOD_FOR[kind],
            "device": one_line(device),
            "details": details or {},
        }
        async with self._unit_of_work.without_events() as connection:
            if kind == INVITATION:
                await revoke_invitations(connection, person)
            await connection.execute(insert(ticket).values(row))
        return made

    async def tried(self, kind: str, given: str) -> Row[Any]:
        """Return the ticket's row and count a try. Raises Refusal for one that is no good."""
        same = ticket.c.hash == token_hash(given), ticket.c.kind == kind
        good = ticket.c.until > self._now(), ticket.c.tries < MOST_TRIES[kind]
        async with self._unit_of_work.without_events() as connection:
            one_more = update(ticket).where(*same, *good).values(tries=ticket.c.tries + 1)
            if (await connection.execute(one_more)).rowcount:
                return (await connection.execute(select(ticket).where(*same))).one()
        raise over()

    async def purge(self) -> None:
        async with self._unit_of_work.without_events() as connection:
            await connection.execute(delete(ticket).where(ticket.c.until < self._now()))


async def take(connection: AsyncConnection, kind: str, given: str) -> None:
    """Take the ticket back: nobody uses it a second time. Raises Refusal if somebody has."""
    same = ticket.c.hash == token_hash(given), ticket.c.kind == kind
    if not (await connection.execute(delete(ticket).where(*same))).rowcount:
        raise over()


async def revoke_invitations(connection: AsyncConnection, person: str | None) -> None:
    same = ticket.c.kind == INVITATION, ticket.c.person == person
    await connection.execute(delete(ticket).where(*same))


def over() -> Refusal:
    return Refusal(Code.TICKET_OVER, "the ticket was used, ran out, or never was one: begin again")
