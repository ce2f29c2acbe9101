"""The bench of latency, from an event the control plane writes to the pixels that show it.

    python tests/bench/latency.py [--events 300] [--hanging 0]

A real control plane in its own process, a real window in this one. The clock starts with the
time in the event's row, taken before its transaction commits, and stops when the table's cell
has been painted with the new word. Meanwhile it may have some environments whose cloud takes every
question and answers none. Ends with 1 when the bar is missed.
"""

import argparse
import asyncio
import os
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtCore import QEvent, QObject, QTimer

from autosky_desktop.app import open_desktop
from autosky_desktop.client.control_plane import ControlPlane
from autosky_desktop.domain.environment_settings import EnvironmentSettings
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.servers.page import ServersPage
from tests.support.person import Person, cells

BAR_MS = 50.0
SERVER = "db-erp-prod-01"
ENVIRONMENT = "erp-production"


class Painted(QObject):
    """A filter that notes when a word was first painted in the table of support servers."""

    def __init__(self, page: ServersPage) -> None:
        super().__init__()
        self.table = page.support.table
        self.awaited = ""
        self.seen = asyncio.Event()
        self.at: dict[str, float] = {}
        self.table.viewport().installEventFilter(self)

    async def wait_for(self, word: str) -> None:
        self.awaited = word
        self.seen.clear()
        await self.seen.wait()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self.awaited:
            QTimer.singleShot(0, self._look)  # comes when the painting has been done
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        if any(self.awaited in text for _index, text in cells(self.table)):
            self.at.setdefault(self.awaited, time.time())
            self.seen.set()


class Silence:
    """An address that takes every connection and answers nothing; AWS is looked for there."""

    def __init__(self) -> None:
        self.asked: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        os.environ |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }
        Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            self.asked.append(self._listening.accept()[0])

    async def hang(self, plane: ControlPlane, number: int) -> None:
        """Add so many environments that are there, and wait until each of them hangs."""
        for each in range(number):
            values = {"region": f"nowhere-{each}", "preparation": f"i-{each:017x}"}
            asked = EnvironmentSettings(name=f"Silent {each}", provider="aws", values=values)
            await plane.managed.add(asked, key=f"silent {each}")
        await Person(patience=30).until(lambda: len(self.asked) >= number, "all of them asked")


async def measure(desktop: Desktop, cloud: Path, events: int) -> dict[str, float]:
    """Return when each of so many words was on screen, by the word."""
    await Person(patience=30).sees("Name: DB-ERP-PROD-01")
    page = desktop.window.page
    assert page is not None
    servers = page.tab("servers")
    assert isinstance(servers, ServersPage)
    painted = Painted(servers)
    follow = desktop.follow
    for number in range(events):
        word = f"Word{number:04}"
        faults = Faults(status_words={SERVER: word})
        (cloud / "part").write_bytes(msgspec.json.encode(faults))
        (cloud / "part").replace(cloud / "faults.json")
        assert follow.plane is not None
        waiting = asyncio.ensure_future(painted.wait_for(word))
        await follow.plane.provider_update(ENVIRONMENT, key=word)
        async with asyncio.timeout(10):
            await waiting
            await ended(follow.plane)
    return painted.at


async def ended(plane: ControlPlane) -> None:
    """Wait until the update has ended: who asks for another meanwhile is told of this one."""
    running = True
    while running:
        snapshot = await plane.snapshot(ENVIRONMENT)
        running = any(each.state == "running" for each in snapshot.operations)


def written(data: Path) -> dict[str, float]:
    """Return when the control plane wrote each word's event."""
    at = {}
    with sqlite3.connect(f"file:{data / 'app.sqlite3'}?mode=ro", uri=True) as db:
        for body, moment in db.execute("SELECT body, at FROM event WHERE kind = 'server'"):
            status = msgspec.json.decode(body)["status"]
            at.setdefault(status, datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())
    return at


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--hanging", type=int, default=0, help="environments that never answer")
    given = parser.parse_args()
    shown: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="autosky-latency-") as data:
        silence = Silence()

        async def visit(_qt: Application, desktop: Desktop) -> int:
            await Person(patience=30).until(lambda: desktop.follow.plane, "a control plane")
            assert desktop.follow.plane is not None
            await silence.hang(desktop.follow.plane, given.hanging)
            shown.update(await measure(desktop, Path(data) / "cloud", given.events))
            return 0

        os.environ["XDG_CONFIG_HOME"] = data  # it begins as the first time, whatever was before
        open_desktop(["--data", data, "--demo"], visit)
        wrote = written(Path(data))
    took = sorted((shown[word] - wrote[word]) * 1000 for word in shown)
    p99 = took[min(len(took) - 1, round(len(took) * 0.99))]
    mark = "ok" if p99 <= BAR_MS else "MISSED"
    line = f"event written → on screen, {len(took)} events"
    if given.hanging:
        line += f", {given.hanging} other environments hang"
    line += f": median {statistics.median(took):.1f} ms"
    sys.stdout.write(f"{line}, p99 {p99:.1f} ms (bar {BAR_MS:.0f} ms): {mark}\n")
    return 0 if p99 <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
