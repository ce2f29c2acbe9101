"""Files that are written whole or not at all."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from autosky_desktop.domain.errors import CannotWrite

REASONS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EACCES: "refused",
    errno.EPERM: "refused",
    errno.EROFS: "refused",
    errno.ENOENT: "gone",
    errno.ENOTDIR: "gone",
}


class WholeFile:
    """A text on its way to `target`, beside it until `keep`. Every method raises CannotWrite.

    It may be written in a thread and dropped in another meanwhile: whichever comes last removes it.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._part: Path | None = None
        self._text: TextIO | None = None
        self._dropped = False

    def write(self, text: str) -> None:
        """Write the text after what was written before; the first one makes the file."""
        try:
            with _told():
                file = self._text or self._begin()
                file.write(text)
                file.flush()
        finally:
            if self._dropped:
                self.drop()

    def _begin(self) -> TextIO:
        # without the target's name, which may be as long as a name may be already
        handle, name = tempfile.mkstemp(".part", ".autosky-", self._target.parent)
        self._part = Path(name)
        self._text = os.fdopen(handle, "w", encoding="utf-8", newline="")
        return self._text

    def keep(self) -> None:
        """Put it in the place of whatever has its name."""
        assert self._text is not None
        assert self._part is not None
        with _told():
            os.fsync(self._text.fileno())
            self._text.close()
            self._part.replace(self._target)
        _keep_names(self._target.parent)

    def drop(self) -> None:
        """Leave nothing behind; nothing happens after `keep`."""
        self._dropped = True
        if text := self._text:
            with _quietly():
                text.close()
        if part := self._part:
            with _quietly():
                part.unlink(missing_ok=True)


def _keep_names(folder: Path) -> None:
    """Have the new name on the disk too, where a folder can be opened for that."""
    if sys.platform == "win32":
        return
    with _quietly():
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise CannotWrite(REASONS.get(cause.errno or 0, "unknown")) from cause


@contextmanager
def _quietly() -> Iterator[None]:
    """Pass over an error: what cannot be written cannot be closed either, its buffer being full."""
    try:
        yield
    except OSError:
        return
