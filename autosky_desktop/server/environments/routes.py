"""The routes of environments."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import EnvironmentList, LoadList, Snapshot
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.people import Role
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.wire import EARLIEST
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    UNCHANGED,
    AuthenticatedRequest,
    IfNoneMatch,
    digest,
    tagged,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.environments import queries as environment_queries
from autosky_desktop.server.environments.commands import ProviderUpdates
from autosky_desktop.server.environments.lookups import Lookups
from autosky_desktop.server.people.requires import REQUIRES, SIGNED_IN, Requires
from autosky_desktop.server.refusal import Refusal


@get(
    "/environments",
    responses=specs(400) | UNCHANGED,
    opt={REQUIRES: SIGNED_IN},
    operation_id="listEnvironments",
)
async def environments(
    request: AuthenticatedRequest,
    engine: NamedDependency[AsyncEngine],
    now: NamedDependency[Now],
    known: IfNoneMatch = None,
) -> Response[EnvironmentList]:
    """List the environments that the caller may see. The ETag is that of the list without the time
    it was read.
    """
    async with engine.connect() as connection:
        found = await environment_queries.listed(connection)
    seen = [it for it in found.environments if request.user.sees(it.id)]
    found = replace(found, environments=seen)
    return tagged(replace(found, read_at=now()), known, digest(found))


@get(
    "/environments/{environment:str}",
    responses=specs(400, 404) | UNCHANGED,
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="snapshot",
)
async def snapshot(
    engine: NamedDependency[AsyncEngine], environment: FromPath[str], known: IfNoneMatch = None
) -> Response[Snapshot]:
    """Return everything about one environment; the ETag is its revision."""
    async with engine.connect() as connection:
        found = await environment_queries.snapshot(connection, environment)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no environment {environment}")
    return tagged(found, known, str(found.environment.revision))


@get(
    "/environments/{environment:str}/loads",
    responses=specs(404, 409, 503) | UNCHANGED,
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="listLoads",
)
async def loads(
    lookups: NamedDependency[Lookups], environment: FromPath[str], known: IfNoneMatch = None
) -> Response[LoadList]:
    """Tell how busy the instances are, where the provider does. The ETag is that of the loads."""
    found = await lookups.loads(environment)
    return tagged(found, known, digest(replace(found, read_at=EARLIEST)))


@post(
    "/environments/{environment:str}/provider-update",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "environment")},
    operation_id="providerUpdate",
)
async def provider_update(
    request: AuthenticatedRequest,
    provider_updates: NamedDependency[ProviderUpdates],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    key: IdempotencyKey,
) -> Response[Operation]:
    """Read the environment from the provider now. The answer is the operation as it begins, or the
    one already running there; the feed tells of its end.
    """
    return await idempotency.once(
        request, key, lambda: provider_updates.begin(environment, principal=request.user, key=key)
    )


HANDLERS = (environments, snapshot, loads, provider_update)
