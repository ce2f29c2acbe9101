"""The routes by which environments are added, changed, paused and removed."""

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.change import Gone
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.environment_settings import (
    CheckResult,
    EnvironmentSettings,
    FindRequest,
    Found,
    LeftoverList,
    ProviderList,
)
from autosky_desktop.domain.people import Role
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.environments import queries as environment_queries
from autosky_desktop.server.environments.lookups import Lookups
from autosky_desktop.server.environments.settings_commands import EnvironmentCommands
from autosky_desktop.server.people.requires import ADMINISTRATOR, REQUIRES, Requires

LOOK_PROBLEMS = specs(400, 409, 415, 422, 503)


@get("/providers", responses=specs(), opt={REQUIRES: ADMINISTRATOR}, operation_id="listProviders")
async def providers(lookups: NamedDependency[Lookups]) -> Response[ProviderList]:
    """List every provider by title, with what it asks for, also those that cannot be used here."""
    return plain(await lookups.providers())


@post(
    "/providers/{provider:str}/find",
    status_code=200,
    responses=LOOK_PROBLEMS,
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="findMachines",
)
async def find(
    lookups: NamedDependency[Lookups],
    provider: FromPath[str],
    data: JSONBody[FindRequest],
    body: RawBody,
) -> Response[Found]:
    """Look at what is there. Nothing is changed by it."""
    return plain(await lookups.find(provider, strictly(data, body).values))


@post(
    "/environments/check",
    status_code=200,
    responses=LOOK_PROBLEMS,
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="checkSettings",
)
async def check(
    lookups: NamedDependency[Lookups], data: JSONBody[EnvironmentSettings], body: RawBody
) -> Response[CheckResult]:
    """Try line by line what settings are good for. Nothing is changed by it."""
    return plain(await lookups.check(strictly(data, body)))


@post(
    "/environments",
    status_code=201,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="addEnvironment",
)
async def add(
    request: AuthenticatedRequest,
    environment_commands: NamedDependency[EnvironmentCommands],
    idempotency: NamedDependency[Idempotency],
    data: JSONBody[EnvironmentSettings],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Environment]:
    """Add an environment. Nothing is made in its cloud; the feed tells of the first reading."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: environment_commands.add(wanted, principal=request.user, key=key),
        status=201,
    )


@get(
    "/environments/{environment:str}/settings",
    responses=specs(404),
    opt={REQUIRES: Requires(Role.MANAGER, "environment")},
    operation_id="settings",
)
async def settings(
    engine: NamedDependency[AsyncEngine], environment: FromPath[str]
) -> Response[EnvironmentSettings]:
    """Return what was said of the environment. It names credentials, and holds none."""
    async with engine.connect() as connection:
        return plain(await environment_queries.settings(connection, environment))


@get(
    "/environments/{environment:str}/leftovers",
    responses=specs(404, 409, 503),
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="listLeftovers",
)
async def leftovers(
    lookups: NamedDependency[Lookups], environment: FromPath[str]
) -> Response[LeftoverList]:
    """List what was made in the environment's cloud, by us, and serves nothing there."""
    return plain(await lookups.leftovers(environment))


@put(
    "/environments/{environment:str}/settings",
    status_code=200,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.MANAGER, "environment")},
    operation_id="changeSettings",
)
async def change(
    request: AuthenticatedRequest,
    environment_commands: NamedDependency[EnvironmentCommands],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    data: JSONBody[EnvironmentSettings],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Environment]:
    """Put these settings in the place of the present ones. The provider stays what it is."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: environment_commands.change(environment, wanted, principal=request.user, key=key),
        status=200,
    )


@post(
    "/environments/{environment:str}/pause",
    status_code=200,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.MANAGER, "environment")},
    operation_id="pauseEnvironment",
)
async def pause(
    request: AuthenticatedRequest,
    environment_commands: NamedDependency[EnvironmentCommands],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    key: IdempotencyKey,
) -> Response[Environment]:
    """Ask the environment's provider for nothing any more, until it is resumed."""
    return await idempotency.once(
        request,
        key,
        lambda: environment_commands.pause(
            environment, paused=True, principal=request.user, key=key
        ),
        status=200,
    )


@post(
    "/environments/{environment:str}/resume",
    status_code=200,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.MANAGER, "environment")},
    operation_id="resumeEnvironment",
)
async def resume(
    request: AuthenticatedRequest,
    environment_commands: NamedDependency[EnvironmentCommands],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    key: IdempotencyKey,
) -> Response[Environment]:
    """Read the environment again, and ask its provider for what is wanted there."""
    return await idempotency.once(
        request,
        key,
        lambda: environment_commands.pause(
            environment, paused=False, principal=request.user, key=key
        ),
        status=200,
    )


@delete(
    "/environments/{environment:str}",
    status_code=200,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.MANAGER, "environment")},
    operation_id="removeEnvironment",
)
async def remove(
    request: AuthenticatedRequest,
    environment_commands: NamedDependency[EnvironmentCommands],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    key: IdempotencyKey,
) -> Response[Gone]:
    """Remove the environment, unless a publication runs or waits there. What it has in its cloud
    stays, and so does its record: its activity and its publications can still be read by its id.
    """
    return await idempotency.once(
        request,
        key,
        lambda: environment_commands.remove(environment, principal=request.user, key=key),
        status=200,
    )


HANDLERS = (providers, find, check, add, settings, leftovers, change, pause, resume, remove)
