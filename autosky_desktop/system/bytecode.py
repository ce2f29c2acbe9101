"""The bytecode of what PySide6 compiles anew at each start, kept beside our own.

PySide6 has 145 KB of its own Python inside a library, where Python's cache of bytecode does not
reach it. To compile it takes a fifteenth of the time to the first picture.
"""

import builtins
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from zlib import crc32

FILE = Path(cache_from_source(str(Path(__file__).with_name("pyside6.py")))).with_suffix(".kept")
"""As much to be trusted as the bytecode of this module, which is in the same folder."""

Known = dict[tuple[str, int, int], Any]
"""Code by the name, length and checksum of its source."""


class Bytecode:
    """The bytecode that is in `file`, and that which is to be kept there."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file
        self._known = _read(file)
        self._used: Known = {}

    @contextmanager
    def used(self) -> Iterator[None]:
        """Take what is compiled whole within the block from what is known, if it is there."""
        builtins.compile = self._compile
        try:
            yield
        finally:
            builtins.compile = _compile

    def keep(self) -> None:
        """Keep it for the next start, when anything was compiled anew. Raises nothing."""
        if sys.dont_write_bytecode or self._used.keys() <= self._known.keys():
            return
        part = self._file.with_suffix(f".{os.getpid()}")  # two windows may start at once
        try:
            self._file.parent.mkdir(exist_ok=True)
            part.write_bytes(marshal.dumps(self._used))
            part.replace(self._file)
        except OSError:
            return  # nobody may write there

    def _compile(self, source: Any, filename: Any, mode: str, *more: Any, **named: Any) -> Any:
        if mode != "exec" or more or named or not isinstance(source, bytes):
            return _compile(source, filename, mode, *more, **named)
        key = (filename, len(source), crc32(source))
        code = self._used[key] = self._known.get(key) or _compile(source, filename, mode)
        return code


_compile = builtins.compile


def _read(file: Path) -> Known:
    try:
        known = marshal.loads(file.read_bytes())  # noqa: S302  as Python reads what is beside it
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}
