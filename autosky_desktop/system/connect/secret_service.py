"""A backend for keyring: whatever provides the Secret Service on the session bus of a Linux.

keyring's own offers to make a keychain even to read it, forgets to have an entry unlocked before
it deletes it, and leaves a connection behind with every call.
What an entry is called can be read by any program of the session.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import socket
from typing import cast
from weakref import finalize

import secretstorage
from jeepney import DBusErrorResponse, Message, message_bus
from jeepney.bus import get_connectable_addresses
from jeepney.io.blocking import DBusConnection, prep_socket
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError
from secretstorage import Collection, Item, exceptions, util

from autosky_desktop.domain.secrets import KeychainState
from autosky_desktop.system import folders
from autosky_desktop.system.connect.secrets import Turn

NAME = "org.freedesktop.secrets"
STEP_SECONDS = 0.2
"""How soon a prompt ends that nobody waits for any more."""

_LOCKED = (exceptions.LockedException, exceptions.PromptDismissedException)
_ABSENT = (exceptions.SecretServiceNotAvailableException, OSError)
_FAILED = (exceptions.SecretStorageException, DBusErrorResponse)


class SessionBus(DBusConnection):  # type: ignore[misc]
    """The session bus. It waits with `recv_until_filtered` for a prompt, and nothing else."""

    turn: Turn | None = None

    def recv_until_filtered(self, queue: deque[Message], **_: object) -> Message:
        """Wait for the person's answer until nobody wants it any more, or whoever asked has gone.

        Raises KeyringLocked, NoKeyringError.
        """
        if self.turn:
            self.turn.asks()
        asks = self._provider()
        while not (self.turn and self.turn.given_up):
            try:
                return super().recv_until_filtered(queue, timeout=STEP_SECONDS)
            except TimeoutError:
                if self._provider() != asks:
                    raise NoKeyringError from None
        raise KeyringLocked

    def _provider(self) -> tuple[str]:
        """Return who provides the Secret Service now; without one, what the bus says of that."""
        said = self.send_and_get_reply(message_bus.GetNameOwner(NAME))
        return cast("tuple[str]", said.body)


class SecretService(KeyringBackend):
    """The Secret Service. Its connection is kept: KeePassXC remembers what was allowed to one."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.turn: Turn | None = None
        self._bus: SessionBus | None = None
        self._close: Callable[[], object] = lambda: None

    def look(self) -> KeychainState:
        """Return the state, without asking the person to make or unlock the keychain."""
        with self._connected() as bus:
            chain = _made(bus)
            locked = chain is None or chain.is_locked()
            return KeychainState.LOCKED if locked else KeychainState.READY

    def get_password(self, service: str, username: str) -> str | None:
        with self._connected() as bus:
            for item in _items(bus, service, username):
                _unlock(item)
                return str(item.get_secret().decode())
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        with self._connected() as bus:
            chain = secretstorage.get_default_collection(bus)  # makes one where there is none
            _unlock(chain)
            for item in chain.search_items(_attributes(service, username)):
                _unlock(item)  # what is replaced, too
            label = f"Autosky Desktop {username}"
            attributes = _attributes(service, username)
            chain.create_item(label, attributes, password.encode(), replace=True)

    def delete_password(self, service: str, username: str) -> None:
        with self._connected() as bus:
            items = list(_items(bus, service, username))
            for item in items:
                _unlock(item)
                item.delete()
        if not items:
            raise PasswordDeleteError

    @contextmanager
    def _connected(self) -> Iterator[SessionBus]:
        """Yield the connection that is kept; after a failure the next call makes one of its own."""
        fine = False
        try:
            yield self._connection()
            fine = True
        except _LOCKED as cause:
            raise KeyringLocked from cause
        except _ABSENT as cause:
            raise NoKeyringError from cause
        except _FAILED as cause:
            raise KeyringError from cause
        finally:
            if not fine:
                self._close()
                self._bus = None

    def _connection(self) -> SessionBus:
        """Return the connection that is kept, if the service still answers on it, else a new one.

        Raises NoKeyringError where no Secret Service is.
        """
        if not (self._bus and _serves(self._bus)):
            self._close()
            self._bus = SessionBus(_line())
            self._close = finalize(self, self._bus.close)
            util.add_match_rules(self._bus)
            if not _serves(self._bus):
                raise NoKeyringError
        self._bus.turn = self.turn
        return self._bus


def _line() -> socket:
    """Connect to the first address of the session bus that leads to one. Raises NoKeyringError."""
    with suppress(ValueError, RuntimeError):  # it has no address that is one
        for place in get_connectable_addresses(folders.session_bus()):
            with suppress(OSError):
                return cast("socket", prep_socket(place))
    raise NoKeyringError


def _serves(bus: SessionBus) -> bool:
    try:
        return bool(secretstorage.check_service_availability(bus))
    except OSError:
        return False


def _items(bus: SessionBus, service: str, username: str) -> Iterator[Item]:
    if chain := _made(bus):
        _unlock(chain)
        yield from chain.search_items(_attributes(service, username))


def _made(bus: SessionBus) -> Collection | None:
    """Return the keychain that the session uses. get_default_collection would ask to make it."""
    try:
        return secretstorage.collection.get_collection_by_alias(bus, "default")
    except exceptions.ItemNotFoundException:
        return None


def _unlock(thing: Collection | Item) -> None:
    """Have the person asked, if need be: for all of a keychain, or for this entry of it."""
    if thing.is_locked():
        thing.unlock()
        if thing.is_locked():
            raise exceptions.PromptDismissedException("It stays locked.")


def _attributes(service: str, username: str) -> dict[str, str]:
    return {"application": service.partition("/")[0], "entry": username}
