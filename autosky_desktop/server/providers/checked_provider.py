"""Wraps a provider, so that each error is one of its own and each answer can be written down.

What a cloud's library raises is never known in full: an error that no caller expects would end
the loop that serves all environments, and leave what was asked for without an outcome. Nor is what
it answers: a number that cannot be would be written down and never be read again.
"""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast, get_type_hints

import msgspec

from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.domain.environment import Instance, InstanceLoad
from autosky_desktop.domain.environment_settings import Found, Leftover
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.server import Server
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.providers.provider import (
    Observed,
    Provider,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    TellsOfChanges,
)
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import CANNOT_BE, NO_ANSWER, NOT_REACHED, UNFORESEEN

CALLS = tuple(name for name in vars(Provider) if not name.startswith("_"))
ANSWERS: Mapping[str, Any] = MappingProxyType(
    {name: get_type_hints(getattr(Provider, name))["return"] for name in CALLS}
    | {
        "find": Found,
        "leftovers": list[Leftover] | None,
        "tunnel": Tunnel | None,
        "keep_shutdown": bool | None,
        "loads": list[InstanceLoad] | None,
    }
)

log = logging.getLogger(__name__)


def checked(provider: Provider) -> Provider:
    """Return the provider, made careful. A connection error becomes ProviderBusy: the next try may
    get through. What was not foreseen is logged and becomes ProviderRefused, as does an answer that
    tells what cannot be. Errors of the storage stay what they are.
    """
    names = (*CALLS, "changed") if isinstance(provider, TellsOfChanges) else CALLS
    calls = {name: partial(checked_call, provider, name) for name in names}
    return cast(Provider, SimpleNamespace(**calls))


async def checked_call(provider: object, name: str, *given: Any, **more: Any) -> Any:
    """Make one call of a provider or a plug-in, as careful as `checked` says."""
    call: Callable[..., Awaitable[Any]] = getattr(provider, name)
    with guarded(log, f"the provider's {name}", but=(ProviderError, StorageError)):
        try:
            answer = await call(*given, **more)
        except TimeoutError as error:
            raise ProviderBusy(_(NO_ANSWER)) from error
        except (OSError, EOFError) as error:
            log.warning("the provider's %s got no answer: %r", name, error)
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise ProviderBusy(_(NOT_REACHED).format(why=reason)) from error
        refuse_what_cannot_be(answer, ANSWERS.get(name))
        return answer
    raise ProviderRefused(_(UNFORESEEN))


def refuse_what_cannot_be(answer: Any, shape: Any) -> None:
    """Raise ProviderRefused for an answer that is none of its shape."""
    if wrong := _wrong_with(answer, shape):
        raise ProviderRefused(_(CANNOT_BE).format(what=wrong))


def _wrong_with(answer: Any, shape: Any) -> str:
    """Say why the answer could not be written down and read again; empty if it can."""
    if shape is not None:
        try:
            msgspec.json.decode(msgspec.json.encode(answer), type=shape)
        except (msgspec.MsgspecError, ValueError, TypeError, OverflowError) as error:
            return str(error)
    if isinstance(answer, Observed):
        return _twice(answer.servers) or _twice(answer.instances)
    return ""


def _twice(found: Sequence[Server] | Sequence[Instance]) -> str:
    twice = [name for name, times in Counter(each.id for each in found).items() if times > 1]
    return f"two with the id {twice[0]}" if twice else ""
