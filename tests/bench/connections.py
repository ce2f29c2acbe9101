"""The search for a password that is found nowhere, over 200 connections of every outcome.

    python tests/bench/connections.py [--connections 200]

The real window on a virtual screen, its own control plane, real clients, real servers on
loopback, a real keychain. Every password holds a marker that only this run knows. All the while
the command lines and environments of every process are searched for it, and afterwards every
file that was written: settings, logs, databases, what lies in temporary and runtime folders.
Ends with 1 when it is found, when a connection ends otherwise than it should, or when the record
says in the end that one is still open. Needs root, for the SSH server's account.
"""

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.connect_rig import DB, FILE, OTHER, WEB, Visitor, send


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        person = Connects(given.connections)
        return person.opens(person.work)
    told = send(
        __file__, ["--connections", str(given.connections)], search=True, visits=given.connections
    )
    found = told.traces.found
    sys.stdout.write(told.said)
    sys.stdout.write(
        f"places searched {told.traces.searched:,}, passwords found in {len(found)} (bar 0)\n"
    )
    sys.stdout.write("".join(f"  {place}\n" for place in sorted(found)))
    return 1 if told.code or found else 0


class Connects(Visitor):
    """A visitor who connects again and again, in every way there is."""

    def __init__(self, connections: int) -> None:
        super().__init__()
        self._connections = connections

    async def work(self) -> int:
        """Go on from where the last visitor was killed."""
        kinds, began = self._kinds(), self.known.folder / "began"
        first = int(began.read_text()) if began.exists() else 0
        await self._recorded()
        for at in range(first, self._connections):
            name, connect = kinds[at % len(kinds)]
            began.write_text(str(at + 1))
            await connect()
        came = Counter(kinds[at % len(kinds)][0] for at in range(self._connections))
        for name, count in came.items():
            sys.stdout.write(f"{count:4} x {name}\n")
        await self._recorded()
        still_open = self._still_open()
        sys.stdout.write(f"open in the record in the end: {still_open}\n")
        sys.stdout.flush()
        return 1 if still_open else 0

    def _kinds(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        wrong, right = f"not {self.known.marker}", self.known.marker
        refused = "The server refused this user or password."
        return [
            ("RDP, a session", lambda: self.session(DB, right)),
            ("RDP, wrong password", lambda: self.fails(DB, wrong, refused)),
            ("SSH, a session", lambda: self.session(WEB, right)),
            ("SSH, wrong password", lambda: self.fails(WEB, wrong, refused)),
            ("RDP, another certificate", lambda: self.fails(OTHER, right, "What answers is not")),
            ("RDP, nothing answers", lambda: self.fails(FILE, right, "Nothing answers", "reached")),
            ("RDP, remembered", self._remembered),
            ("RDP, from a vault", self._from_vault),
            ("SSH, another host key", self._other_host_key),
            ("RDP, closed while it connects", self._escaped),
            ("RDP, the control plane is killed", self._without_control_plane),
            ("SSH, the program is killed as it is pressed", lambda: self._killed(WEB, _at_once)),
            ("SSH, the program is killed as it connects", lambda: self._killed(WEB, self._begun)),
            ("RDP, the program is killed as it connects", lambda: self._killed(DB, self._begun)),
            ("RDP, the program is killed in a session", lambda: self._killed(DB, self._open)),
        ]

    async def _remembered(self) -> None:
        """Connect with a password that is put into the keychain, taken from it, and forgotten."""
        await self.asks(DB)
        await self.me.types("Password", self.known.marker)
        await self.me.presses("Remember in the system keychain")
        await self.presses()
        await self.ends(DB)
        await self.session(DB, "")
        for credential in self.desktop.credentials.entries:
            await self.desktop.credentials.forget(credential.id)

    async def _from_vault(self) -> None:
        """Connect with a command that reads its person's own file, outside what is searched."""
        from msgspec.structs import replace

        secret = self.known.folder / "vault"
        secret.write_text(self.known.marker)
        preferences = self.desktop.connections._preferences
        before = preferences.settings
        preferences.keep(replace(before, vault_command=("cat", str(secret))))
        await self.session(DB, "")
        preferences.keep(replace(preferences.settings, vault_command=()))

    async def _other_host_key(self) -> None:
        from msgspec.structs import replace

        trust = self.desktop.connections.trust
        [pin] = [pin for pin in trust.pins if pin.server == WEB]
        trust.pin(replace(pin, fingerprint="SHA256:" + "A" * 43))
        await self.fails(WEB, self.known.marker, "is not what it was")
        trust.pin(pin)

    async def _escaped(self) -> None:
        await self.asks(DB)
        await self.me.types("Password", self.known.marker)
        await self.me.presses("Connect")
        await self.me.presses("Cancel")

    async def _without_control_plane(self) -> None:
        """Connect without a control plane: the session is recorded once there is one again."""
        await self.asks(DB)
        await self.me.types("Password", self.known.marker)
        os.kill(self.desktop.follow._connector._process.pid, signal.SIGKILL)
        await self.presses()
        await self.ends(DB)
        await self._recorded()

    async def _killed(self, server: str, moment: Callable[[], Awaitable[object]]) -> None:
        await self.asks(server)
        await self.me.types("Password", self.known.marker)
        await self.me.presses("Connect")
        await moment()
        os.kill(os.getpid(), signal.SIGKILL)

    async def _begun(self) -> None:
        owed = self.desktop.connections._owed
        await self.me.until(owed.there, "a connection that is told of")

    async def _open(self) -> None:
        await self.me.until(self.desktop.connections.sessions, "a session")

    async def _recorded(self) -> None:
        """Wait until all that is owed is told, which begins two seconds after the first paint."""
        connections = self.desktop.connections
        await self.me.until(
            lambda: self.desktop._store.connection.live and not connections._owed.there(),
            "nothing owed",
        )

    def _still_open(self) -> int:
        record = f"file:{self.known.folder}/home/data/app.sqlite3?mode=ro"
        with closing(sqlite3.connect(record, uri=True)) as rows:
            [count] = rows.execute("SELECT count(*) FROM connection WHERE outcome = 'open'")
        return int(count[0])


async def _at_once() -> None:
    await asyncio.sleep(0)


if __name__ == "__main__":
    sys.exit(main())
