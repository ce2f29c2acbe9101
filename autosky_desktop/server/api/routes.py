"""The routes of environments and publications. Use cases do the work."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, RawBody
from msgspec.structs import asdict, replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityPage
from autosky_desktop.domain.environment import EnvironmentList, Me, Snapshot
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.plan import PreviewRequest, PublishRequest
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import (
    LocatedPublication,
    Preview,
    Publication,
    PublicationPage,
)
from autosky_desktop.server.api.answers import (
    DOING,
    UNCHANGED,
    Answers,
    Asking,
    IfNoneMatch,
    Key,
    digest,
    plain,
    refuse_loose_moments,
    refuse_moments,
    strictly,
    tagged,
)
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.db import activities, reads, whole
from autosky_desktop.server.db import publications as history
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.usecases import finding
from autosky_desktop.server.usecases.publishing import Publisher
from autosky_desktop.server.usecases.refusal import Refusal
from autosky_desktop.server.usecases.schedules import Schedules
from autosky_desktop.server.usecases.updating import ProviderUpdates

PAGE = 50
LONGEST_PAGE = 200
RECORD = 100
LONGEST_RECORD = 1000


@get("/healthz", security=[{}], operation_id="healthz")
async def healthz() -> dict[str, str]:
    """Return "ok" when the control plane answers."""
    return {"status": "ok"}


@get("/me", responses=specs(), operation_id="me")
async def me(who: NamedDependency[Me]) -> Response[Me]:
    """Return who is asking, and which control plane answers."""
    return plain(who)


@get("/environments", responses=specs(400) | UNCHANGED, operation_id="listEnvironments")
async def environments(
    engine: NamedDependency[AsyncEngine], now: NamedDependency[Now], known: IfNoneMatch = None
) -> Response[EnvironmentList]:
    """List every environment. The ETag is that of the list without the time it was read."""
    async with engine.connect() as connection:
        found = await reads.environments(connection)
    return tagged(replace(found, read_at=now()), known, digest(found))


@get(
    "/environments/{environment:str}",
    responses=specs(400, 404) | UNCHANGED,
    operation_id="snapshot",
)
async def snapshot(
    engine: NamedDependency[AsyncEngine], environment: FromPath[str], known: IfNoneMatch = None
) -> Response[Snapshot]:
    """Return everything about one environment; the ETag is its revision."""
    async with engine.connect() as connection:
        found = await whole.snapshot(connection, environment)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no environment {environment}")
    return tagged(found, known, str(found.environment.revision))


@get(
    "/environments/{environment:str}/publications",
    responses=specs(400, 404),
    operation_id="listPublications",
)
async def publications(
    request: Asking,
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
    wanted = history.PublicationQuery(
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
        await finding.environment(connection, environment)
        page = await history.page(connection, environment, wanted)
    return plain(page)


@get("/publications/{publication:str}", responses=specs(404), operation_id="publication")
async def publication(
    engine: NamedDependency[AsyncEngine], publication: FromPath[str]
) -> Response[LocatedPublication]:
    """Return the publication as it is recorded now, and its environment."""
    async with engine.connect() as connection:
        found = await reads.publication(connection, publication)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no publication {publication}")
    environment, run = found
    return plain(LocatedPublication(environment=environment, **asdict(run)))


@post(
    "/environments/{environment:str}/publications/preview",
    status_code=200,
    responses=specs(400, 404, 409, 415),
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
    responses=DOING,
    operation_id="publish",
)
async def publish(
    request: Asking,
    publishing: NamedDependency[Publisher],
    planned: NamedDependency[Schedules],
    answers: NamedDependency[Answers],
    environment: FromPath[str],
    data: JSONBody[PublishRequest],
    body: RawBody,
    key: Key,
) -> Response[Publication]:
    """Publish now, or at the time of the schedule if there is one."""
    wanted = strictly(data, body)
    accept = planned.plan if wanted.schedule else publishing.publish
    return await answers.once(
        request, key, lambda: accept(environment, wanted, operator=request.user, key=key)
    )


@post(
    "/environments/{environment:str}/provider-update",
    status_code=202,
    responses=DOING,
    operation_id="providerUpdate",
)
async def provider_update(
    request: Asking,
    updates: NamedDependency[ProviderUpdates],
    answers: NamedDependency[Answers],
    environment: FromPath[str],
    key: Key,
) -> Response[Operation]:
    """Read the environment from the provider now. The answer is the operation as it begins, or the
    one already running there; the feed tells of its end.
    """
    return await answers.once(
        request, key, lambda: updates.begin(environment, operator=request.user, key=key)
    )


@get(
    "/environments/{environment:str}/activity",
    responses=specs(400, 404),
    operation_id="listActivity",
)
async def activity(
    request: Asking,
    engine: NamedDependency[AsyncEngine],
    environment: FromPath[str],
    cursor: Annotated[int | None, QueryParameter(ge=1, le=2**62)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=LONGEST_RECORD)] = RECORD,
    kind: Annotated[str | None, QueryParameter(max_length=32)] = None,
    by: Annotated[str | None, QueryParameter(max_length=200)] = None,
    since: Annotated[datetime | None, QueryParameter()] = None,
    until: Annotated[datetime | None, QueryParameter()] = None,
) -> Response[ActivityPage]:
    """List what was asked for and what happened by schedule, newest first. An empty `by` selects
    what happened by schedule; `since` is included, `until` is not.
    """
    refuse_loose_moments(request, "since", "until")
    refuse_moments(since, until)
    wanted = activities.ActivityQuery(
        cursor=cursor, limit=limit, kind=kind, by=by, since=since, until=until
    )
    async with engine.connect() as connection:
        await finding.environment(connection, environment)
        page = await activities.page(connection, environment, wanted)
    return plain(page)


HANDLERS = (
    healthz,
    me,
    environments,
    snapshot,
    publications,
    publication,
    preview,
    publish,
    provider_update,
    activity,
)
