"""`autosky serve` as a process of its own, as a service runs it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

TOKEN = "only-for-tests"
PATIENCE = 60.0


class Served:
    """A served control plane, and where it listens. What it logs is in the file `errors`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        token, self.errors = folder / "token", folder / "errors"
        token.write_text(TOKEN)
        token.chmod(0o600)
        command = [sys.executable, "-u", "-m", "autosky_desktop.cli", "serve", "--port", "0"]
        command += ["--data", str(folder / "data"), "--token-file", str(token), *arguments]
        environment = os.environ | {"LANGUAGE": "en"}
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
            )
        first = self.line()
        assert first.startswith("Listening on "), (first, self.errors.read_text())
        self.url = first.removeprefix("Listening on ")
        self.headers = {"Authorization": f"Bearer {TOKEN}"}

    def line(self) -> str:
        """Return the next line that it says."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def stop(self) -> float:
        """End it as a service manager does. Returns how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()
