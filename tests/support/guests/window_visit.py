"""A person at the real window who has an environment of real guests: added, started, connected to,
published to, and taken back to the version before.

    python tests/support/guests/window_visit.py URI PREPARATION DATA

It is a process of its own, without libvirt: that and Qt each want the one event loop of a process.
The control plane, which has libvirt, is a process too, as it is for everybody. Each step is told
with the seconds that it took; the exit code is 1 when something was not seen.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.app import open_desktop
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.desktop import Desktop
from tests.support.person import NotSeen, Person, cell
from tests.support.screens.environments import write

PATIENCE, LONG = 60.0, 240.0
"""Seconds; the second for what guests do under software emulation."""


class Visit:
    """The visit of one person to the environment of that libvirt."""

    def __init__(self, uri: str, preparation: str) -> None:
        self._uri, self._preparation = uri, preparation
        self._me = Person(patience=PATIENCE)

    async def __call__(self, _qt: Application, desktop: Desktop) -> int:
        self._desktop = desktop
        try:
            await self._me.sees("Connection: Live")
            for step in (self.adds, self.starts, self.connects, self.publishes, self.goes_back):
                begin = time.monotonic()
                await step()
                took = time.monotonic() - begin
                sys.stdout.write(f"{step.__name__.replace('_', ' ')}: {took:.1f} s\n")
        except NotSeen as missed:
            sys.stdout.write(f"{missed}\n")
            return 1
        return 0

    async def adds(self) -> None:
        me = self._me
        await me.presses("Add environment")
        await me.presses("libvirt (QEMU/KVM)")
        write("Connection URI", self._uri)
        await me.presses("Look")
        await me.sees("1 machine was found.")
        await me.sees(self._preparation)  # suggested, as the only one whose name begins so
        write("Account", "maintenance")
        write("Free space to leave, in GiB", "0")
        await me.presses("Next")
        await me.types("Name", "House")
        await me.presses("Check")
        await me.sees("What was tried works", "Everything that was tried works.")
        await me.presses("Add environment")
        await me.sees(f"Server name: {self._preparation}")

    async def starts(self) -> None:
        await self._me.presses(f"Start server {self._preparation}")
        await self._agrees(f"Start {self._preparation}?", "Start server")
        await self._me.sees("Server status: Running", patience=LONG)
        await self._me.sees("This computer has to be on for it.")

    async def connects(self) -> None:
        """Sign in by a key, in a terminal of this computer, and sign out again."""
        me, sessions = self._me, self._desktop.connections.sessions
        await me.presses(f"Actions for {self._preparation}")
        await me.chooses("Connect as…")
        await me.sees("Private, 127.0.0.1")
        await me.presses("Connect")
        await me.presses("Trust and connect")
        [session] = await me.until(lambda: list(sessions()), "a session")
        session.running.close()
        await me.until(lambda: not sessions(), "the end of the session")

    async def publishes(self) -> None:
        """Publish two versions: for the first there is no instance yet, so one is started."""
        for version in (1, 2):
            await self._me.opens_tab("Publish")
            await self._me.opens_tab("Keep users connected")
            await self._me.presses(f"Publish version {version}")
            await self._agrees(f"Publish version {version} to House?", f"Publish version {version}")
            await self._me.sees(f"Version {version} is published", patience=LONG)
            await self._has("1", version)

    async def goes_back(self) -> None:
        """Publish the version before once more, from the history."""
        await self._me.opens_tab("Publish")
        view, index = await self._me.until(lambda: cell("Version: 1"), "the first version")
        view.setCurrentIndex(index)
        QTest.keyClick(view, Qt.Key.Key_Menu)
        await self._me.chooses("Publish this version again…")
        await self._me.presses("Publish version 1 again")
        await self._agrees("Publish version 1 to House again?", "Publish version 3")
        await self._me.sees("Version 3 is published", patience=LONG)
        await self._me.sees("Version: 3 (1 again)")
        await self._has("1", 3)

    async def _has(self, instances: str, version: int) -> None:
        """Wait until the window shows that many instances of that version."""
        await self._me.opens_tab("Servers")
        await self._me.sees(f"Instances: {instances} running", patience=LONG)
        await self._me.sees(f"{version} current version", f"version {version}", patience=LONG)

    async def _agrees(self, question: str, button: str) -> None:
        await self._me.sees(question)
        await self._me.presses(button)
        await self._me.no_longer_sees(question)


if __name__ == "__main__":
    uri, preparation, data = sys.argv[1:]
    sys.exit(open_desktop(["--data", data, "--demo"], Visit(uri, preparation)))
