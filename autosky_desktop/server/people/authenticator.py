"""Finds out who a request comes from."""

import hmac
from typing import Protocol, runtime_checkable

from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.problem import Code
from autosky_desktop.server.people import queries as people
from autosky_desktop.server.people.principal import Principal, local_operator


class NotSignedIn(Exception):
    """Raised when nobody can be told to be the caller. `reason` is a sentence for them."""

    def __init__(self, reason: str, code: Code = Code.UNAUTHENTICATED) -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


@runtime_checkable  # the framework looks whether the part it hands out is one
class Authenticator(Protocol):
    """Tells who calls."""

    async def principal(self, authorization: str, address: str, /) -> Principal:
        """Return who calls, by the header `Authorization` and the address the call comes from.
        Raises NotSignedIn and StorageError.
        """


async def principal_of(
    connection: AsyncConnection, identity: str, session: str | None = None
) -> Principal:
    """Return the person as a Principal, with the roles of now. Raises NotSignedIn for one who is
    not there any more, or not active.
    """
    found = await people.find(connection, identity)
    if found is None or not found.active:
        raise NotSignedIn("this person may not sign in")
    everywhere, roles = await people.roles_of(connection, identity)
    return Principal(
        id=identity, name=found.name, everywhere=everywhere, roles=roles, session=session
    )


class FixedToken:
    """Knows one token, of one operator who may do everything: the way of a workstation."""

    def __init__(self, token: str, operator: str) -> None:
        self._authorization = f"Bearer {token}".encode()
        self._operator = local_operator(operator)

    async def principal(self, authorization: str, _address: str) -> Principal:
        if not hmac.compare_digest(authorization.encode(), self._authorization):
            raise NotSignedIn("the token is missing or not accepted")
        return self._operator
