"""Carries out a call for many instances together, a few at a time: slow ones are waited for once.

One that fails keeps no other from being done. Whatever is raised but a ProviderError stops them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from autosky_desktop.server.providers.provider import ProviderError

AT_ONCE = 4
"""As many as a provider is asked at once, unless it has a pace of its own. More would wait there,
where the time for an answer runs already.
"""

T = TypeVar("T")


async def together(call: Callable[[T], Awaitable[object]], those: Iterable[T]) -> None:
    """Call it for all of those, and raise the first error when all are done."""
    for error in await errors_of(call, those):
        raise error


async def errors_of(
    call: Callable[[T], Awaitable[object]], those: Iterable[T]
) -> list[ProviderError]:
    """Call it for all of those, and return the errors, in their order."""
    left, errors = iter(list(enumerate(those))), dict[int, ProviderError]()

    async def take_turns() -> None:
        for place, it in left:
            try:
                await call(it)
            except ProviderError as error:
                errors[place] = error

    tasks = [asyncio.create_task(take_turns()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    return [errors[place] for place in sorted(errors)]
