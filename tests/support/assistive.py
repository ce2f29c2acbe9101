"""Assistive technology at a desk: it says what a window shows, and presses what is there."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.bus import wait_for_name
from tests.support.program import Desk
from tests.support.waiting import eventually

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
READER = ["/usr/bin/python3", str(Path(__file__).with_name("assistive_reader.py"))]
ANSWERS = {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
"""For the program that is read: else it waits for somebody to say that a reader runs."""


class Reader:
    """A screen reader's user, who finds everything by its accessible name and by nothing else."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def names(self, *roles: str) -> list[str]:
        """Return what is said of all that shows (and has one of these roles)."""
        return [name for role, name, _ in self._ask("said") or [] if not roles or role in roles]

    def sees(self, name: str) -> str:
        """Wait until something that shows is called that, or has it in its name."""
        return eventually(lambda: next((it for it in self.names() if name in it), ""))

    def hears(self, text: str) -> list[str]:
        """Wait until that was announced; returns all that was until then."""

        def heard() -> list[str]:
            announced: list[str] = self._ask("announced")
            return announced if any(text in it for it in announced) else []

        return eventually(heard)

    def presses(self, name: str, role: str = "push button") -> None:
        """Press what is called that, as soon as it shows and can be used."""
        eventually(lambda: self._ask("press", role, name))

    def table(self, name: str) -> list[list[str]]:
        """Return the cells of the table of that name, as soon as it shows."""
        return eventually(lambda: self._ask("table", name))

    def _ask(self, *words: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def reader(desk: Desk, application: str = "autosky-desktop") -> Iterator[Reader]:
    """Yield somebody who reads that application's windows; begin before the application does."""
    with desk.running([LAUNCHER, "--launch-immediately"]):
        wait_for_name(desk.bus, "org.a11y.Bus")
        with subprocess.Popen(
            [*READER, application],
            env=desk.environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            yield Reader(process)
