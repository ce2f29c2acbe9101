"""Keychains for tests: one in memory, and a real one on a bus and in a home of its own."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect.secrets import Secret
from tests.support.bus import owned, session_bus, wait_for_name
from tests.support.waiting import eventually

SECRETS = "org.freedesktop.secrets"


class FakeKeychain:
    """A keychain in memory. `now` is its state; `kept` are secrets by entry, in clear text."""

    def __init__(self, now: KeychainState = KeychainState.READY) -> None:
        self.now = now
        self.kept: dict[str, str] = {}
        self.asked: list[str] = []

    async def state(self) -> KeychainState:
        self.asked.append("state")
        return self.now

    async def get(self, entry: str) -> Secret | None:
        self._ask("get")
        return Secret(self.kept[entry]) if entry in self.kept else None

    async def put(self, entry: str, secret: Secret) -> None:
        self._ask("put")
        self.kept[entry] = secret.reveal().decode()

    async def delete(self, entry: str) -> None:
        self._ask("delete")
        self.kept.pop(entry, None)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.now is not KeychainState.READY:
            raise KeychainFailed(self.now)

    def lock(self) -> None:
        self.now = KeychainState.LOCKED

    def unlock(self) -> None:
        self.now = KeychainState.READY

    def take_away(self) -> None:
        self.now = KeychainState.NONE

    def hang(self) -> None:
        self.now = KeychainState.BROKEN

    def wake(self) -> None:
        self.now = KeychainState.READY


class GnomeKeyring:
    """A gnome-keyring with its keychain in `folder`. Nobody is there to answer a prompt."""

    def __init__(self, folder: Path, bus: str) -> None:
        self.bus = bus
        self._keychains = folder / ".local/share/keyrings"
        run = folder / "run"
        run.mkdir(mode=0o700)
        self._environment = {
            "PATH": os.defpath,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(run),
            "DBUS_SESSION_BUS_ADDRESS": bus,
        }
        self._daemon: subprocess.Popen[bytes] | None = None

    def unlock(self) -> None:
        self.take_away()
        self._start("--unlock")

    def lock(self) -> None:
        self.take_away()
        self._start()

    def lose(self) -> None:
        """Run the daemon as if no keychain had ever been made."""
        self.take_away()
        shutil.rmtree(self._keychains)
        self._start()

    def take_away(self) -> None:
        if self._daemon:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None
            eventually(lambda: not owned(self.bus, SECRETS))

    def hang(self) -> None:
        assert self._daemon
        self._daemon.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self._daemon
        self._daemon.send_signal(signal.SIGCONT)

    def labels(self) -> str:
        """Return what any program of the session can read of the entries."""
        command = ["secret-tool", "search", "--all", "application", "autosky-desktop"]
        found = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=20
        )
        lines = (found.stdout + found.stderr).splitlines()
        return "\n".join(line for line in lines if not line.startswith("secret = "))

    def _start(self, *how: str) -> None:
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *how]
        self._daemon = subprocess.Popen(
            command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin
        with self._daemon.stdin as asked:
            asked.write(b"of the rig")
        wait_for_name(self.bus, SECRETS)


@contextmanager
def gnome_keyring(folder: Path) -> Iterator[GnomeKeyring]:
    """Yield a gnome-keyring, unlocked, and gone at the end."""
    with session_bus(folder) as bus:
        keyring = GnomeKeyring(folder, bus)
        keyring.unlock()
        try:
            yield keyring
        finally:
            keyring.take_away()
