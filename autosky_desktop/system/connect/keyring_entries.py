"""The entries of a keychain, reached through keyring.

It is the one a person has configured for all Python programs (keyringrc.cfg or
PYTHON_KEYRING_BACKEND), else the system's own; a plug-in or a file never stands in for it.
Every call blocks, some until the person answers. Import this in a thread: it takes 60 ms.
"""

import configparser
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from keyring import core
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect.secrets import Secret, Turn

log = logging.getLogger(__name__)

RECOMMENDED = 1
"""The priority from which keyring recommends a backend: those below keep plain text, or nothing."""


class KeyringEntries:
    """The entries of the keychain that keyring finds. Everything raises KeychainFailed."""

    def __init__(self) -> None:
        self._backend: KeyringBackend | None = None

    def look(self) -> KeychainState:
        """Return the state. Only the Secret Service can be looked at without asking."""
        with _told():
            look = getattr(self._chosen(), "look", lambda: KeychainState.READY)
            return KeychainState(look())

    def get(self, entry: str, turn: Turn) -> Secret | None:
        with _told():
            text = self._ready(turn).get_password(_service(entry), entry)
            return None if text is None else Secret(text)

    def put(self, entry: str, text: str, turn: Turn) -> None:
        with _told():
            self._ready(turn).set_password(_service(entry), entry, text)

    def delete(self, entry: str, turn: Turn) -> None:
        with _told(), suppress(PasswordDeleteError):  # there is none
            self._ready(turn).delete_password(_service(entry), entry)

    def _ready(self, turn: Turn) -> KeyringBackend:
        """Return the backend, after telling `turn` that it may ask the person: only the Secret
        Service says when it does.
        """
        backend = self._chosen()
        if hasattr(backend, "turn"):
            backend.turn = turn
        else:
            turn.asks()
        return backend

    def _chosen(self) -> KeyringBackend:
        if self._backend is None:
            self._backend = configured() or own()
        return self._backend


def configured() -> KeyringBackend | None:
    """Return the backend that a person has named, None without. Raises KeychainFailed for one that
    cannot be loaded, and for one that would not keep secrets.
    """
    try:
        found = core.load_env() or core.load_config()
        safe = found is None or keeps_secrets(found)
    except (ImportError, AttributeError, LookupError, TypeError, ValueError, RuntimeError,
            OSError, configparser.Error) as cause:  # fmt: skip
        log.warning("The configured keychain could not be loaded: %s", cause)
        raise KeychainFailed(KeychainState.UNUSABLE) from None
    if not safe:
        raise KeychainFailed(KeychainState.PLAIN)
    return found


def keeps_secrets(backend: KeyringBackend) -> bool:
    """Return whether it keeps anything, and what it keeps cannot be read by everybody."""
    if isinstance(backend, ChainerBackend):
        return bool(backend.backends) and all(keeps_secrets(one) for one in backend.backends)
    names = (kind.__name__.casefold() for kind in type(backend).__mro__)
    return backend.priority >= RECOMMENDED and not any("plaintext" in name for name in names)


def own() -> KeyringBackend:
    """Return the system's own keychain."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring

        return Keyring()
    from autosky_desktop.system.connect.secret_service import SecretService

    return SecretService()


@contextmanager
def _told() -> Iterator[None]:
    """Raise KeychainFailed for keyring's errors, with what they say about the keychain."""
    try:
        yield
    except KeyringLocked:
        raise KeychainFailed(KeychainState.LOCKED) from None
    except NoKeyringError:
        raise KeychainFailed(KeychainState.NONE) from None
    except KeyringError:
        raise KeychainFailed(KeychainState.BROKEN) from None


def _service(entry: str) -> str:
    """Return a service for each entry: Windows moves the entries of a service that has several."""
    return f"autosky-desktop/{entry}"
