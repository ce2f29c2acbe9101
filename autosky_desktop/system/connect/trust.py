"""Whom we trust: what each server showed when it was first connected to, until a person forgets it.

A pin belongs to the server, not to its address: addresses change with each start, and whoever
has one next is somebody else.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.writing import WholeFile

log = logging.getLogger(__name__)

FILE = "trusted-servers.json"


class Untrustworthy(Exception):
    """The file of pins cannot be read: nobody may be taken for new because of that.

    `aside` is what it is called now, empty when it could not even be moved.
    """

    def __init__(self, aside: str) -> None:
        super().__init__(aside)
        self.aside = aside


class Pin(Struct, frozen=True, kw_only=True):
    """`fingerprint` as in `Endpoint`; `name` and `address` are for people, as they were then."""

    server: str
    protocol: Protocol
    fingerprint: str
    name: str
    address: str
    since: Annotated[datetime, Meta(tz=True)]


class Trust:
    """The pins of this computer. Every change is on the disk before it counts."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._pins: dict[tuple[str, Protocol], Pin] | None = None

    @property
    def pins(self) -> list[Pin]:
        """By name. Raises Untrustworthy, once: then the file was set aside."""
        return sorted(self._read().values(), key=lambda pin: (pin.name, pin.server))

    def known(self, server: str, protocol: Protocol) -> Pin | None:
        """Raises Untrustworthy, as every call does."""
        return self._read().get((server, protocol))

    def pin(self, pin: Pin) -> None:
        """Trust that, and nothing else any more, on this server. Raises CannotWrite."""
        self._keep({**self._read(), (pin.server, pin.protocol): pin})

    def forget(self, server: str, protocol: Protocol) -> None:
        """The next connection asks a person again. Raises CannotWrite."""
        kept = dict(self._read())
        if kept.pop((server, protocol), None):
            self._keep(kept)

    def _read(self) -> dict[tuple[str, Protocol], Pin]:
        if self._pins is None:
            try:
                pins = msgspec.json.decode(self._file.read_bytes(), type=list[Pin])
            except FileNotFoundError:
                pins = []
            except (OSError, msgspec.MsgspecError) as cause:
                log.warning("The trusted servers could not be read: %s", cause)
                raise Untrustworthy(self._set_aside()) from cause
            self._pins = {(pin.server, pin.protocol): pin for pin in pins}
        return self._pins

    def _set_aside(self) -> str:
        aside = self._file.with_suffix(".damaged")
        try:
            self._file.replace(aside)
        except OSError:
            return ""
        return str(aside)

    def _keep(self, pins: dict[tuple[str, Protocol], Pin]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as cause:
            raise CannotWrite("refused") from cause
        file = WholeFile(self._file)
        try:
            file.write(msgspec.json.format(msgspec.json.encode(list(pins.values()))).decode())
            file.keep()
        finally:
            file.drop()
        self._pins = pins
