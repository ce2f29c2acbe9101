"""A way to the control plane on this computer, which is started when it is not there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane
    from autosky_desktop.system.embedded import EmbeddedControlPlane

MOMENT = 0.3
"""Seconds."""


class LocalPlane:
    """The control plane on this computer, one process at a time. `process` was started ahead.

    `shared`, once it was connected to: it was another program's already, and lives on without us.
    """

    def __init__(
        self,
        start: "Callable[[], EmbeddedControlPlane]",
        process: "EmbeddedControlPlane | None" = None,
    ) -> None:
        self._start = start
        self._process = process
        self.shared = False

    async def ended(self) -> bool:
        """Return whether the process is gone; this is asked when its line broke.

        One that is killed breaks its connections a moment before the system knows of its end.
        """
        return self._process is None or await asyncio.to_thread(self._process.ends_within, MOMENT)

    @asynccontextmanager
    async def connected(self) -> "AsyncIterator[ControlPlane]":
        """Yield a control plane to talk to. Raises CannotStart."""
        if self._process is None or not self._process.alive:
            self.close()
            self._process = await asyncio.to_thread(self._start)
        # httpx costs 100 ms to import: off the Qt thread, while the control plane starts
        address, client, _ = await asyncio.gather(
            asyncio.to_thread(self._process.address),
            asyncio.to_thread(import_module, "autosky_desktop.client.control_plane"),
            asyncio.to_thread(import_module, "filelock"),  # whoever it is, is written down
        )
        self.shared = address.shared
        async with client.connected(address.url, address.token) as plane:
            yield cast("ControlPlane", plane)

    def close(self) -> None:
        if self._process:
            self._process.close()
