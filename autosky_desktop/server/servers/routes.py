"""The routes of servers."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody
from msgspec.structs import asdict
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.people import Role
from autosky_desktop.domain.server import (
    LocatedServer,
    Power,
    PowerRequest,
    Server,
    ShutdownRequest,
)
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.people.requires import REQUIRES, Requires
from autosky_desktop.server.servers import queries as servers
from autosky_desktop.server.servers.commands import PowerCommands, ShutdownCommands


@get(
    "/servers/{server:str}",
    responses=specs(404),
    opt={REQUIRES: Requires(Role.VIEWER, "server")},
    operation_id="server",
)
async def server(
    engine: NamedDependency[AsyncEngine], server: FromPath[str]
) -> Response[LocatedServer]:
    """Return the server as it is recorded now, and its environment."""
    environment, found = await servers.get(engine, server)
    return plain(LocatedServer(environment=environment, **asdict(found)))


@post(
    "/servers/{server:str}/{power:str}",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "server")},
    operation_id="power",
)
async def power(
    request: AuthenticatedRequest,
    power_commands: NamedDependency[PowerCommands],
    idempotency: NamedDependency[Idempotency],
    server: FromPath[str],
    power: FromPath[Power],
    body: RawBody,
    key: IdempotencyKey,
    data: JSONBody[PowerRequest | None] = None,
) -> Response[Server]:
    """Start, stop or restart a server; the answer is the server as the provider then has it."""
    hours = strictly(data, body).hours if data else None
    return await idempotency.once(
        request,
        key,
        lambda: power_commands.switch(server, power, principal=request.user, key=key, hours=hours),
    )


@post(
    "/servers/{server:str}/shutdown",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "server")},
    operation_id="moveShutdown",
)
async def move_shutdown(
    request: AuthenticatedRequest,
    shutdown_commands: NamedDependency[ShutdownCommands],
    idempotency: NamedDependency[Idempotency],
    server: FromPath[str],
    data: JSONBody[ShutdownRequest],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Server]:
    """Move, skip or cancel a preparation server's scheduled shutdown. An extension may be granted
    in part; the answer says until when.
    """
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: shutdown_commands.move(server, wanted, principal=request.user, key=key),
    )


HANDLERS = (server, power, move_shutdown)
