"""The places where a secret may be: command lines, environments, and files."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from uuid import uuid4

PLACES = ("cmdline", "environ")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)[:8]
"""Alike for all processes of one run of the tests, for they name their cases after it."""


def marker(subject: str) -> str:
    """Return a secret that nobody else on this computer has: not another test that runs meanwhile,
    and not another run of the same one.
    """
    return f"M4rker-of-{subject}-{RUN}"


class Traces:
    """A search of all processes, again and again while it is open, and of folders when it is asked.

    `found` names every place that held a marker; `searched` counts the places that were read.
    """

    def __init__(self, *markers: str) -> None:
        self._markers = [form for marker in markers for form in _forms(marker)]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._search, daemon=True)
        self.found: set[str] = set()
        self.searched = 0

    def __enter__(self) -> "Traces":
        self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def search(self, *folders: Path) -> None:
        """Search every file in these, whatever its name; names count as well."""
        self._look_at(file for folder in folders for file in folder.rglob("*"))

    def _search(self) -> None:
        while not self._over.is_set():
            processes = Path("/proc").glob("[0-9]*")
            self._look_at(process / place for process in processes for place in PLACES)
            self._over.wait(0.02)

    def _look_at(self, files: Iterable[Path]) -> None:
        for file in files:
            try:
                text = file.read_bytes() if file.is_file() else b""
            except OSError:  # it is gone, or a socket
                continue
            self.searched += 1
            if any(form in text or form in str(file).encode() for form in self._markers):
                self.found.add(str(file))


def _forms(marker: str) -> list[bytes]:
    """Return the marker as it may be written: plain, UTF-16, backwards, base64, hexadecimal."""
    from base64 import b64encode

    plain = marker.encode()
    wide = marker.encode("utf-16-le")
    # the middle of a base64 text does not depend on what stands before it, but for its alignment
    encoded = [b64encode(b" " * at + plain)[4:-4] for at in range(3)]
    return [plain, wide, plain[::-1], plain.hex().encode(), wide.hex().encode(), *encoded]
