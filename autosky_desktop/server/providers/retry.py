"""Asks a busy provider again, a few times, with growing pauses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from autosky_desktop.domain.environment import ProviderTrouble
from autosky_desktop.domain.pause import pause_after
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderError, ProviderRefused
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import NO_ANSWER, REMEDIES, REMEDY_OF_BUSY

T = TypeVar("T")

TRIES = 4
PAUSE_SECONDS = 0.2
"""The first pause while a person waits for the answer."""
LONGEST_SECONDS = 10.0
"""Callers wait a little longer: they would take this control plane for the one that hangs."""


async def retry(
    call: Callable[[], Awaitable[T]], *, tries: int, pause: float, longest: float = 30.0
) -> T:
    """Return the call's answer; raise ProviderBusy if the last of `tries` was still not served.

    `pause` is the first one in seconds; each next one is twice as long, up to `longest`.
    """
    for tried in range(1, tries):
        try:
            return await call()
        except ProviderBusy:
            await asyncio.sleep(pause_after(tried, first=pause, longest=longest))
    return await call()


async def retry_briefly(call: Callable[[], Awaitable[T]]) -> T:
    """Return the call's answer to somebody who waits for it. Raises ProviderError."""
    return await retry(call, tries=TRIES, pause=PAUSE_SECONDS)


async def retry_or_refuse(call: Callable[[], Awaitable[T]]) -> T:
    """Return the provider's answer as `retry_briefly` does, but raise Refusal, in the provider's
    words. A call that hangs counts as busy.
    """
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await retry_briefly(call)
    except ProviderError as error:
        raise refusal_of(error) from error
    except TimeoutError as error:
        raise refusal_of(ProviderBusy(_(NO_ANSWER))) from error


def remedy_of(error: ProviderError) -> str | None:
    """Return what a person can do about the error, in the provider's words or in ours."""
    if isinstance(error, ProviderRefused):
        known = REMEDIES.get(error.kind)
        return error.remedy or (known and _(known)) or None
    return _(REMEDY_OF_BUSY)


def trouble_of(error: ProviderError) -> str:
    """Return the kind of the error, as an environment tells of it."""
    if isinstance(error, ProviderRefused):
        return ProviderTrouble(error.kind).value
    return ProviderTrouble.UNREACHABLE.value


def refusal_of(error: ProviderError) -> Refusal:
    """Return the provider's refusal, in its own words."""
    return Refusal(error.code, error.detail)
