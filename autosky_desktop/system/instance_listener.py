"""The listener of a data folder: the first program hears there of every second start."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger(__name__)

LONGEST = 2048
"""Bytes of a message."""
PATIENCE = 5.0
HEARD = b"heard\n"


class SecondStart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message from a second start. `token` lets a window come to the front on Wayland."""

    link: str = ""
    token: str = ""


class Unanswered(Exception):
    """Another program listens there and does not answer."""


class InstanceListener:
    """Listens for second starts, in the first program."""

    def __init__(self, place: Path, lock: int | None = None) -> None:
        self._place = place
        self._lock = lock
        self._server: asyncio.Server | None = None

    async def open(self, started_again: Callable[[SecondStart], None]) -> None:
        """Tell of every second start from now on, and of those that wait already."""
        import asyncio

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _hear(reader, writer, started_again)

        if self._lock is not None and sys.platform != "win32":
            self._place.unlink(missing_ok=True)
            try:
                self._server = await asyncio.start_unix_server(
                    hear, str(self._place), limit=LONGEST
                )
            except OSError as cause:  # too long a path
                log.info("No second start can be heard: %s", cause)

    def close(self) -> None:
        if self._server:
            self._server.close()
            self._place.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


async def _hear(
    reader: "asyncio.StreamReader",
    writer: "asyncio.StreamWriter",
    started_again: Callable[[SecondStart], None],
) -> None:
    import asyncio

    try:
        async with asyncio.timeout(PATIENCE):
            second = msgspec.json.decode(await reader.readline(), type=SecondStart)
            started_again(second)
            writer.write(HEARD)
            await writer.drain()
    except (ValueError, OSError, TimeoutError) as cause:
        log.info("A second start said nothing sensible: %s", cause)
    finally:
        writer.close()
