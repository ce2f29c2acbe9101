"""Asking a busy provider again, a few times, with growing pauses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from autosky_desktop.server.providers.provider import ProviderBusy

T = TypeVar("T")


async def patiently(
    call: Callable[[], Awaitable[T]], *, tries: int, pause: float, longest: float = 30.0
) -> T:
    """The call's answer; ProviderBusy if the last of `tries` was still not served.

    `pause` is the first one in seconds; each next one is twice as long, up to `longest`.
    """
    for _ in range(tries - 1):
        try:
            return await call()
        except ProviderBusy:
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)
    return await call()
