"""Finds out who calls a control plane of a team, by the token that the request came with."""

import hmac

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.server.people.authenticator import NotSignedIn, principal_of
from autosky_desktop.server.people.principal import Principal, local_operator
from autosky_desktop.server.sign_in import rules
from autosky_desktop.server.sign_in.api_tokens import API, ApiTokens, narrowed
from autosky_desktop.server.sign_in.sessions import SignInSessions

BEARER = "bearer "


class TeamAuthenticator:
    """Knows the access tokens of people and their API tokens, and where there is one, the control
    plane's own token: with it the first administrator is added, and whoever was locked out.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        sessions: SignInSessions,
        api_tokens: ApiTokens,
        own: tuple[str, str] | None = None,
    ) -> None:
        self._engine, self._sessions, self._api_tokens = engine, sessions, api_tokens
        self._own = own

    async def principal(self, authorization: str, address: str) -> Principal:
        """Return who calls. Raises NotSignedIn and StorageError."""
        if not authorization[: len(BEARER)].lower() == BEARER:
            raise NotSignedIn("sign in first")
        token = authorization[len(BEARER) :].strip()
        if self._own and hmac.compare_digest(token.encode(), self._own[0].encode()):
            return local_operator(self._own[1])
        async with self._engine.connect() as connection:
            if token.startswith(API):
                return await self._of_program(connection, token, address)
            return await self._of_person(connection, token)

    async def _of_person(self, connection: AsyncConnection, token: str) -> Principal:
        found = await self._sessions.person_of(connection, token)
        if found is None:
            raise NotSignedIn("the sign-in has ended, or its token is not accepted")
        return await principal_of(connection, *found)

    async def _of_program(self, connection: AsyncConnection, token: str, address: str) -> Principal:
        row = await self._api_tokens.find(connection, token)
        if row is None:
            raise NotSignedIn("the API token was revoked, has run out, or never was one")
        if not rules.is_within(address, row.addresses):
            detail = f"the API token is not accepted from the address {address}"
            raise NotSignedIn(detail, Code.ADDRESS_NOT_ALLOWED)
        return narrowed(await principal_of(connection, row.person), row)
