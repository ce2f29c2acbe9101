"""A control plane as the desktop has it: a child process, a line on its stdout, a held stdin."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

SECONDS = 30.0

# Root may write anywhere, whatever the mode says; without this capability it may not.
OBEYING_MODES = (
    ("setpriv", "--bounding-set=-dac_override")
    if hasattr(os, "geteuid") and os.geteuid() == 0
    else ()
)


class PlaneProcess:
    """A control plane in a process of its own, which ends when its input does; `line` is what it
    said when it was ready. What it logs is added to `log`, if that is given.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        errors = log.open("ab") if log else subprocess.PIPE
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        if not isinstance(errors, int):
            errors.close()  # the process has its own
        assert self.process.stdout
        self.line: dict[str, Any] = json.loads(self.process.stdout.readline())

    def client(self) -> httpx.Client:
        """Return a caller with the token; paths are relative to /v1."""
        headers = {"Authorization": f"Bearer {self.line['token']}"}
        return httpx.Client(base_url=f"{self.line['url']}/v1/", headers=headers, timeout=SECONDS)

    def kill(self) -> None:
        """End it as `kill -9` does: at once, with nothing tidied up."""
        self.process.kill()
        self._gone()

    def leave(self) -> int:
        """Go away as the desktop does; returns the exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        return self._gone()

    def ended(self) -> int:
        """Wait for it to end by itself; returns the exit code."""
        return self.process.wait(SECONDS)

    def _gone(self) -> int:
        code = self.process.wait(SECONDS)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._gone()


class Embedded(PlaneProcess):
    """A process of `autosky serve --embedded`, run by `before` if any."""

    def __init__(
        self,
        folder: Path,
        *,
        speed: float = 100.0,
        before: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        more: Sequence[str] = (),
    ) -> None:
        command = [sys.executable, "-m", "autosky_desktop.cli", "serve"]
        command += ["--embedded", str(folder), "--speed", str(speed), *more]
        super().__init__([*before, *command], environment=environment)
