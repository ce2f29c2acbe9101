"""The last known state: shown until the control plane says more, and kept for the next start.

Nothing can be acted on by it: the line is not live before all of it was read again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from autosky_desktop.domain.environment import Me, Snapshot
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.guard import guarded
from autosky_desktop.flows.apply import apply_whole, forget
from autosky_desktop.store.store import Line, LineStatus, Store
from autosky_desktop.system.last_known import LastKnown, keep
from autosky_desktop.system.settings import Preferences

log = logging.getLogger(__name__)

PUBLICATIONS, ACTIVITIES = 20, 40
"""As many as are seen without asking for more."""


def show(store: Store, known: LastKnown) -> None:
    """Fill the store with what was kept. This comes before anything else is written there."""
    opened = known.opened.environment.id
    if all(it.id != opened for it in known.environments):
        return
    store.me = known.me
    store.set_connection(LineStatus(Line.STARTING, known.at))
    details = store.details(opened)
    apply_whole(details, known.opened)
    details.confirmed = False
    store.environments.replace(known.environments)


async def confirm(store: Store, read: Callable[[str], Awaitable[None]]) -> list[str]:
    """Read again what is shown of an earlier start, before anybody may act on it.

    Returns the environments that could not be read: nothing is shown of them any more.
    """
    unread = []
    for name in store.opened:
        if (details := store.details(name)).confirmed:
            continue
        try:
            if store.environments.get(name):
                await read(name)
                continue
        except AutoskyError as cause:
            log.info("%s could not be read: %r", name, cause)
            unread.append(name)
        forget(details)
        store.tell()
    return unread


def forget_another(store: Store, me: Me) -> None:
    """Drop what is shown of an earlier start if it came from another control plane."""
    if store.me and store.me.control_plane_id != me.control_plane_id:
        store.me = None
        store.environments.replace(())
        for name in store.opened:
            forget(store.details(name))


def reading(store: Store, environment: str, now: datetime) -> LastKnown | None:
    """Return all that is known of the control plane and this environment; None where that is not
    enough to be shown.
    """
    line, record = store.connection, store.environments.get(environment)
    if record is None or store.me is None:
        return None
    details = store.details(environment)
    if details.revision is None or not details.confirmed:
        return None
    newest = sorted(details.activity, key=lambda it: (it.at, it.id), reverse=True)
    opened = Snapshot(
        environment=record,
        servers=list(details.servers),
        instances=list(details.instances),
        publications=list(islice(details.publications, PUBLICATIONS)),
        operations=list(details.operations),
        activity=newest[:ACTIVITIES],
        last_event=0,
    )
    # an environment may have been read before the feed is open
    at = now if line.live or line.since is None else line.since
    return LastKnown(at=at, me=store.me, environments=list(store.environments), opened=opened)


class LastKnownWriter:
    """Keeps for the next start what is known of the `environment` that is open, in the folder of
    its control plane's `preferences`.
    """

    def __init__(
        self,
        store: Store,
        preferences: Preferences,
        environment: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._preferences = preferences
        self._environment = environment
        self._now = now
        self._writing: asyncio.Future[None] | None = None

    def begin(self) -> None:
        """Write once while the window is used: it is read in its thread, and written in another."""
        if write := self._work():
            self._writing = asyncio.get_running_loop().run_in_executor(None, write)

    async def close(self) -> None:
        """Write once more at the end. When it returns no thread writes any more."""
        if self._writing:
            await self._writing
        if write := self._work():
            write()

    def _work(self) -> Callable[[], None] | None:
        known = reading(self._store, self._environment(), self._now())
        return partial(_keep, self._preferences.plane_folder, known) if known else None


def _keep(folder: Path, known: LastKnown) -> None:
    with guarded(log, "Keeping what is known"):
        keep(folder, known)
