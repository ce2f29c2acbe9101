"""Giving up a line that has fallen silent as soon as a request finds it so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from autosky_desktop.domain.errors import AutoskyError, Offline

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane

ANSWERS_WITHIN = 3.0
"""Seconds in which a control plane that is there says who it is."""


@asynccontextmanager
async def while_it_answers(plane: "ControlPlane") -> AsyncIterator[None]:
    """End the block with Offline when a request waits for long, and a short question gets no
    answer either.

    The feed alone would notice only after several of its keep-alives.
    """

    async def look() -> None:
        while True:
            await plane.slow.wait()
            try:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    await plane.me()
            except (Offline, TimeoutError):
                over.reschedule(0)
                return
            except AutoskyError:
                pass  # it answers; what it answers is told to who asked
            plane.slow.clear()

    try:
        async with asyncio.timeout(None) as over:
            looking = asyncio.get_running_loop().create_task(look())
            try:
                yield
            finally:
                looking.cancel()
    except TimeoutError:
        raise Offline("requests are not answered") from None
