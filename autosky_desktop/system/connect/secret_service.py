"""The keychain of Linux: whatever provides the Secret Service on the session bus.

Every call blocks, some until the person answers; what an entry is called can be read by any
program of the session. Import this where it is called, in a thread: it takes 60 ms.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import secretstorage
from jeepney import DBusErrorResponse
from jeepney.io.blocking import DBusConnection
from secretstorage import Collection, Item, exceptions

from autosky_desktop.system.connect.keychain import KeychainState
from autosky_desktop.system.connect.secret import Secret

_LOCKED = (exceptions.LockedException, exceptions.PromptDismissedException)
_ABSENT = (
    exceptions.SecretServiceNotAvailableException,
    FileNotFoundError,  # of the bus
    ConnectionError,
)
FAILURES = (exceptions.SecretStorageException, DBusErrorResponse, RuntimeError, OSError)


def state_of(cause: BaseException) -> KeychainState:
    """What a failure says about the keychain."""
    if isinstance(cause, _LOCKED):
        return KeychainState.LOCKED
    return KeychainState.NONE if isinstance(cause, _ABSENT) else KeychainState.BROKEN


def look() -> KeychainState:
    """How the keychain is, without asking the person to make or unlock it."""
    with closing(secretstorage.dbus_init()) as bus:
        if not secretstorage.check_service_availability(bus):
            return KeychainState.NONE
        chain = _made(bus)
        return KeychainState.LOCKED if chain is None or chain.is_locked() else KeychainState.READY


def get(entry: str) -> Secret | None:
    with _items(entry) as items:
        found = next(items, None)
        return Secret(found.get_secret().decode()) if found else None


def put(entry: str, text: str) -> None:
    with closing(secretstorage.dbus_init()) as bus:
        chain = secretstorage.get_default_collection(bus)  # makes one where there is none
        _unlock(chain)
        label = f"Autosky Desktop {entry}"
        chain.create_item(label, _attributes(entry), text.encode(), replace=True)


def delete(entry: str) -> None:
    with _items(entry) as items:
        for item in items:
            item.delete()


@contextmanager
def _items(entry: str) -> Iterator[Iterator[Item]]:
    with closing(secretstorage.dbus_init()) as bus:
        if chain := _made(bus):
            _unlock(chain)
            yield chain.search_items(_attributes(entry))
        else:
            yield iter(())


def _made(bus: DBusConnection) -> Collection | None:
    """The keychain that the session uses. get_default_collection would ask to make it."""
    try:
        return secretstorage.collection.get_collection_by_alias(bus, "default")
    except exceptions.ItemNotFoundException:
        return None


def _unlock(chain: Collection) -> None:
    """Has the system ask the person, if need be."""
    if chain.is_locked() and chain.unlock():
        raise exceptions.PromptDismissedException("The keychain stays locked.")


def _attributes(entry: str) -> dict[str, str]:
    return {"application": "autosky-desktop", "entry": entry}
