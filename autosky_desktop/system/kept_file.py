"""A file of what a person told this program to remember: JSON, whole or not at all.

Several programs and windows may keep a file. Whoever writes holds its lock, and what is written
anew from what was there is read under the same lock.
"""

import codecs
import errno
import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, takewhile
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.writing import WholeFile

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that another program may keep the lock: one that hangs is waited for no longer."""

LARGEST = 16_000_000
"""Bytes: a hundred times what anybody's file has. A larger one is no file of ours, and reading it
would take the memory of all other programs.
"""

DAMAGED = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What decoding raises for a file that is not, or no longer, what was written."""


Lost = Callable[[str, str], None]
"""Hears the name of a file that could not be read, and where it is now, as in `Unreadable`."""


def unheard(_file: str, _aside: str) -> None:
    """Tell nobody: the log has it, or whoever reads tells it in another way."""


class Unreadable(Exception):
    """The file is there, but what it holds cannot be had.

    `aside` is where the file is now; empty where it is still in its place.
    """

    def __init__(self, aside: str) -> None:
        super().__init__(aside)
        self.aside = aside


class KeptFile(Generic[T]):
    """A file with one value of the type `shape`, readable by nobody but its owner."""

    def __init__(self, path: Path, shape: type[T], lost: Lost = unheard) -> None:
        self.path = path
        self._shape = shape
        self._lost = lost

    def there(self) -> bool:
        return self.path.exists()

    def read(self) -> T | None:
        """Return the value; None where there is no file.

        Raises Unreadable, and logs why. A damaged file is set aside then, so that the next
        reading finds none; one that the system does not let us read stays in its place.
        """
        content = b""
        try:
            found = self.path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, "It is not a file", str(self.path))  # a pipe never ends
            if found.st_size > LARGEST:
                raise msgspec.DecodeError(f"it has {found.st_size} bytes")
            content = self.path.read_bytes().removeprefix(codecs.BOM_UTF8)  # some editors add it
            return msgspec.json.decode(content, type=self._shape)
        except FileNotFoundError:
            return None
        except OSError as cause:
            log.warning("%s could not be read: %s", self.path.name, cause)
            self._lost(self.path.name, "")
            raise Unreadable("") from cause
        except DAMAGED as cause:
            if (mended := self._mended(content)) is not None:
                log.warning("%s holds halves of letters, which were replaced", self.path.name)
                return mended
            log.warning("%s is damaged and could not be read: %s", self.path.name, cause)
            aside = self.set_aside()
            self._lost(self.path.name, aside)
            raise Unreadable(aside) from cause

    def _mended(self, content: bytes) -> T | None:
        """Return the value with a mark for each half of a letter, which other programs write as an
        escape; None for a file in which something else is wrong.
        """
        import json  # not before the first window

        try:
            text = json.dumps(json.loads(content), ensure_ascii=False)
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return msgspec.json.decode(whole, type=self._shape)
        except (ValueError, *DAMAGED):
            return None

    def set_aside(self) -> str:
        """Give the file a name that no earlier one has; returns where it is then, empty where that
        failed.
        """
        free = next(it for it in self._asides() if not it.exists())
        try:
            self.path.replace(free)
        except OSError as cause:
            log.warning("%s could not be set aside: %s", self.path.name, cause)
            return ""
        return str(free)

    @property
    def aside(self) -> Path | None:
        """Return where the last damaged file was put; None: there was none."""
        return next((it for it in reversed(list(takewhile(Path.exists, self._asides())))), None)

    def _asides(self) -> Iterator[Path]:
        """Yield the places for damaged files, in their order: x.damaged, x.damaged-2, …"""
        yield self.path.with_suffix(".damaged")
        for number in count(2):
            yield self.path.with_suffix(f".damaged-{number}")

    def write(self, value: T) -> None:
        """Have it on the disk when this returns. Raises CannotWrite: then nothing was changed."""
        with self._locked():
            self._write(value)

    def change(self, change: Callable[[T | None], T]) -> None:
        """Write what `change` makes of the value as it is now. Raises Unreadable, CannotWrite."""
        with self._locked():
            before = self.read()
            after = change(before)
            if after != before:
                self._write(after)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock. Where none can be had, go without it: the request counts for more."""
        from filelock import FileLock, Timeout  # not before the first window

        file = self.path.with_suffix(".lock")
        lock = FileLock(file, PATIENCE, 0o600, poll_interval=0.01)
        with ExitStack() as held:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                held.enter_context(lock)
            except (OSError, Timeout) as cause:
                log.warning("%s is written without its lock: %s", self.path.name, cause)
            yield

    def _write(self, value: T) -> None:
        try:
            text = msgspec.json.format(msgspec.json.encode(value)).decode()
        except (msgspec.MsgspecError, UnicodeError) as cause:
            raise CannotWrite("unknown") from cause
        if len(text) > LARGEST:  # nobody could read it again
            raise CannotWrite("unknown")
        # whoever keeps settings elsewhere has a link here, which stays one
        whole = WholeFile(Path(os.path.realpath(self.path)))
        try:
            whole.write(text)
            whole.keep()
        finally:
            whole.drop()

    def remove(self) -> None:
        """Remove the file. Raises CannotWrite."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as cause:
            raise CannotWrite("refused") from cause
