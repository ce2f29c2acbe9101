"""Tells what an error of libvirt means: may trying again help, and what can a person do?"""

from collections.abc import Mapping
from types import MappingProxyType

import libvirt

from autosky_desktop.domain.text import one_line
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

LATER = frozenset({
    libvirt.VIR_ERR_SYSTEM_ERROR,
    libvirt.VIR_ERR_RPC,
    libvirt.VIR_ERR_NO_CONNECT,
    libvirt.VIR_ERR_INVALID_CONN,
    libvirt.VIR_ERR_OPERATION_TIMEOUT,
    libvirt.VIR_ERR_RESOURCE_BUSY,
    libvirt.VIR_ERR_AGENT_UNRESPONSIVE,
    libvirt.VIR_ERR_AGENT_UNSYNCED,
})  # fmt: skip
LOCKS = (
    "cannot acquire state change lock",
    "has asynchronous jobs running",
    "is still being allocated",
)
"""What stands in internal errors that pass by themselves."""

_Meaning = tuple[RefusalKind, str, str]
REFUSED: Mapping[int, _Meaning] = MappingProxyType({
    libvirt.VIR_ERR_NO_DOMAIN: (RefusalKind.NOT_FOUND, words.NO_MACHINE, words.CHOOSE_AGAIN),
    libvirt.VIR_ERR_NO_STORAGE_POOL: (RefusalKind.NOT_FOUND, words.REFUSED, words.ADD_POOL),
    libvirt.VIR_ERR_NO_STORAGE_VOL: (RefusalKind.NOT_FOUND, words.REFUSED, ""),
    libvirt.VIR_ERR_AUTH_FAILED: (
        RefusalKind.CREDENTIALS, words.SIGN_IN_FAILED, words.CHECK_KEY),
    libvirt.VIR_ERR_AUTH_UNAVAILABLE: (
        RefusalKind.CREDENTIALS, words.SIGN_IN_FAILED, words.ASK_FOR_RIGHTS),
    libvirt.VIR_ERR_OPERATION_DENIED: (
        RefusalKind.NOT_PERMITTED, words.NOT_PERMITTED, words.CHECK_URI),
    libvirt.VIR_ERR_ACCESS_DENIED: (
        RefusalKind.NOT_PERMITTED, words.NOT_PERMITTED, words.ASK_FOR_RIGHTS),
    libvirt.VIR_ERR_OPERATION_INVALID: (RefusalKind.WRONG_STATE, words.REFUSED, ""),
    libvirt.VIR_ERR_OPERATION_FAILED: (RefusalKind.WRONG_STATE, words.REFUSED, ""),
    libvirt.VIR_ERR_STORAGE_VOL_EXIST: (RefusalKind.WRONG_STATE, words.REFUSED, ""),
})  # fmt: skip
NO_SPACE_LEFT = "No space left on device"


def meaning(error: libvirt.libvirtError) -> ProviderError:
    """Return the error as a provider raises it."""
    code, text = error.get_error_code(), error.get_error_message() or f"{error}"
    why = one_line(text).rstrip(".")
    if NO_SPACE_LEFT in text:
        return ProviderRefused(
            _(words.REFUSED).format(why=why),
            kind=RefusalKind.NO_SPACE,
            remedy=_(words.FREE_SPACE),
        )
    if "Permission denied" in text:
        code = libvirt.VIR_ERR_ACCESS_DENIED
    if code in LATER or any(lock in text for lock in LOCKS):
        return ProviderBusy(_(words.NO_ANSWER).format(why=why))
    kind, sentence, remedy = REFUSED.get(code, (RefusalKind.UNKNOWN, words.REFUSED, ""))
    return ProviderRefused(_(sentence).format(why=why), kind=kind, remedy=_(remedy))
