"""The routes of an accepted publication: cancel, try again, go on. Use cases do the work."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.plan import GoOn
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.api.answers import DOING, Answers, Asking, Key, strictly
from autosky_desktop.server.usecases.steering import Steering


@post(
    "/publications/{publication:str}/cancel",
    status_code=202,
    responses=DOING,
    operation_id="cancelPublication",
)
async def cancel(
    request: Asking,
    steering: NamedDependency[Steering],
    answers: NamedDependency[Answers],
    publication: FromPath[str],
    key: Key,
) -> Response[Publication]:
    """Ask a running publication to stop where it is, or a scheduled one not to start."""
    return await answers.once(
        request, key, lambda: steering.cancel(publication, operator=request.user, key=key)
    )


@post(
    "/publications/{publication:str}/retry",
    status_code=202,
    responses=DOING,
    operation_id="retryPublication",
)
async def retry(
    request: Asking,
    steering: NamedDependency[Steering],
    answers: NamedDependency[Answers],
    publication: FromPath[str],
    key: Key,
) -> Response[Publication]:
    """Try a failed publication again from the step that failed."""
    return await answers.once(
        request, key, lambda: steering.retry(publication, operator=request.user, key=key)
    )


@post(
    "/publications/{publication:str}/go-on",
    status_code=202,
    responses=DOING,
    operation_id="goOn",
)
async def go_on(
    request: Asking,
    steering: NamedDependency[Steering],
    answers: NamedDependency[Answers],
    publication: FromPath[str],
    data: JSONBody[GoOn],
    body: RawBody,
    key: Key,
) -> Response[Publication]:
    """Continue a publication that is on hold: replace the other instances, or return those already
    replaced to the version before.
    """
    wanted = strictly(data, body)
    return await answers.once(
        request,
        key,
        lambda: steering.go_on(publication, wanted.way, operator=request.user, key=key),
    )


HANDLERS = (cancel, retry, go_on)
