"""Each system's own keychain, and no other: no file stands in where there is none.

Every call blocks, some until the person answers; an entry's names can be read by any program.
Import this where it is called, in a thread: it takes 90 ms.
"""

import sys
from contextlib import closing

from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

from autosky_desktop.system.connect.keychain import KeychainState
from autosky_desktop.system.connect.secret import Secret

FAILURES: tuple[type[Exception], ...] = (KeyringError, RuntimeError, OSError)
LOCKED: tuple[type[Exception], ...] = (KeyringLocked,)
ABSENT: tuple[type[Exception], ...] = ()

if sys.platform == "win32":
    from keyring.backends.Windows import WinVaultKeyring as Backend
    from win32ctypes.pywin32 import pywintypes

    FAILURES += (pywintypes.error,)
elif sys.platform == "darwin":
    from keyring.backends.macOS import Keyring as Backend
else:
    import secretstorage
    from jeepney import DBusErrorResponse
    from keyring.backends.SecretService import Keyring as Backend
    from secretstorage import exceptions

    FAILURES += (exceptions.SecretStorageException, DBusErrorResponse)
    LOCKED += (exceptions.LockedException, exceptions.PromptDismissedException)
    ABSENT += (exceptions.SecretServiceNotAvailableException,)


def state_of(cause: BaseException | None) -> KeychainState:
    """What a failure says about the keychain."""
    if isinstance(cause, InitError):
        cause = cause.__cause__
    if isinstance(cause, LOCKED):
        return KeychainState.LOCKED
    return KeychainState.NONE if isinstance(cause, ABSENT) else KeychainState.BROKEN


def look() -> KeychainState:
    """How the keychain is. Elsewhere than on Linux nobody can tell without asking the person."""
    if sys.platform in ("win32", "darwin"):
        return KeychainState.READY
    with closing(secretstorage.dbus_init()) as bus:
        if not secretstorage.check_service_availability(bus):
            return KeychainState.NONE
        try:
            # get_default_collection would make a missing one, and ask the person for it
            chain = secretstorage.collection.get_collection_by_alias(bus, "default")
            return KeychainState.LOCKED if chain.is_locked() else KeychainState.READY
        except exceptions.ItemNotFoundException:
            return KeychainState.LOCKED


def get(entry: str) -> Secret | None:
    text = _backend().get_password(_service(entry), entry)
    return None if text is None else Secret(text)


def put(entry: str, text: str) -> None:
    _backend().set_password(_service(entry), entry, text)


def delete(entry: str) -> None:
    try:
        _backend().delete_password(_service(entry), entry)
    except PasswordDeleteError:
        return


def _backend() -> KeyringBackend:
    """Named here: keyring itself would also take what its configuration or a plug-in offers."""
    return Backend()  # type: ignore[no-untyped-call]


def _service(entry: str) -> str:
    """One for each entry: Windows moves the entries of a service that has several."""
    return f"autosky-desktop/{entry}"
