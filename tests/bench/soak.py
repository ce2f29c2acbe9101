"""Two hours of 20 changes a second, as fast as they are taken: how much the window grows.

    python tests/bench/soak.py [--hours 2]

The real feed, store and window over a control plane that has nothing but news, in a process of its
own. After each two minutes of that time the window has what a timer gives it every two minutes of
any time: its garbage is collected. Memory is read just before that, when it is largest: what
the process has written, as the rest moves with who else is there. Growth is from the median of the
second tenth to that of the last. Ends with 1 when the bar is missed.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qasync import QEventLoop

from autosky_desktop.ui import application
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.theme import theme
from tests.bench.event_source import PARTS
from tests.support.desktop import At, desktop_at
from tests.support.person import Person
from tests.support.usage import private

A_SECOND, AN_HOUR = 20, 3_600
BAR = 2.0
ENVIRONMENTS = ("ERP", "CRM", "PAYROLL")
SOURCE = [sys.executable, str(Path(__file__).with_name("event_source.py"))]


def heard(desktop: Desktop) -> int:
    """Return how many changes have come, by the revisions they left."""
    store = desktop.follow._store
    return sum((store.details(name).revision or 1) - 1 for name in store.opened)


async def soak(desktop: Desktop, source: "subprocess.Popen[str]", events: int) -> list[float]:
    me = Person(patience=120)
    for name in ENVIRONMENTS:
        await me.clicks_cell(name)
        await me.sees(f"Server name: PREP-{name}")
        await me.opens_tab("Publish")
        await me.opens_tab("Activity")
        await me.opens_tab("Servers")
    Application.settle()
    sizes = []
    for part in range(1, PARTS + 1):
        due = part * (events // PARTS)
        await me.until(lambda due=due: heard(desktop) >= due, f"{due} changes", patience=300)
        sizes.append(private(os.getpid()))
        if part % 6 == 0:
            print(f"{due:9,} changes: {sizes[-1]:.1f} MiB", flush=True)
        application._collect()
        assert source.stdin
        source.stdin.write("go on\n")
        source.stdin.flush()
    return sizes


async def run(source: "subprocess.Popen[str]", url: str, events: int) -> list[float]:
    async with desktop_at(At(url, "token")) as desktop:
        return await soak(desktop, source, events)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=2.0)
    given = parser.parse_args()
    events = round(given.hours * AN_HOUR * A_SECOND)
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    began = time.perf_counter()
    with subprocess.Popen(
        [*SOURCE, str(events)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as source:
        assert source.stdout
        url = source.stdout.readline().strip()
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
            sizes = runner.run(run(source, url, events))
        source.kill()
    tenth = PARTS // 10
    warm, end = (statistics.median(part) for part in (sizes[tenth : 2 * tenth], sizes[-tenth:]))
    growth = (end / warm - 1) * 100
    took = time.perf_counter() - began
    print(
        f"{events:,} changes ({given.hours:g} h at {A_SECOND}/s) in {took:.0f} s: "
        f"{warm:.1f} → {end:.1f} MiB, growth {growth:.2f} % (bar {BAR:g} %): "
        f"{'met' if growth <= BAR else 'MISSED'}"
    )
    return 0 if growth <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
