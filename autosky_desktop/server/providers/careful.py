"""A provider whose every error is one of its own.

What a cloud's library raises is never known in full: an error that no caller expects would end
the loop that serves all environments, and leave what was asked for without an outcome.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.providers.provider import (
    Provider,
    ProviderError,
    ProviderRefused,
    TellsOfChanges,
)

UNFORESEEN = "An error that nobody foresaw came instead of an answer. The log says more."
CALLS = tuple(name for name in vars(Provider) if not name.startswith("_"))

log = logging.getLogger(__name__)


def careful(provider: Provider) -> Provider:
    """The provider; an unforeseen error of a call is logged and raised as ProviderRefused."""
    names = (*CALLS, "changed") if isinstance(provider, TellsOfChanges) else CALLS
    calls = {name: partial(_call, provider, name) for name in names}
    return cast(Provider, SimpleNamespace(**calls))


async def _call(provider: Provider, name: str, *given: Any, **more: Any) -> Any:
    call: Callable[..., Awaitable[Any]] = getattr(provider, name)
    with guarded(log, f"the provider's {name}", but=(ProviderError,)):
        return await call(*given, **more)
    raise ProviderRefused(UNFORESEEN)
