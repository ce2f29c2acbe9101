"""Makes API tokens, revokes them, and says what whoever comes with one may do.

A token never may more than its maker may at that moment: roles that the maker loses are lost to
it, and with its maker's end it ends. With a token no other can be made.
"""

import logging
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.api_token import (
    ApiToken,
    ApiTokenList,
    ApiTokenRequest,
    MadeApiToken,
)
from autosky_desktop.domain.people import Role
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.text import one_line
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.columns import as_struct
from autosky_desktop.server.db.sign_in_schema import api_token
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in import rules
from autosky_desktop.server.sign_in.hashes import new_token, token_hash
from autosky_desktop.server.sign_in.own_commands import API_SESSION, is_program
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

API = "ask_"
MOST_TOKENS = 200
"""Tokens of one person."""

log = logging.getLogger(__name__)


class ApiTokens:
    """Keeps the API tokens of people."""

    def __init__(self, engine: AsyncEngine, unit_of_work: UnitOfWork, now: Now) -> None:
        self._engine, self._unit_of_work, self._now = engine, unit_of_work, now

    async def make(self, principal: Principal, request: ApiTokenRequest) -> MadeApiToken:
        """Make a token. It is told once, and nobody can tell it again. Raises Refusal."""
        self._refuse(principal, request)
        token = new_token(API)
        made = ApiToken(
            id=uuid4().hex,
            description=one_line(request.description),
            role=request.role.value,
            at=self._now(),
            until=request.until,
            addresses=[str(rules.network(it)) for it in request.addresses],
            environments=request.environments,
        )
        row = {name: getattr(made, name) for name in ApiToken.__struct_fields__}
        async with self._unit_of_work.without_events() as connection:
            query = select(api_token.c.id).where(api_token.c.person == principal.id)
            if len((await connection.scalars(query)).all()) >= MOST_TOKENS:
                raise Refusal(Code.NOT_ALLOWED_NOW, f"there are {MOST_TOKENS} tokens already")
            await connection.execute(
                insert(api_token).values(person=principal.id, hash=token_hash(token), **row)
            )
        log.info("person %s made API token %s", principal.id, made.id)
        return MadeApiToken(made=made, token=token)

    def _refuse(self, principal: Principal, request: ApiTokenRequest) -> None:
        """Raise Refusal for a token that nobody may make, or that nobody could use."""
        if is_program(principal):
            raise Refusal(Code.FORBIDDEN, "a token makes no other")
        if request.role is Role.UNKNOWN:
            raise Refusal(Code.INVALID_REQUEST, "no such role")
        if request.until <= self._now():
            raise Refusal(Code.INVALID_REQUEST, "the token would have run out already")
        for address in request.addresses:
            if rules.network(address) is None:
                raise Refusal(Code.INVALID_REQUEST, f"{address} is no address and no network")
        for environment in request.environments or []:
            if not principal.sees(environment):
                raise Refusal(Code.NOT_FOUND, f"no environment {environment}")

    async def all_of(self, principal: Principal) -> ApiTokenList:
        query = (
            select(api_token)
            .where(api_token.c.person == principal.id)
            .order_by(api_token.c.at.desc(), api_token.c.id)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return ApiTokenList(tokens=[as_struct(ApiToken, row) for row in rows])

    async def revoke(self, principal: Principal, identity: str) -> None:
        """Have nobody come with this token any more. Raises Refusal."""
        if is_program(principal):
            raise Refusal(Code.FORBIDDEN, "a token revokes no other")
        same = api_token.c.id == identity, api_token.c.person == principal.id
        async with self._unit_of_work.of_rights() as connection:
            if not (await connection.execute(delete(api_token).where(*same))).rowcount:
                raise Refusal(Code.NOT_FOUND, f"no token {identity} of yours")
        log.info("person %s revoked API token %s", principal.id, identity)

    async def find(self, connection: AsyncConnection, token: str) -> Row[Any] | None:
        """Return the row of the token, unless it has run out."""
        query = select(api_token).where(api_token.c.hash == token_hash(token))
        row = (await connection.execute(query)).one_or_none()
        return row if row is not None and row.at <= self._now() < row.until else None


def narrowed(maker: Principal, row: Row[Any]) -> Principal:
    """Return whoever comes with the token: its maker, with no more rights than it was given."""
    most = Role(row.role)
    if row.environments is None:
        everywhere = maker.everywhere and narrower(maker.everywhere, most)
        roles = {it: narrower(role, most) for it, role in maker.roles.items()}
    else:
        everywhere = None
        own = ((it, maker.role_in(it)) for it in row.environments)
        roles = {it: narrower(role, most) for it, role in own if role is not None}
    return Principal(
        id=maker.id,
        name=maker.name,
        everywhere=everywhere,
        roles=roles,
        session=f"{API_SESSION}{row.id}",
    )


def narrower(one: Role, other: Role) -> Role:
    return other if one.includes(other) else one
