"""The routes of people and their roles."""

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.change import Gone
from autosky_desktop.domain.people import (
    MemberList,
    MemberRemoval,
    MemberSetting,
    Person,
    PersonList,
    PersonSettings,
    Role,
)
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.members.commands import PeopleCommands
from autosky_desktop.server.people.requires import ADMINISTRATOR, REQUIRES, Requires

MANAGER = Requires(Role.MANAGER, "environment")
PROBLEMS = specs(400, 404, 409, 415)


@get("/people", responses=specs(), opt={REQUIRES: ADMINISTRATOR}, operation_id="listPeople")
async def listed(people_commands: NamedDependency[PeopleCommands]) -> Response[PersonList]:
    """List everybody who may sign in, and who no longer may."""
    return plain(await people_commands.people())


@post(
    "/people",
    status_code=201,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="addPerson",
)
async def add(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    idempotency: NamedDependency[Idempotency],
    data: JSONBody[PersonSettings],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Person]:
    """Add a person, who has no role yet. Who was removed comes back as the person they were."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request, key, lambda: people_commands.add(wanted, principal=request.user), status=201
    )


@put(
    "/people/{person:str}",
    responses=PROBLEMS,
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="changePerson",
)
async def change(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    person: FromPath[str],
    data: JSONBody[PersonSettings],
    body: RawBody,
) -> Response[Person]:
    """Put this in the place of what is said of the person. Who is not active cannot sign in."""
    wanted = strictly(data, body)
    return plain(await people_commands.change(person, wanted, principal=request.user))


@delete(
    "/people/{person:str}",
    status_code=200,
    responses=specs(404, 409),
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="removePerson",
)
async def remove(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    person: FromPath[str],
) -> Response[Gone]:
    """Remove the person and all their roles. What they did stays in the record, as theirs."""
    return plain(await people_commands.remove(person, principal=request.user))


@get("/members", responses=specs(), opt={REQUIRES: ADMINISTRATOR}, operation_id="listMembers")
async def members(people_commands: NamedDependency[PeopleCommands]) -> Response[MemberList]:
    """List who has a role in all environments."""
    return plain(await people_commands.members())


@put("/members", responses=PROBLEMS, opt={REQUIRES: ADMINISTRATOR}, operation_id="giveRole")
async def give(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    data: JSONBody[MemberSetting],
    body: RawBody,
) -> Response[MemberList]:
    """Give somebody a role in all environments, and return who has one."""
    wanted = strictly(data, body)
    return plain(await people_commands.give(wanted, principal=request.user))


@post(
    "/members/remove",
    status_code=200,
    responses=PROBLEMS,
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="takeRole",
)
async def take(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    data: JSONBody[MemberRemoval],
    body: RawBody,
) -> Response[MemberList]:
    """Take somebody's role in all environments, and return who has one still."""
    wanted = strictly(data, body)
    return plain(await people_commands.take(wanted, principal=request.user))


@get(
    "/environments/{environment:str}/members",
    responses=specs(404),
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="listMembersOfEnvironment",
)
async def members_there(
    people_commands: NamedDependency[PeopleCommands], environment: FromPath[str]
) -> Response[MemberList]:
    """List who has a role in the environment, those with one in all environments included."""
    return plain(await people_commands.members(environment))


@put(
    "/environments/{environment:str}/members",
    responses=PROBLEMS,
    opt={REQUIRES: MANAGER},
    operation_id="giveRoleInEnvironment",
)
async def give_there(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    environment: FromPath[str],
    data: JSONBody[MemberSetting],
    body: RawBody,
) -> Response[MemberList]:
    """Give somebody a role in the environment, and return who has one there."""
    wanted = strictly(data, body)
    return plain(
        await people_commands.give(wanted, principal=request.user, environment=environment)
    )


@post(
    "/environments/{environment:str}/members/remove",
    status_code=200,
    responses=PROBLEMS,
    opt={REQUIRES: MANAGER},
    operation_id="takeRoleInEnvironment",
)
async def take_there(
    request: AuthenticatedRequest,
    people_commands: NamedDependency[PeopleCommands],
    environment: FromPath[str],
    data: JSONBody[MemberRemoval],
    body: RawBody,
) -> Response[MemberList]:
    """Take somebody's role in the environment, and return who has one there still."""
    wanted = strictly(data, body)
    return plain(
        await people_commands.take(wanted, principal=request.user, environment=environment)
    )


HANDLERS = (
    listed,
    add,
    change,
    remove,
    members,
    give,
    take,
    members_there,
    give_there,
    take_there,
)
