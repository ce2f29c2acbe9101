"""The keychains of Windows and macOS, through keyring, and no other: no file stands in for them.

Every call blocks, some until the person answers. Import this where it is called, in a thread.
"""

import sys

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError

from autosky_desktop.system.connect.keychain import KeychainState
from autosky_desktop.system.connect.secret import Secret

FAILURES: tuple[type[Exception], ...] = (KeyringError, RuntimeError, OSError)

if sys.platform == "win32":
    from win32ctypes.pywin32 import pywintypes

    FAILURES += (pywintypes.error,)


def state_of(cause: BaseException) -> KeychainState:
    """What a failure says about the keychain."""
    if isinstance(cause, KeyringLocked):
        return KeychainState.LOCKED
    return KeychainState.NONE if isinstance(cause, NoKeyringError) else KeychainState.BROKEN


def look() -> KeychainState:
    """Ready: they belong to the session, and cannot be looked at without asking the person."""
    backend()
    return KeychainState.READY


def get(entry: str) -> Secret | None:
    text = backend().get_password(_service(entry), entry)
    return None if text is None else Secret(text)


def put(entry: str, text: str) -> None:
    backend().set_password(_service(entry), entry, text)


def delete(entry: str) -> None:
    try:
        backend().delete_password(_service(entry), entry)
    except PasswordDeleteError:
        return


def backend() -> KeyringBackend:
    """Named here: keyring itself would also take what its configuration or a plug-in offers."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring

        return Keyring()
    raise NoKeyringError


def _service(entry: str) -> str:
    """One for each entry: Windows moves the entries of a service that has several."""
    return f"autosky-desktop/{entry}"
