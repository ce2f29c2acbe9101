"""100,000 entries of activity: what a page, a new entry and a frame of scrolling cost in the tab.

    python tests/bench/record.py [--entries 100000]

Drawn in memory; every figure is of the Qt thread, until it is painted. Then all of them are
exported from a control plane that has its answers ready: how long the thread is held up at most.
Ends with 1 when a bar is missed.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from autosky_desktop.actions import exporting
from autosky_desktop.actions.intents import Intents
from autosky_desktop.actions.paging import LIMIT
from autosky_desktop.domain.activity import Activity, ActivityPage
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.activity.export_button import activity_of
from autosky_desktop.ui.activity.table import ActivityModel, ActivityTable, columns
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.theme import theme
from autosky_desktop.words import activity as words
from tests.support.evening import NOW, an_activity

BAR_MS = 16.0
NEW, FRAMES = 200, 400


class Took:
    """The milliseconds by what was done."""

    def __init__(self, qt: Application) -> None:
        self._qt = qt
        self.ms: dict[str, list[float]] = {}

    def time(self, what: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        self._qt.processEvents()
        self.ms.setdefault(what, []).append((time.perf_counter() - began) * 1000)

    def p99(self, what: str) -> float:
        took = sorted(self.ms[what])
        return took[min(len(took) - 1, round(len(took) * 0.99))]


def scroll(took: Took, record: list[Activity]) -> None:
    """Read page after page to the end, scroll about, and let something new come in meanwhile."""
    model = ActivityModel(
        columns(lambda: NOW, lambda it: words.result(it, now=NOW)),
        order=lambda it: it.at,
        descending=True,
    )
    table = ActivityTable(model)
    table.resize(1000, 680)
    table.show()
    for begin in range(0, len(record), LIMIT):
        page = Diff(added=tuple(record[begin : begin + LIMIT]))
        took.time("page of older ones", lambda it=page: model.apply(it))
    assert model.rowCount() == len(record)
    bar = table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for _ in range(FRAMES):
        took.time("frame of scrolling", lambda: bar.setValue(bar.value() + 120))
    for number in range(1, NEW + 1):
        new = Diff(added=(an_activity(-number),))
        took.time("new entry", lambda it=new: model.apply(it))
    took.time("everything away", model.clear)


class Ready:
    """A control plane that answers at once, page by page."""

    def __init__(self, record: list[Activity]) -> None:
        self._record = record

    async def activity(self, _environment: str, wanted: Mapping[str, str]) -> ActivityPage:
        begin, limit = int(wanted.get("cursor", 0)), int(wanted["limit"])
        entries = self._record[begin : begin + limit]
        more = str(begin + limit) if begin + limit < len(self._record) else None
        return ActivityPage(entries=entries, next=more)


async def export(record: list[Activity]) -> list[float]:
    """Return how long every other task had to wait while the file was written."""
    waits: list[float] = []

    async def beat() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            waits.append((time.perf_counter() - began) * 1000)

    beating, began = asyncio.create_task(beat()), time.perf_counter()
    with TemporaryDirectory() as folder:
        target = Path(folder) / "activity.csv"
        plane = cast("Intents", Ready(record))
        await exporting.export(activity_of("erp", plane), {}, target, lambda _number: None)
        seconds = time.perf_counter() - began
        beating.cancel()
        size = target.stat().st_size / 2**20
    sys.stdout.write(f"export of {len(record)} entries: {seconds:.1f} s, {size:.1f} MiB\n")
    return waits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    given = parser.parse_args()
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    took = Took(qt)
    record = [an_activity(number) for number in range(given.entries)]
    scroll(took, record)
    took.ms["wait while exporting"] = asyncio.run(export(record))
    for what, ms in took.ms.items():
        sys.stdout.write(
            f"{what:21} median {statistics.median(ms):6.2f} ms, p99 {took.p99(what):6.2f}, "
            f"most {max(ms):6.2f}\n"
        )
    judged = ("page of older ones", "frame of scrolling", "new entry", "wait while exporting")
    worst = max(map(took.p99, judged))
    mark = "ok" if worst <= BAR_MS else "MISSED"
    sys.stdout.write(
        f"{given.entries} entries, p99 of the worst: {worst:.1f} ms (bar {BAR_MS:.0f} ms): {mark}\n"
    )
    return 0 if worst <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
