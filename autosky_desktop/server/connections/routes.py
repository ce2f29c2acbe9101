"""The routes of connecting to servers and instances."""

from typing import Any, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionEnded
from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.people import Role
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.connections.commands import ConnectionCommands, Lookup
from autosky_desktop.server.environments.queries import get_instance
from autosky_desktop.server.people.requires import REQUIRES, Requires
from autosky_desktop.server.servers.queries import get as get_server

Machine = Literal["server", "instance"]


def _looking(of: Machine, find: Lookup, endpoint_id: str, tunnel_id: str) -> tuple[Any, ...]:
    """Return the routes that tell how to get to what `find` finds: a server or an instance."""

    @get(
        f"/{of}s/{{machine:str}}/endpoint",
        responses=specs(404, 409, 503),
        opt={REQUIRES: Requires(Role.OPERATOR, of, "machine")},
        operation_id=endpoint_id,
    )
    async def endpoint(
        connection_commands: NamedDependency[ConnectionCommands], machine: FromPath[str]
    ) -> Response[Endpoint]:
        """Return how to connect there and who is on it, as the provider tells it now."""
        return plain(await connection_commands.endpoint(find, machine))

    @post(
        f"/{of}s/{{machine:str}}/tunnel",
        status_code=201,
        responses=specs(404, 409, 503),
        opt={REQUIRES: Requires(Role.OPERATOR, of, "machine")},
        operation_id=tunnel_id,
    )
    async def tunnel(
        connection_commands: NamedDependency[ConnectionCommands], machine: FromPath[str]
    ) -> Response[Tunnel]:
        """Begin a tunnel there, and return what opens it. No answer is kept for a second request:
        it begins another one, and the first ends by itself if nobody opens it.
        """
        return plain(await connection_commands.tunnel(find, machine), status=201)

    return endpoint, tunnel


def _beginning(of: Machine, find: Lookup, operation_id: str) -> Any:
    """Return the route that records connections to what `find` finds."""

    @post(
        f"/{of}s/{{machine:str}}/connections",
        status_code=201,
        responses=COMMAND_PROBLEMS,
        opt={REQUIRES: Requires(Role.OPERATOR, of, "machine")},
        operation_id=operation_id,
    )
    async def begin(
        request: AuthenticatedRequest,
        connection_commands: NamedDependency[ConnectionCommands],
        idempotency: NamedDependency[Idempotency],
        machine: FromPath[str],
        data: JSONBody[ConnectionBegun],
        body: RawBody,
        key: IdempotencyKey,
    ) -> Response[Connection]:
        """Record that a connection is being opened: by whom, to where, under which account."""
        wanted = strictly(data, body)
        return await idempotency.once(
            request,
            key,
            lambda: connection_commands.begin(
                find, machine, wanted, principal=request.user, key=key
            ),
            status=201,
        )

    return begin


@post(
    "/connections/{connection:str}/end",
    status_code=200,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "connection")},
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
        lambda: connection_commands.end(connection, wanted, principal=request.user),
        status=200,
    )


HANDLERS = (
    *_looking("server", get_server, "endpoint", "beginTunnel"),
    *_looking("instance", get_instance, "endpointOfInstance", "beginTunnelToInstance"),
    _beginning("server", get_server, "beginConnection"),
    _beginning("instance", get_instance, "beginConnectionToInstance"),
    end,
)
