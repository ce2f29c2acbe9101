"""The routes of the people on the instances."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.people import Role
from autosky_desktop.domain.session import EndSessions, SessionList, SessionsEnded
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.people.requires import REQUIRES, Requires
from autosky_desktop.server.sessions.commands import SessionCommands


@get(
    "/environments/{environment:str}/sessions",
    responses=specs(404, 409, 503),
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="listSessions",
)
async def everybody(
    session_commands: NamedDependency[SessionCommands], environment: FromPath[str]
) -> Response[SessionList]:
    """Return who is on the instances, read from the provider now."""
    return plain(await session_commands.everybody(environment))


@post(
    "/environments/{environment:str}/sessions/end",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "environment")},
    operation_id="endSessions",
)
async def end(
    request: AuthenticatedRequest,
    session_commands: NamedDependency[SessionCommands],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    data: JSONBody[EndSessions],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[SessionsEnded]:
    """End these sessions at once; unsaved work in them is lost. The answer lists separately those
    that were already gone.
    """
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: session_commands.end(environment, wanted, principal=request.user, key=key),
    )


HANDLERS = (everybody, end)
