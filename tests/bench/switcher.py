"""500 environments in the sidebar: what a keystroke, a change and a step cost until it is painted.

    python tests/bench/switcher.py [--environments 500] [--rounds 20]

Drawn in memory, one after another, nothing else runs. Ends with 1 when the bar is missed.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.environment import Environment, Preparation
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.table import Diff, Table
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.sidebar.sidebar import Sidebar
from autosky_desktop.ui.theme import theme

NOW = datetime(2026, 11, 24, 18, 33, 11, tzinfo=UTC)
BAR_MS = 50.0
TYPED = "staging 04"


def an_environment(number: int) -> Environment:
    at = ScheduledShutdown(at=NOW + timedelta(minutes=40 + number))
    return Environment(
        id=f"e{number}",
        name=f"Environment {number:04}",
        label=("production", "staging")[number % 2],
        kind="scaling",
        provider="simulated",
        time_zone="UTC",
        run_hours=4,
        revision=1,
        confirmed_at=NOW,
        preparation=Preparation(id=f"p{number}", name="PREP", status="running", shutdown=at),
        sessions=number,
        failed_version=41 if number % 50 == 0 else None,
    )


class Bench:
    def __init__(self, qt: Application, number: int) -> None:
        self.qt = qt
        self.records: Table[Environment] = Table()
        self.sidebar = Sidebar(lambda: NOW)
        self.sidebar.resize(248, 820)
        self.sidebar.arrange(["e7", "e8"], [f"e{it}" for it in range(20, 30)])
        self.sidebar.show()
        qt.processEvents()
        self.number = number
        self.took: dict[str, list[float]] = {}

    def time(self, what: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        self.qt.processEvents()
        self.took.setdefault(what, []).append((time.perf_counter() - began) * 1000)

    def fill(self) -> None:
        whole = tuple(map(an_environment, range(self.number)))
        self.records.replace(whole)
        self.time("list → first rows", lambda: self.sidebar.apply(Diff(added=whole)))
        self.records.watch(lambda diff: diff.added or self.sidebar.apply(diff))

    def type(self) -> None:
        for letter in TYPED:
            self.time("keystroke", lambda key=letter: QTest.keyClicks(self.sidebar.search, key))
        assert self.sidebar.list.model().rowCount() < self.number
        for _ in TYPED:
            self.time("keystroke", self._rub_out)
        assert self.sidebar.list.model().rowCount() == self.number

    def _rub_out(self) -> None:
        QTest.keyClick(self.sidebar.search, Qt.Key.Key_Backspace)

    def go(self) -> None:
        for _ in range(20):
            self.time("step", lambda: QTest.keyClick(self.sidebar.list, Qt.Key.Key_Down))

    def change(self, round_: int) -> None:
        for number in range(0, self.number, 25):
            record = self.records.get(f"e{number}")
            assert record
            new = replace(record, sessions=1000 + round_, revision=round_)
            self.time("change", lambda it=new: self.records.put(it))

    def lose(self) -> None:
        self.time("line lost", lambda: self.sidebar.confirm(False, timedelta()))
        self.time("line back", lambda: self.sidebar.confirm(True, timedelta()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    bench = Bench(qt, given.environments)
    bench.fill()
    for number in range(given.rounds):
        bench.type()
        bench.go()
        bench.change(number)
        bench.lose()
    for what, took in bench.took.items():
        median, most = statistics.median(took), max(took)
        sys.stdout.write(f"{what:18} median {median:6.2f} ms, most {most:6.2f} ms\n")
    keys = sorted(bench.took["keystroke"])
    p99 = keys[round(len(keys) * 0.99) - 1]
    mark = "ok" if p99 <= BAR_MS else "MISSED"
    sys.stdout.write(
        f"{len(keys)} keystrokes among {given.environments} environments: p99 {p99:.1f} ms "
        f"(bar {BAR_MS:.0f} ms): {mark}\n"
    )
    return 0 if p99 <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
