"""A real notification daemon (dunst) on a bus of its own, and somebody who reads and presses.

What it shows it tells a script, which writes it down. Which button somebody presses is chosen
from its menu of all buttons; the program it asks for that (dmenu, for people) is a script too.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.bus import session_bus, wait_for_name
from tests.support.screen import virtual_screen
from tests.support.waiting import eventually

SERVICE = "org.freedesktop.Notifications"

SETTINGS = """[global]
    width = 420
    origin = top-right
    font = DejaVu Sans 11
    markup = full
    sort = no
    stack_duplicates = false
    always_run_script = true
    history_length = 200
    idle_threshold = 0
    dmenu = {folder}/choose
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
[everything]
    summary = "*"
    script = {folder}/write-down
"""

WRITE_DOWN = """#!{python} -IS
import json, os
names = {{key: os.environ.get("DUNST_" + key, "") for key in
         ("ID", "APP_NAME", "SUMMARY", "BODY", "URGENCY", "TIMESTAMP")}}
with open({shown!r}, "a") as file:
    file.write(json.dumps(names) + chr(10))
"""

CHOOSE = """#!/bin/sh
cd {folder}
cat > menu.part
mv menu.part menu
mv wanted taken && [ -s taken ] && grep -F -m1 -f taken menu
exit 0
"""


@dataclass(frozen=True)
class Shown:
    """A notification as the daemon showed it; `urgency` is LOW, NORMAL or CRITICAL."""

    id: int
    app: str
    title: str
    text: str
    urgency: str
    timestamp: int  # milliseconds since the machine started


class NotificationDaemon:
    """A notification daemon; `bus` is its session bus's address, `display` the screen it draws on.

    Nothing here waits for the application, so that it may be used inside the window's own loop.
    """

    def __init__(self, folder: Path, bus: str, display: str) -> None:
        self.bus = bus
        self.display = display
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        _script(folder / "choose", CHOOSE.format(folder=folder))
        written = str(folder / "shown")
        _script(folder / "write-down", WRITE_DOWN.format(python=sys.executable, shown=written))
        (folder / "dunstrc").write_text(SETTINGS.format(folder=folder))

    def start(self) -> None:
        """Start the daemon; also again, after it was killed."""
        self._process = subprocess.Popen(
            ["dunst", "-conf", str(self._folder / "dunstrc")],
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_name(self.bus, SERVICE)

    def kill(self) -> None:
        """End it as `kill -9` does; what it showed is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ever_shown(self) -> list[Shown]:
        """Return all that it ever showed, the oldest first; what was replaced is there twice."""
        try:
            lines = (self._folder / "shown").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [_shown(json.loads(line)) for line in lines]

    def shown(self) -> list[Shown]:
        """Return what is on the screen now, the oldest first."""
        history = json.loads(self._tell("history"))["data"][0]
        gone = {(it["id"]["data"], it["timestamp"]["data"] // 1000) for it in history}
        newest = {it.id: it for it in self.ever_shown()}
        return [it for it in newest.values() if (it.id, it.timestamp) not in gone]

    def count(self) -> int:
        """Return how many are on the screen now, as the daemon counts them."""
        return int(self._tell("count", "displayed"))

    def buttons(self, title: str = "") -> set[str]:
        """Return the words on the buttons of what is shown (with that title)."""
        menu = self._choose("").splitlines()
        lines = (line[1:].rpartition(" [")[0] for line in menu if line[:1] == "#")
        return {line.rpartition(" (")[0] for line in lines if f" ({title}" in line} - {""}

    def press(self, button: str, title: str = "") -> None:
        """Press the button with these words, of the notification with that title if given.

        It stays on the screen, as daemons may have it: to take it away is the application's.
        """
        offered = self.buttons(title)
        assert button in offered, f"there is no {button!r} among {sorted(offered)}"
        self._choose(f"#{button} ({title}")

    def dismiss(self) -> None:
        """Click the newest one away."""
        self._tell("close")

    def _choose(self, wanted: str) -> str:
        """Choose the first line of the menu that has these words; returns the menu."""
        menu, words = self._folder / "menu", self._folder / "wanted"
        menu.unlink(missing_ok=True)
        words.write_text(wanted)

        def asked() -> bool:
            if words.exists():
                self._tell("context")  # which it does not hear while it closes the menu before
            return menu.exists() and not words.exists()

        eventually(asked)
        return menu.read_text()

    def _tell(self, *words: str) -> str:
        command = ["dunstctl", *words]
        environment = self._environment()
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=20
        ).stdout

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "HOME": str(self._folder),
            "DISPLAY": self.display,
            "DBUS_SESSION_BUS_ADDRESS": self.bus,
            "LANG": "C.UTF-8",
        }


def _script(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


def _shown(names: dict[str, Any]) -> Shown:
    return Shown(
        id=int(names["ID"]),
        app=names["APP_NAME"],
        title=names["SUMMARY"],
        text=names["BODY"],
        urgency=names["URGENCY"],
        timestamp=int(names["TIMESTAMP"] or 0),
    )


@contextmanager
def notifications(folder: Path) -> Iterator[NotificationDaemon]:
    """Yield a daemon with its files in `folder`, its own bus and its own screen."""
    with virtual_screen() as display, session_bus(folder) as bus:
        daemon = NotificationDaemon(folder, bus, display)
        daemon.start()
        try:
            yield daemon
        finally:
            daemon.kill()
