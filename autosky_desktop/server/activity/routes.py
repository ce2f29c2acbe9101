"""The route of the record of activity.

Each subject's routes are in a module of this name.
"""

from datetime import datetime
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityPage
from autosky_desktop.domain.people import Role
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.api.bodies import (
    AuthenticatedRequest,
    plain,
    refuse_loose_moments,
    refuse_moments,
)
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.environments import queries as environment_queries
from autosky_desktop.server.people.requires import REQUIRES, Requires

PAGE = 100
LONGEST_PAGE = 1000


@get(
    "/environments/{environment:str}/activity",
    responses=specs(400, 404),
    opt={REQUIRES: Requires(Role.VIEWER, "environment")},
    operation_id="listActivity",
)
async def activity(
    request: AuthenticatedRequest,
    engine: NamedDependency[AsyncEngine],
    environment: FromPath[str],
    cursor: Annotated[int | None, QueryParameter(ge=1, le=2**62)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=LONGEST_PAGE)] = PAGE,
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
        await environment_queries.must_have_been(connection, environment)
        page = await activities.page(connection, environment, wanted)
    return plain(page)


HANDLERS = (activity,)
