"""100,000 publications: what a page, a new one and a frame of scrolling cost, and their memory.

    python tests/bench/history_rows.py [--runs 100000]

The real card on pages as the control plane hands them out. Drawn in memory; every figure is of the
Qt thread, until it is painted. A frame of scrolling is a turn of the wheel; a jump is what dragging
the scroll bar does, where every row is a new one. On a busy machine look at the processor time.
Memory is what the process has more of than with the first page alone. It may grow by 40 MiB,
420 bytes a row: some 290 are its id, its time and its place in the order, 65 what it says, packed;
the rest is what lies between. As whole records they took 3,000. Ends with 1 when a bar is missed.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from autosky_desktop.actions.paging import LIMIT
from autosky_desktop.domain.publication import Publication, begun
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.publish.history.card import MOST_ROWS
from autosky_desktop.ui.publish.history.rows import columns
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.widgets.table.long_table import LongModel, LongTable
from tests.support.evening import NOW, a_publication, ago
from tests.support.usage import memory

BAR_MS, BAR_MIB = 16.0, 40.0
FRAMES, JUMPS, NEW, WARM_UP = 1_200, 100, 50, 20
WHEEL = 120
"""Pixels of a turn of the wheel: a frame."""
MODELS = ("optimized", "standard", "keep-users-connected", "request-reconnection")
STATES = ("succeeded", "succeeded", "failed", "cancelled")


def pages(count: int) -> Iterator[tuple[Publication, ...]]:
    """Yield the publications newest first, one an hour; made as they are asked for."""
    for begin in range(0, count, LIMIT):
        yield tuple(a_past(number) for number in range(begin, min(begin + LIMIT, count)))


def a_past(number: int) -> Publication:
    at = ago(3600 * (number + 1))
    return a_publication(
        id=str(UUID(int=Random(number).getrandbits(128))), version=max(1, 99_999 - number),
        model=MODELS[number % 4], state=STATES[number // 4 % 4], requested_at=at,
        started_at=at, ended_at=at + timedelta(minutes=14, seconds=number % 60),
        note=f"Release {number}",
    )  # fmt: skip


class Took:
    """The milliseconds by what was done: by the clock, and of the processor."""

    def __init__(self, qt: Application) -> None:
        self._qt = qt
        self.ms: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    def time(self, what: str, work: Callable[[], object]) -> None:
        began, used = time.perf_counter(), time.thread_time()
        work()
        self._qt.processEvents()
        self.ms.setdefault(what, []).append((time.perf_counter() - began) * 1000)
        self.cpu.setdefault(what, []).append((time.thread_time() - used) * 1000)


def p99(ms: list[float]) -> float:
    return sorted(ms)[min(len(ms) - 1, round(len(ms) * 0.99))]


def run(took: Took, count: int) -> float:
    """Read page after page to the end, scroll about, and let new ones come in meanwhile.

    Returns the growth of the memory in MiB.
    """
    model: LongModel[Publication] = LongModel(columns(lambda: NOW), order=begun, descending=True)
    table = LongTable(model, most_rows=MOST_ROWS, several=True)
    table.resize(960, 600)
    table.show()
    following = pages(count)
    model.apply(Diff(added=next(following)))
    Application.settle()
    bar = table.verticalScrollBar()
    for frame in range(WARM_UP):
        bar.setValue(frame * 37)
        took.time("warming up", table.viewport().update)
    before = memory(os.getpid())
    for page in following:
        took.time("page of older ones", lambda it=page: model.apply(Diff(added=it)))
    for frame in range(FRAMES):
        took.time("frame of scrolling", lambda to=frame * WHEEL: bar.setValue(to))
    step = max(1, bar.maximum() // JUMPS)
    for frame in range(JUMPS):
        took.time("jump elsewhere", lambda to=frame * step: bar.setValue(to))
    for number in range(NEW):
        fresh = Diff(added=(a_past(-2 - number),))
        took.time("new publication", lambda it=fresh: model.apply(it))
    table.close()
    return memory(os.getpid()) - before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100_000)
    count = parser.parse_args().runs
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    took = Took(qt)
    grown = run(took, count)
    took.ms.pop("warming up")
    for what, ms in took.ms.items():
        sys.stdout.write(
            f"{what:<20}  median {statistics.median(ms):6.2f} ms, p99 {p99(ms):6.2f}, "
            f"most {max(ms):6.2f}, p99 of processor time {p99(took.cpu[what]):6.2f} ms\n"
        )
    worst = p99(took.ms["frame of scrolling"])
    smooth, small = worst <= BAR_MS, grown <= BAR_MIB
    sys.stdout.write(
        f"{count} publications: scrolling p99 {worst:.1f} ms (bar 16 ms): {_verdict(smooth)}; "
        f"memory {grown:+.1f} MiB (bar {BAR_MIB:.0f}): {_verdict(small)}\n"
    )
    return 0 if smooth and small else 1


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
