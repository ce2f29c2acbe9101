"""The routes of no subject: whether the control plane answers, and who is asking which one.

They stand here, as the routes of every subject stand in a `routes.py` of its own.
"""

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop import __version__
from autosky_desktop.domain.environment import Me
from autosky_desktop.server.api.bodies import AuthenticatedRequest, plain
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.db.errors import StorageUnavailable
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.people.requires import OPEN, REQUIRES, SIGNED_IN

READY_SECONDS = 3.0
"""Who asks whether we are ready waits no longer, and has requests go elsewhere."""


class PlaneIdentity(Struct, frozen=True):
    """The control plane: its id, which stays, and what it calls itself."""

    id: str
    name: str


@get("/healthz", security=[{}], opt={REQUIRES: OPEN}, operation_id="healthz")
async def healthz() -> dict[str, str]:
    """Return "ok" when the control plane answers."""
    return {"status": "ok"}


@get(
    "/readyz",
    security=[{}],
    responses=specs(503),
    opt={REQUIRES: OPEN},
    operation_id="readyz",
)
async def readyz(engine: NamedDependency[AsyncEngine]) -> dict[str, str]:
    """Return "ready" when requests can be answered: the database can be read."""
    try:
        async with asyncio.timeout(READY_SECONDS), engine.connect() as connection:
            await events.last_id(connection)
    except TimeoutError as error:
        raise StorageUnavailable(f"no answer within {READY_SECONDS:.0f} seconds") from error
    return {"status": "ready"}


@get("/me", responses=specs(), opt={REQUIRES: SIGNED_IN}, operation_id="me")
async def me(request: AuthenticatedRequest, itself: NamedDependency[PlaneIdentity]) -> Response[Me]:
    """Return who is asking, what they may do, and which control plane answers."""
    principal = request.user
    return plain(
        Me(
            operator=principal.name,
            control_plane=itself.name,
            control_plane_id=itself.id,
            version=__version__,
            person=principal.id,
            everywhere=principal.everywhere,
            roles=dict(principal.roles),
        )
    )


HANDLERS = (healthz, readyz, me)
