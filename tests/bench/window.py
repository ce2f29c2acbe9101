"""The bench of the window: what an open one costs beside a bare one, on one virtual screen.

    python tests/bench/window.py [--rounds 21] [--looks 5] [--idle 15] [--one-core-busy]

Every start has a home of its own and nothing in it; `again` starts in the home of one that was
looked at for a while, and shows the servers that were known last. The programs start in turn, a
bare window before each of ours. A ratio is the median of these pairs, so that a slow minute of the
machine hits both; the quarter of the pairs above it and that below show how it swings.
Idle means that nothing happens in the demo's cloud either: it stands still, and nobody signs in or
out. With one core kept busy by something else only the start is looked at. Ends with 1 when a bar
is missed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import truediv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.screen import virtual_screen
from tests.support.sight import Sight
from tests.support.usage import Usage, children, memory, usage

ROOT = Path(__file__).parents[2]
BARE = [sys.executable, str(ROOT / "tests/bench/bare_window.py")]
DESKTOP = [sys.executable, "-m", "autosky_desktop.cli", "desktop", "--demo"]
AT_REST = [*DESKTOP, "--speed", "0.001"]
SERVERS_SHOWN = " – Autosky Desktop"
PATIENCE = 60.0
MEMORY_ROUNDS = 3
SETTLING = 5.0
"""Seconds until what was put off at the start has been done."""

MILLISECOND = 1e6


@dataclass(frozen=True)
class Start:
    """The seconds from exec to the first painted window, and to the servers on the screen."""

    painted: float
    servers: float


@dataclass
class Pairs:
    """The starts of bare windows, and of ours right after each."""

    bare: list[Start] = field(default_factory=list)
    ours: list[Start] = field(default_factory=list)


@dataclass
class Memory:
    """The MiB of a bare window, of ours, and of ours with its control plane."""

    bare: list[float] = field(default_factory=list)
    window: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Idle:
    """The use of one process while nobody touches it, over so many seconds."""

    used: Usage
    seconds: float

    @property
    def ticks(self) -> float:
        """Return the milliseconds of CPU a minute, as the system accounts them."""
        return self.used.ticks / MILLISECOND / self.seconds * 60

    @property
    def cpu(self) -> float:
        """Return the same, as the scheduler counts them."""
        return self.used.cpu / MILLISECOND / self.seconds * 60

    @property
    def switches(self) -> float:
        return self.used.switches / self.seconds


@contextmanager
def started(command: list[str], sight: Sight, home: str) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a program with nothing of ours in its environment; gone at the end with its window and
    its child.
    """
    environment = {"HOME": home, "DISPLAY": sight.display, "PATH": os.defpath, "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        own = children(process.pid)
        process.terminate()
        process.wait(PATIENCE)
        planes = [Path(f"/proc/{child}") for child in own]
        sight.until(lambda: not any(it.exists() for it in planes), "its plane's end", PATIENCE)
        sight.until(lambda: not sight.windows(), "its window's end", PATIENCE)


def start(sight: Sight, home: str, *, bare: bool) -> Start:
    """Watch one start until all that it shows is on the screen."""
    began = time.perf_counter()
    with started(BARE if bare else DESKTOP, sight, home):
        window = first_window(sight)
        sight.until(lambda: sight.painted(window), "a painted window", PATIENCE)
        painted = time.perf_counter() - began
        if not bare:
            see_servers(sight, window)
        return Start(painted, time.perf_counter() - began)


def first_window(sight: Sight) -> int:
    return sight.until(sight.windows, "a window", PATIENCE)[0]


def see_servers(sight: Sight, window: int) -> None:
    sight.until(lambda: sight.title(window).endswith(SERVERS_SHOWN), "servers", PATIENCE)


def starts(sight: Sight, rounds: int) -> tuple[Pairs, Pairs]:
    """Return cold starts, and starts with the last known state of an earlier one."""
    cold, again = Pairs(), Pairs()
    with tempfile.TemporaryDirectory() as kept:
        settled(sight, kept, bare=False)
        for _ in range(rounds):
            for pairs in (cold, again):
                with tempfile.TemporaryDirectory() as new:
                    pairs.bare.append(start(sight, new, bare=True))
                    home = new if pairs is cold else kept
                    pairs.ours.append(start(sight, home, bare=False))
    return cold, again


def settled(sight: Sight, home: str, *, bare: bool) -> tuple[float, float]:
    """Return the memory of a program that has settled, without its child and with it."""
    with started(BARE if bare else DESKTOP, sight, home) as process:
        window = first_window(sight)
        if not bare:
            see_servers(sight, window)
        time.sleep(SETTLING)
        own = memory(process.pid)
        return own, own + sum(map(memory, children(process.pid)))


def memories(sight: Sight) -> Memory:
    found = Memory()
    for _ in range(MEMORY_ROUNDS):
        with tempfile.TemporaryDirectory() as bare, tempfile.TemporaryDirectory() as home:
            found.bare.append(settled(sight, bare, bare=True)[0])
            window, together = settled(sight, home, bare=False)
            found.window.append(window)
            found.together.append(together)
    return found


def rest(sight: Sight, looks: int, seconds: float) -> tuple[list[Idle], list[Idle]]:
    """Return what the window and its control plane use while nobody touches them, at each look."""
    with tempfile.TemporaryDirectory() as home, started(AT_REST, sight, home) as process:
        see_servers(sight, first_window(sight))
        time.sleep(2 * SETTLING)
        pids = process.pid, children(process.pid)[0]
        seen: tuple[list[Idle], list[Idle]] = ([], [])
        for _ in range(looks):
            before, began = [usage(pid) for pid in pids], time.perf_counter()
            time.sleep(seconds)
            after, lasted = [usage(pid) for pid in pids], time.perf_counter() - began
            for idle, late, early in zip(seen, after, before, strict=True):
                idle.append(Idle(late - early, lasted))
        return seen


@contextmanager
def one_core_busy() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


class Table:
    """A table with a line for each figure; it remembers whether a bar was missed."""

    def __init__(self) -> None:
        self.missed = False
        self._row("", "bare", "desktop", "ratio", "half of all", "bar", "")

    def ratio(self, what: str, bare: list[float], ours: list[float], unit: str, bar: float) -> None:
        below, middle, above = statistics.quantiles(map(truediv, ours, bare), n=4)
        met = middle <= bar
        self._row(
            what,
            f"{statistics.median(bare):.3g} {unit}",
            f"{statistics.median(ours):.3g} {unit}",
            f"{middle:.2f}",
            f"{below:.2f} to {above:.2f}",
            f"≤ {bar:g}",
            self._mark(met),
        )

    def value(self, what: str, value: str, bar: str = "", met: bool = True) -> None:
        self._row(what, "", value, "", "", bar, self._mark(met) if bar else "")

    def _mark(self, met: bool) -> str:
        self.missed |= not met
        return "met" if met else "MISSED"

    def _row(self, *cells: str) -> None:
        what, *others = cells
        print(f"{what:46}" + "".join(f"{cell:>14}" for cell in others).rstrip(), flush=True)


def report_starts(table: Table, cold: Pairs, again: Pairs) -> None:
    bare = [it.painted for it in cold.bare]
    table.ratio("first painted window", bare, [it.painted for it in cold.ours], "s", 1.35)
    servers = [it.servers for it in cold.ours]
    table.ratio("demo's servers on screen, cold", bare, servers, "s", 4)
    bare, servers = [it.painted for it in again.bare], [it.servers for it in again.ours]
    table.ratio("servers as known last on screen, again", bare, servers, "s", 1.6)


def report_memory(table: Table, found: Memory) -> None:
    table.ratio("memory (PSS), window", found.bare, found.window, "MiB", 1.8)
    table.ratio("memory (PSS), with control plane", found.bare, found.together, "MiB", 4)


def report_rest(table: Table, window: list[Idle], plane: list[Idle]) -> None:
    ticks = statistics.median(idle.ticks for idle in window)
    table.value("idle window, CPU", f"{ticks:.0f} ms/min", "0 ms/min", ticks == 0)
    cpu = statistics.median(idle.cpu for idle in window)
    table.value("idle window, CPU by the scheduler's count", f"{cpu:.1f} ms/min")
    switches = statistics.median(idle.switches for idle in window)
    table.value("idle window, wake-ups", f"{switches:.2f} /s", "≤ 1 /s", switches <= 1)
    cpu = statistics.median(idle.cpu for idle in plane)
    table.value("idle control plane, CPU", f"{cpu:.1f} ms/min")
    switches = statistics.median(idle.switches for idle in plane)
    table.value("idle control plane, wake-ups", f"{switches:.2f} /s", "≤ 2 /s", switches <= 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="of starts, in pairs")
    parser.add_argument("--looks", type=int, default=5, help="how often to look on")
    parser.add_argument("--idle", type=float, default=15.0, help="seconds of each look")
    parser.add_argument("--one-core-busy", action="store_true", help="look at the start alone")
    given = parser.parse_args()
    table = Table()
    with virtual_screen() as display, Sight(display) as sight:
        if given.one_core_busy:
            with one_core_busy():
                cold, _ = starts(sight, given.rounds)
            bare, ours = ([it.painted for it in each] for each in (cold.bare, cold.ours))
            table.ratio("first painted window, one core busy", bare, ours, "s", 1.8)
        else:
            report_starts(table, *starts(sight, given.rounds))
            report_memory(table, memories(sight))
            report_rest(table, *rest(sight, given.looks, given.idle))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
