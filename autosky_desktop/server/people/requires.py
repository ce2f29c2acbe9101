"""Enforces what each route requires of its caller, which is said beside the route."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.people import EVERYWHERE, Role
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.people import queries as people
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.people.queries import Located
from autosky_desktop.server.refusal import Refusal

REQUIRES = "requires"
"""The name by which a route says it, in its `opt`. A route that does not say it answers nobody."""

Caller = ASGIConnection[Any, Principal, None, Any]
Guard = Callable[[Caller, BaseRouteHandler], Awaitable[None]]


class Requires(Struct, frozen=True):
    """A role that the caller needs (None: any, or none at all) in one environment: the one that has
    what the path names by its id, which is such a thing as `of` says. Without `of` it is a role in
    all environments. The path's parameter is called as the thing, unless it is `named` otherwise.
    """

    role: Role | None
    of: Located | None = None
    named: str = ""
    signed_in: bool = True


ADMINISTRATOR = Requires(Role.MANAGER)
SIGNED_IN = Requires(None)
OPEN = Requires(None, signed_in=False)
"""What anybody may ask: whether the control plane lives, and to be signed in."""


def guard(engine: AsyncEngine) -> Guard:
    """Return the guard of all routes. It raises Refusal: what may not be seen is not there, and of
    what may be seen it says which role is needed.
    """

    async def admit(caller: Caller, route: BaseRouteHandler) -> None:
        needed: Requires = route.opt[REQUIRES]
        if needed.role is None:
            return
        principal = caller.user
        identity: str = caller.path_params[needed.named or needed.of] if needed.of else ""
        if identity == EVERYWHERE:  # it stands for all of them, and is the id of none
            raise Refusal(Code.NOT_FOUND, f"no {needed.of} {identity}")
        if principal.everywhere and principal.everywhere.includes(needed.role):
            return
        if needed.of is None:
            async with engine.connect() as connection:
                raise await _forbidden(connection, EVERYWHERE, needed.role)
        async with engine.connect() as connection:
            environment = await people.environment_of(connection, needed.of, identity)
            if environment is None or not principal.sees(environment):
                raise Refusal(Code.NOT_FOUND, f"no {needed.of} {identity}")
            if not principal.may(needed.role, environment):
                raise await _forbidden(connection, environment, needed.role)

    return admit


async def _forbidden(connection: AsyncConnection, environment: str, role: Role) -> Refusal:
    may_give = await people.managers(connection, environment)
    return Refusal(Code.FORBIDDEN, f"it takes the role {role}", role=role, managers=may_give)
