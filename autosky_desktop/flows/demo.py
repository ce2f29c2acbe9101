"""The control plane's demo: what its simulated cloud says of itself, and its faults.

It is asked once in each life of the control plane, where an environment is a demo.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from autosky_desktop.domain.demo import Demo, FaultSetting
from autosky_desktop.domain.errors import AutoskyError, Offline
from autosky_desktop.store.store import Store

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane

log = logging.getLogger(__name__)


class DemoCloud:
    """Keeps `store.demo` up to date. `plane` returns the control plane that is heard, or None."""

    def __init__(
        self,
        store: Store,
        plane: "Callable[[], ControlPlane | None]",
        spawn: Callable[..., object],
    ) -> None:
        self._store, self._plane, self._spawn = store, plane, spawn
        self._asked: ControlPlane | None = None

    def begin(self) -> None:
        """Ask every control plane that is heard from now on."""
        self._store.watch(self._look)
        self._look()

    def ask(self) -> None:
        """Ask again, because somebody else may have switched faults."""
        if self._store.demo and self._plane():
            self._spawn(self._ask(), name="ask about the demo")

    async def switch(self, faults: Iterable[str]) -> None:
        """Have these faults on from now on, and no others. Raises AutoskyError."""
        if (plane := self._plane()) is None:
            raise Offline("not connected")
        self._take(await plane.set_faults(FaultSetting(faults=list(faults))))

    def _look(self) -> None:
        plane = self._plane() if self._store.connection.live else None
        if plane is None or plane is self._asked:
            return
        self._asked = plane
        if any(environment.demo for environment in self._store.environments):
            self._spawn(self._ask(), name="ask about the demo")
        else:
            self._take(None)

    async def _ask(self) -> None:
        try:
            if plane := self._plane():
                self._take(await plane.demo())
        except AutoskyError as cause:
            log.info("The control plane tells nothing of a demo: %r", cause)

    def _take(self, demo: Demo | None) -> None:
        if demo != self._store.demo:
            self._store.demo = demo
            self._store.tell()
