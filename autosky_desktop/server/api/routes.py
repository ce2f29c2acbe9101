"""The routes of no subject: whether the control plane answers, and who is asking which one.

They stand here, as the routes of every subject stand in a `routes.py` of its own.
"""

from litestar import Response, get
from litestar.di import NamedDependency

from autosky_desktop.domain.environment import Me
from autosky_desktop.server.api.bodies import plain
from autosky_desktop.server.api.problems import specs


@get("/healthz", security=[{}], operation_id="healthz")
async def healthz() -> dict[str, str]:
    """Return "ok" when the control plane answers."""
    return {"status": "ok"}


@get("/me", responses=specs(), operation_id="me")
async def me(who: NamedDependency[Me]) -> Response[Me]:
    """Return who is asking, and which control plane answers."""
    return plain(who)


HANDLERS = (healthz, me)
