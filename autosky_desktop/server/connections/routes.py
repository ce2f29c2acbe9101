"""The routes of connecting to servers and instances."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionEnded
from autosky_desktop.domain.endpoint import Endpoint
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.connections.commands import ConnectionCommands


@get(
    "/servers/{server:str}/endpoint",
    responses=specs(404, 409, 503),
    operation_id="endpoint",
)
async def endpoint(
    connection_commands: NamedDependency[ConnectionCommands], server: FromPath[str]
) -> Response[Endpoint]:
    """Return how to connect to the server and who is on it, as the provider tells it now."""
    return plain(await connection_commands.endpoint(server))


@get(
    "/instances/{instance:str}/endpoint",
    responses=specs(404, 409, 503),
    operation_id="endpointOfInstance",
)
async def endpoint_of_instance(
    connection_commands: NamedDependency[ConnectionCommands], instance: FromPath[str]
) -> Response[Endpoint]:
    """Return how to connect to the instance, as the provider tells it now."""
    return plain(await connection_commands.endpoint_of_instance(instance))


@post(
    "/servers/{server:str}/connections",
    status_code=201,
    responses=COMMAND_PROBLEMS,
    operation_id="beginConnection",
)
async def begin(
    request: AuthenticatedRequest,
    connection_commands: NamedDependency[ConnectionCommands],
    idempotency: NamedDependency[Idempotency],
    server: FromPath[str],
    data: JSONBody[ConnectionBegun],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Connection]:
    """Record that a connection is being opened: by whom, to which server, under which account."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: connection_commands.begin(server, wanted, operator=request.user, key=key),
        status=201,
    )


@post(
    "/instances/{instance:str}/connections",
    status_code=201,
    responses=COMMAND_PROBLEMS,
    operation_id="beginConnectionToInstance",
)
async def begin_on_instance(
    request: AuthenticatedRequest,
    connection_commands: NamedDependency[ConnectionCommands],
    idempotency: NamedDependency[Idempotency],
    instance: FromPath[str],
    data: JSONBody[ConnectionBegun],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Connection]:
    """Record that a connection is being opened: by whom, to which instance, under which account."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: connection_commands.begin_on_instance(
            instance, wanted, operator=request.user, key=key
        ),
        status=201,
    )


@post(
    "/connections/{connection:str}/end",
    status_code=200,
    responses=COMMAND_PROBLEMS,
    operation_id="endConnection",
)
async def end(
    request: AuthenticatedRequest,
    connection_commands: NamedDependency[ConnectionCommands],
    idempotency: NamedDependency[Idempotency],
    connection: FromPath[str],
    data: JSONBody[ConnectionEnded],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Connection]:
    """Record how the connection ended and return what is recorded. The first report stays."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: connection_commands.end(connection, wanted, operator=request.user),
        status=200,
    )


HANDLERS = (endpoint, endpoint_of_instance, begin, begin_on_instance, end)
