"""The routes of publications."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, RawBody
from msgspec.structs import asdict
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.people import Role
from autosky_desktop.domain.plan import (
    EditRequest,
    GoOn,
    MoveRequest,
    PreviewRequest,
    PublishRequest,
)
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import (
    LocatedPublication,
    Preview,
    Publication,
    PublicationPage,
)
from autosky_desktop.server.api.bodies import (
    COMMAND_PROBLEMS,
    AuthenticatedRequest,
    plain,
    refuse_loose_moments,
    refuse_moments,
    strictly,
)
from autosky_desktop.server.api.idempotency import Idempotency, IdempotencyKey
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.environments import queries as environment_queries
from autosky_desktop.server.people.requires import REQUIRES, Requires
from autosky_desktop.server.publications import queries as publication_queries
from autosky_desktop.server.publications.commands import PublicationCommands, Publisher
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.refusal import Refusal

PAGE = 50
LONGEST_PAGE = 200


@get(
    "/environments/{environment:str}/publications",
    responses=specs(400, 404),
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="listPublications",
)
async def publications(
    request: AuthenticatedRequest,
    engine: NamedDependency[AsyncEngine],
    environment: FromPath[str],
    cursor: Annotated[int | None, QueryParameter(ge=1, le=2**62)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=LONGEST_PAGE)] = PAGE,
    model: Annotated[str | None, QueryParameter(max_length=32)] = None,
    in_state: Annotated[str | None, QueryParameter(name="state", max_length=32)] = None,
    by: Annotated[str | None, QueryParameter(max_length=200)] = None,
    since: Annotated[datetime | None, QueryParameter()] = None,
    until: Annotated[datetime | None, QueryParameter()] = None,
    search: Annotated[str | None, QueryParameter(max_length=200)] = None,
    scheduled: Annotated[bool | None, QueryParameter()] = None,
    with_moment: Annotated[bool | None, QueryParameter(name="planned")] = None,
) -> Response[PublicationPage]:
    """List past and scheduled publications, newest first. `by` is the publisher's name as it was
    typed. A publication matches `search` when each word of it is part of that name or of the note,
    whatever their case and accents, or is the version. `since` is included, `until` is not.
    `scheduled` selects only those that wait for their moment, or only the others; `planned`, only
    those that have or had a moment, or only the others.
    """
    refuse_loose_moments(request, "since", "until")
    refuse_moments(since, until)
    wanted = publication_queries.PublicationQuery(
        cursor=cursor,
        limit=limit,
        model=model,
        state=in_state,
        by=by,
        since=since,
        until=until,
        search=search,
        scheduled=scheduled,
        planned=with_moment,
    )
    async with engine.connect() as connection:
        await environment_queries.must_have_been(connection, environment)
        page = await publication_queries.page(connection, environment, wanted)
    return plain(page)


@get(
    "/publications/{publication:str}",
    responses=specs(404),
    opt={REQUIRES: Requires(Role.VIEWER, "publication")},
    operation_id="publication",
)
async def publication(
    engine: NamedDependency[AsyncEngine], publication: FromPath[str]
) -> Response[LocatedPublication]:
    """Return the publication as it is recorded now, and its environment."""
    async with engine.connect() as connection:
        found = await publication_queries.find(connection, publication)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no publication {publication}")
    environment, run = found
    return plain(LocatedPublication(environment=environment, **asdict(run)))


@post(
    "/environments/{environment:str}/publications/preview",
    status_code=200,
    responses=specs(400, 404, 409, 415),
    opt={REQUIRES: Requires(Role.OPERATOR, "environment")},
    operation_id="preview",
)
async def preview(
    publishing: NamedDependency[Publisher],
    environment: FromPath[str],
    data: JSONBody[PreviewRequest],
    body: RawBody,
) -> Response[Preview]:
    """Return what publishing would touch now, and whether anything prevents it."""
    return plain(await publishing.preview(environment, strictly(data, body)))


@post(
    "/environments/{environment:str}/publications",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "environment")},
    operation_id="publish",
)
async def publish(
    request: AuthenticatedRequest,
    publishing: NamedDependency[Publisher],
    schedule_commands: NamedDependency[ScheduleCommands],
    idempotency: NamedDependency[Idempotency],
    environment: FromPath[str],
    data: JSONBody[PublishRequest],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Publication]:
    """Publish now, or at the time of the schedule if there is one."""
    wanted = strictly(data, body)
    accept = schedule_commands.plan if wanted.schedule else publishing.publish
    return await idempotency.once(
        request, key, lambda: accept(environment, wanted, principal=request.user, key=key)
    )


@post(
    "/publications/{publication:str}/cancel",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "publication")},
    operation_id="cancelPublication",
)
async def cancel(
    request: AuthenticatedRequest,
    publication_commands: NamedDependency[PublicationCommands],
    idempotency: NamedDependency[Idempotency],
    publication: FromPath[str],
    key: IdempotencyKey,
) -> Response[Publication]:
    """Ask a running publication to stop where it is, or a scheduled one not to start."""
    return await idempotency.once(
        request,
        key,
        lambda: publication_commands.cancel(publication, principal=request.user, key=key),
    )


@post(
    "/publications/{publication:str}/retry",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "publication")},
    operation_id="retryPublication",
)
async def retry(
    request: AuthenticatedRequest,
    publication_commands: NamedDependency[PublicationCommands],
    idempotency: NamedDependency[Idempotency],
    publication: FromPath[str],
    key: IdempotencyKey,
) -> Response[Publication]:
    """Try a failed publication again from the step that failed."""
    return await idempotency.once(
        request,
        key,
        lambda: publication_commands.retry(publication, principal=request.user, key=key),
    )


@post(
    "/publications/{publication:str}/go-on",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "publication")},
    operation_id="goOn",
)
async def go_on(
    request: AuthenticatedRequest,
    publication_commands: NamedDependency[PublicationCommands],
    idempotency: NamedDependency[Idempotency],
    publication: FromPath[str],
    data: JSONBody[GoOn],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Publication]:
    """Continue a publication that is on hold: replace the other instances, or return those already
    replaced to the version before.
    """
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: publication_commands.go_on(
            publication, wanted.way, principal=request.user, key=key
        ),
    )


@post(
    "/publications/{publication:str}/move",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "publication")},
    operation_id="movePublication",
)
async def move(
    request: AuthenticatedRequest,
    schedule_commands: NamedDependency[ScheduleCommands],
    idempotency: NamedDependency[Idempotency],
    publication: FromPath[str],
    data: JSONBody[MoveRequest],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Publication]:
    """Move the publication to another time, unless it has started or somebody else has moved it."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: schedule_commands.move(publication, wanted, principal=request.user, key=key),
    )


@post(
    "/publications/{publication:str}/edit",
    status_code=202,
    responses=COMMAND_PROBLEMS,
    opt={REQUIRES: Requires(Role.OPERATOR, "publication")},
    operation_id="editPublication",
)
async def edit(
    request: AuthenticatedRequest,
    schedule_commands: NamedDependency[ScheduleCommands],
    idempotency: NamedDependency[Idempotency],
    publication: FromPath[str],
    data: JSONBody[EditRequest],
    body: RawBody,
    key: IdempotencyKey,
) -> Response[Publication]:
    """Replace all that was planned, unless it has started or somebody else has changed it."""
    wanted = strictly(data, body)
    return await idempotency.once(
        request,
        key,
        lambda: schedule_commands.edit(publication, wanted, principal=request.user, key=key),
    )


HANDLERS = (
    publications,
    publication,
    preview,
    publish,
    move,
    edit,
    cancel,
    retry,
    go_on,
)
