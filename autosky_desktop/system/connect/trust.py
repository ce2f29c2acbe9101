"""The pins of servers: what each showed when it was first connected to, until a person forgets it.

A pin belongs to the server, not to its address: addresses change with each start, and whoever
has one next is somebody else.
"""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.wire import Instant
from autosky_desktop.system.kept_file import KeptFile, Unreadable

FILE = "trusted-servers.json"


class Untrustworthy(Exception):
    """The file of pins cannot be read: nobody may be taken for new because of that.

    `aside` is what it is called now, empty when it could not even be moved.
    """

    def __init__(self, aside: str) -> None:
        super().__init__(aside)
        self.aside = aside


class Pin(Struct, frozen=True, kw_only=True):
    """The pin of a server. `fingerprint` as in `Endpoint`; `name` and `address` are for people, as
    they were then. `host_key` is an SSH server's whole key: that one is asked for where a server
    has several. `until` is the end of an RDP server's certificate: afterwards another one is no
    wonder. `key` tells its key apart: another certificate with the same key is the same server's.
    """

    server: str
    protocol: Protocol
    fingerprint: str
    name: str
    address: str
    since: Instant
    host_key: str = ""
    until: Instant | None = None
    key: str = ""


_Pins = dict[tuple[str, Protocol], Pin]


class Trust:
    """The pins of this computer. The file is read with every question, for several windows may keep
    it: what one of them forgot is trusted by none.
    """

    def __init__(self, folder: Path) -> None:
        self._file = KeptFile(folder / FILE, list[Pin])

    @property
    def pins(self) -> list[Pin]:
        """Return the pins by name. Raises Untrustworthy, once: then the file was set aside."""
        return sorted(self._read().values(), key=lambda pin: (pin.name, pin.server))

    def known(self, server: str, protocol: Protocol) -> Pin | None:
        """Return the server's pin, if any. Raises Untrustworthy, as every call does."""
        return self._read().get((server, protocol))

    def pin(self, pin: Pin) -> None:
        """Trust that on this server, and nothing else any more. Raises CannotWrite."""
        self._change(lambda pins: {**pins, (pin.server, pin.protocol): pin})

    def forget(self, server: str, protocol: Protocol) -> None:
        """Forget the pin, so that the next connection asks a person again. Raises CannotWrite."""
        which = (server, protocol)
        self._change(lambda pins: {it: pins[it] for it in pins if it != which})

    def _read(self) -> _Pins:
        try:
            return _by_server(self._file.read())
        except Unreadable as cause:
            raise Untrustworthy(cause.aside) from cause

    def _change(self, change: Callable[[_Pins], _Pins]) -> None:
        try:
            self._file.change(lambda pins: list(change(_by_server(pins)).values()))
        except Unreadable as cause:
            raise Untrustworthy(cause.aside) from cause


def _by_server(pins: list[Pin] | None) -> _Pins:
    return {(pin.server, pin.protocol): pin for pin in pins or ()}
