"""The real program on a real screen, with a session bus and a home of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.bus import session_bus
from tests.support.screen import virtual_screen
from tests.support.usage import children
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


@dataclass(frozen=True)
class Desk:
    """A desk: everything that a person's session offers to programs."""

    home: Path
    bus: str
    display: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home),
            "DISPLAY": self.display,
            "DBUS_SESSION_BUS_ADDRESS": self.bus,
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        }

    @contextmanager
    def running(self, command: list[str], **more: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Run a program of the session; it is gone at the end, and all that it started."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            started = children(process.pid) if process.poll() is None else []
            process.terminate()
            process.wait(PATIENCE)
            eventually(lambda: not any(map(alive, started)), within=PATIENCE)

    @contextmanager
    def desktop(self, *arguments: str, **more: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Run Autosky Desktop, with its control plane's folder in this home."""
        command = [sys.executable, "-m", "autosky_desktop.cli", "desktop"]
        command += ["--data", str(self.home / "data"), "--demo", *arguments]
        with self.running(command, QT_QPA_PLATFORM="xcb", **more) as process:
            yield process


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@contextmanager
def desk(home: Path, *startable: str) -> Iterator[Desk]:
    """Yield a session of its own; `startable` are names its bus may start programs for."""
    with virtual_screen() as display, session_bus(home, *startable) as bus:
        yield Desk(home, bus, display)
