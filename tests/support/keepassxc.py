"""A real KeePassXC that provides the Secret Service, and the person who answers what it asks."""

import base64
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.bus import wait_for_name
from tests.support.keychain import SECRETS
from tests.support.program import Desk
from tests.support.waiting import eventually

PASSWORD = "of-the-rig"
ACCESS, UNLOCK = "Access Request", "Unlock Database"

SETTINGS = """[General]
ConfigVersion=2
UpdateCheckMessageShown=true
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
"""
"""The Secret Service is switched on; all else of it is as KeePassXC comes."""

DATABASE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
  <Meta>
    <Generator>rig</Generator><DatabaseName>Passwords</DatabaseName>
    <CustomData>
      <Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item>
    </CustomData>
  </Meta>
  <Root><Group><UUID>{encoded}</UUID><Name>Root</Name></Group></Root>
</KeePassFile>
"""


class KeePassXc:
    """A KeePassXC at a desk, with a database whose only group is shown to other programs."""

    def __init__(self, desk: Desk, process: "subprocess.Popen[bytes]") -> None:
        self._desk, self._process = desk, process

    def end(self) -> None:
        """End it, whatever it asks at the moment."""
        self._process.kill()
        self._process.wait()

    def answer(self, title: str, key: str, text: str = "") -> None:
        """Wait for its window of that title, type, press a key, and see the window go."""
        window = eventually(lambda: self._window(title))
        self._xdotool("windowactivate", "--sync", window)
        if text:
            self._xdotool("type", text)
        self._xdotool("key", key)
        eventually(lambda: self._window(title) != window)

    def asks(self, title: str) -> bool:
        return bool(self._window(title))

    def lock(self) -> None:
        """Lock the database in its window, as a person does."""
        window = eventually(lambda: self._window("Passwords"))
        self._xdotool("windowactivate", "--sync", window)
        self._xdotool("key", "ctrl+l")
        eventually(lambda: self._window("Locked"))

    def _window(self, title: str) -> str:
        found = self._xdotool("search", "--onlyvisible", "--name", title).split()
        return found[-1] if found else ""

    def _xdotool(self, *words: str) -> str:
        command = ["xdotool", *words]
        return subprocess.run(
            command, env=self._desk.environment, capture_output=True, text=True, timeout=30
        ).stdout


@contextmanager
def keepassxc(desk: Desk) -> Iterator[KeePassXc]:
    """Yield a KeePassXC, unlocked, and gone at the end."""
    settings = desk.home / ".config/keepassxc/keepassxc.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS)
    database = _database(desk)
    with subprocess.Popen(
        ["keepassxc", "--pw-stdin", str(database)],
        env={**desk.environment, "TMPDIR": str(desk.home)},  # where it sees that it is the only one
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin
        try:
            with process.stdin as asked:
                asked.write(f"{PASSWORD}\n".encode())
            wait_for_name(desk.bus, SECRETS)
            person = KeePassXc(desk, process)
            eventually(lambda: person.asks("Passwords"))
            yield person
        finally:
            process.kill()


def _database(desk: Desk) -> Path:
    group = uuid.uuid4()
    source, database = desk.home / "database.xml", desk.home / "database.kdbx"
    encoded = base64.b64encode(group.bytes).decode()
    source.write_text(DATABASE.format(group=group, encoded=encoded))
    subprocess.run(
        ["keepassxc-cli", "import", "-q", "-p", "-t", "100", str(source), str(database)],
        env=desk.environment,
        input=f"{PASSWORD}\n{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return database
