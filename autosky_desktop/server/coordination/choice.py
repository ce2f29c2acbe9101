"""Chooses how a control plane's processes agree: by its database, where that is one for several.

It stands alone so that nothing of PostgreSQL is loaded on a workstation.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from autosky_desktop.server.coordination.memory import MemoryCoordination
from autosky_desktop.server.coordination.port import Coordination
from autosky_desktop.server.db.bus import Bus


def coordination_on(
    storage: Path | URL, bus: Bus, leave: Callable[[], None]
) -> tuple[Coordination, Path | URL]:
    """Return the coordination of a worker whose rows are kept there, and the address it is to use.
    `leave` is called when the others have given it up.
    """
    if not isinstance(storage, URL):
        return MemoryCoordination(), storage
    from autosky_desktop.server.coordination.postgresql import PostgresqlCoordination

    shared = PostgresqlCoordination(storage, bus, leave)
    return shared, shared.address
