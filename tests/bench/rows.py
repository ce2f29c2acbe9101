"""The bench of 10,000 support servers: a frame of scrolling under 1,000 changes a second.

    python tests/bench/rows.py [--rows 10000] [--frames 1200]

A frame is everything the Qt thread does for it: the changes that came since the one before are
applied, the page scrolls on by a turn of the wheel, what fades fades, and it is painted. One in
three changes is to a row that can be seen. Drawn in memory. A keystroke in the search field is
over when the table has been painted without the rows that do not match. Ends with 1 when a bar is
missed.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea

from autosky_desktop.domain.server import Server
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.store.table import Table
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.servers.support import SupportCard
from autosky_desktop.ui.theme import theme

NOW = datetime(2026, 11, 24, 18, 33, 11, tzinfo=UTC)
FRAME_MS, KEY_MS = 16.0, 50.0
A_SECOND, FRAMES_A_SECOND = 1_000, 60
WHEEL = 120
WARM_UP = 60
STATES = ("running", "stopped", "starting", "stopping")


def servers(count: int) -> list[Server]:
    return [
        Server(
            id=f"server-{number}",
            name=f"DB-{number:05}",
            role="support",
            status="running",
            since=NOW - timedelta(hours=1),
            public_ip=f"203.0.{number // 250}.{number % 250}",
            private_ip=f"10.20.{number // 250}.{number % 250}",
            type=("Database", "File server", "Licence server")[number % 3],
        )
        for number in range(count)
    ]


class Page:
    """The card in a page that scrolls, as the window has it, and the records behind it."""

    def __init__(self, qt: Application, count: int) -> None:
        self.qt = qt
        self.records: Table[Server] = Table()
        self.records.replace(servers(count))
        self.card = SupportCard(lambda _server: (), lambda: NOW)
        self.records.watch(self.card.apply)
        self.card.show_line(LineStatus(Line.LIVE, NOW), loaded=True)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.card)
        self.area.resize(1280, 820)
        self.area.show()
        qt.processEvents()

    def rows_seen(self) -> tuple[int, int]:
        table = self.card.table
        top = self.area.verticalScrollBar().value() - table.y()
        return table.rowAt(max(0, top)), table.rowAt(max(0, top) + 780)

    def change(self, number: int) -> None:
        """Change one record, as the feed does it."""
        server = self.records.get(f"server-{number}")
        assert server
        self.records.put(replace(server, status=random.choice([*STATES]), since=NOW))


@dataclass
class Took:
    """The milliseconds by the clock and of the processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def time(self, work: Callable[[], object]) -> None:
        began, used = time.perf_counter(), time.thread_time()
        work()
        self.wall.append((time.perf_counter() - began) * 1000)
        self.cpu.append((time.thread_time() - used) * 1000)


def p99(took: list[float]) -> float:
    return sorted(took)[min(len(took) - 1, round(len(took) * 0.99))]


def frames(page: Page, count: int, *, rate: int, scroll: bool) -> Took:
    """Draw so many frames, 60 a second."""
    bar, took, owed = page.area.verticalScrollBar(), Took(), 0.0
    bar.setValue(0)
    rows = len(page.records)
    down = WHEEL

    def frame() -> None:
        nonlocal down
        for _ in range(int(owed)):
            low, high = page.rows_seen()
            seen = random.random() < 1 / 3
            page.change(random.randint(low, max(low, high)) if seen else random.randrange(rows))
        if scroll:
            if not 0 <= bar.value() + down <= bar.maximum():
                down = -down
            bar.setValue(bar.value() + down)
        page.qt.processEvents()

    begin = time.perf_counter()
    for number in range(count):
        owed = owed % 1 + rate / FRAMES_A_SECOND
        took.time(frame)
        if number == WARM_UP:
            took = Took()
        left = begin + (number + 1) / FRAMES_A_SECOND - time.perf_counter()
        if left > 0:
            time.sleep(left)
    return took


def keystrokes(page: Page, count: int) -> Took:
    """Type a name and wipe it out again, letter by letter."""
    search = page.area.findChild(QLineEdit)
    assert search, "there is no search field"
    took = Took()

    def key(press: Callable[[], object]) -> None:
        took.time(lambda: (press(), page.qt.processEvents()))

    for number in range(count):
        for letter in f"db-{number * 37 % 10_000:05}":
            key(lambda letter=letter: QTest.keyClick(search, letter))
        while search.text():
            key(lambda: QTest.keyClick(search, Qt.Key.Key_Backspace))
    return took


def report(what: str, took: Took, bar: float) -> bool:
    met = p99(took.wall) <= bar
    figures = f"median {statistics.median(took.wall):.1f}, p99 {p99(took.wall):.1f}"
    more = f"worst {max(took.wall):.1f}, p99 of processor time {p99(took.cpu):.1f} ms"
    mark = "met" if met else "MISSED"
    print(f"{what:46}{figures} (bar {bar:.0f}), {more}: {mark}", flush=True)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--frames", type=int, default=1_200)
    parser.add_argument("--words", type=int, default=20, help="typed and wiped out again")
    given = parser.parse_args()
    random.seed(3)
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    page = Page(qt, given.rows)
    Application.settle()
    name, each = f"{given.rows:,} rows", given.frames
    ok = report(f"{name}, scrolling", frames(page, each, rate=0, scroll=True), FRAME_MS)
    took = frames(page, each, rate=A_SECOND, scroll=False)
    ok &= report(f"{name}, {A_SECOND:,} changes/s", took, FRAME_MS)
    took = frames(page, each, rate=A_SECOND, scroll=True)
    ok &= report(f"{name}, scrolling under {A_SECOND:,} changes/s", took, FRAME_MS)
    ok &= report(f"{name}, a keystroke in the search", keystrokes(page, given.words), KEY_MS)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
