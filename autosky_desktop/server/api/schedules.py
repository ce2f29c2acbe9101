"""The routes of publications planned for later: move, edit and call off, until they start."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.plan import EditRequest, MoveRequest
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.api.answers import DOING, Answers, Asking, Key, strictly
from autosky_desktop.server.usecases.schedules import Schedules


@post(
    "/publications/{publication:str}/move",
    status_code=202,
    responses=DOING,
    operation_id="movePublication",
)
async def move(
    request: Asking,
    planned: NamedDependency[Schedules],
    answers: NamedDependency[Answers],
    publication: FromPath[str],
    data: JSONBody[MoveRequest],
    body: RawBody,
    key: Key,
) -> Response[Publication]:
    """Move the publication to another time, unless it has started or somebody else has moved it."""
    wanted = strictly(data, body)
    return await answers.once(
        request, key, lambda: planned.move(publication, wanted, operator=request.user, key=key)
    )


@post(
    "/publications/{publication:str}/edit",
    status_code=202,
    responses=DOING,
    operation_id="editPublication",
)
async def edit(
    request: Asking,
    planned: NamedDependency[Schedules],
    answers: NamedDependency[Answers],
    publication: FromPath[str],
    data: JSONBody[EditRequest],
    body: RawBody,
    key: Key,
) -> Response[Publication]:
    """Replace all that was planned, unless it has started or somebody else has changed it."""
    wanted = strictly(data, body)
    return await answers.once(
        request, key, lambda: planned.edit(publication, wanted, operator=request.user, key=key)
    )


HANDLERS = (move, edit)
