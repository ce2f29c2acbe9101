"""The bench of the window: what an open one costs beside a bare one, on one virtual screen.

    python tests/bench/window.py [--rounds 7] [--looks 5] [--idle 15] [--one-core-busy]

Every run has a home of its own and nothing in it; in `again` the home is that of the run before,
and the servers are those that were known last.
Medians, after one round that does not count. Idle means that nothing happens in the demo's cloud
either: it stands still, and nobody signs in or out. With one core kept busy by something else
only the start is looked at. Ends with 1 when a bar is missed.
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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.screen import NotShown, Spy, virtual_screen, wait_until_painted
from tests.support.usage import Usage, children, memory, usage

ROOT = Path(__file__).parents[2]
BARE = [sys.executable, str(ROOT / "tests/bench/bare_window.py")]
DESKTOP = [sys.executable, "-m", "autosky_desktop.cli", "desktop"]
AT_REST = [*DESKTOP, "--speed", "0.001"]
SERVERS_SHOWN = r"= \".+ – Autosky Desktop\""
PATIENCE = 60.0
SETTLING = 5.0
"""Seconds until what was put off at the start has been done."""

MILLISECOND = 1e6


@dataclass
class Readings:
    """The readings of one program, a list for each thing measured: seconds, MiB."""

    painted: list[float] = field(default_factory=list)
    servers: list[float] = field(default_factory=list)
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
def started(command: list[str], display: str, home: str) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a program with nothing of ours in its environment; gone, with its child, at the end."""
    environment = {"HOME": home, "DISPLAY": display, "PATH": os.defpath, "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        own = children(process.pid)
        process.terminate()
        process.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{child}").exists() for child in own):
            if time.monotonic() > deadline:
                raise NotShown("its control plane outlived it")
            time.sleep(0.01)


def watch(display: str, home: str, readings: Readings, *, bare: bool) -> None:
    """Watch one start, from exec to what is on the screen, and its memory once it has settled."""
    with Spy(display, "root", "_NET_CLIENT_LIST") as windows:
        windows.until("_NET_CLIENT_LIST", PATIENCE)
        began = time.perf_counter()
        with started(BARE if bare else DESKTOP, display, home) as process:
            window = windows.until(r"# (0x\w+)", PATIENCE)[1]
            # looked at from now on: a spy that begins after the picture would come late itself
            with Spy(display, window, "_NET_WM_NAME") as title:
                wait_until_painted(display, window, PATIENCE)
                readings.painted.append(time.perf_counter() - began)
                if not bare:
                    title.until(SERVERS_SHOWN, PATIENCE)
                    readings.servers.append(time.perf_counter() - began)
            time.sleep(SETTLING)
            own = memory(process.pid)
            readings.window.append(own)
            readings.together.append(own + sum(map(memory, children(process.pid))))


def rest(display: str, looks: int, seconds: float) -> tuple[list[Idle], list[Idle]]:
    """Return what the window and its control plane use while nobody touches them, at each look."""
    with tempfile.TemporaryDirectory() as home, started(AT_REST, display, home) as process:
        with Spy(display, "root", "_NET_CLIENT_LIST") as windows:
            window = windows.until(r"# (0x\w+)", PATIENCE)[1]
        with Spy(display, window, "_NET_WM_NAME") as title:
            title.until(SERVERS_SHOWN, PATIENCE)
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


def rounds(display: str, count: int) -> dict[str, Readings]:
    kept = {"bare": Readings(), "desktop": Readings(), "again": Readings()}
    for number in range(count + 1):
        readings = kept if number else {name: Readings() for name in kept}
        with tempfile.TemporaryDirectory() as bare, tempfile.TemporaryDirectory() as home:
            watch(display, bare, readings["bare"], bare=True)
            watch(display, home, readings["desktop"], bare=False)
            watch(display, home, readings["again"], bare=False)
    return kept


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
        self._row("", "bare", "desktop", "ratio", "bar", "")

    def ratio(self, what: str, bare: list[float], ours: list[float], unit: str, bar: float) -> None:
        base, own = statistics.median(bare), statistics.median(ours)
        met = own / base <= bar
        self._row(
            what,
            f"{base:.3g} {unit}",
            f"{own:.3g} {unit}",
            f"{own / base:.2f}",
            f"≤ {bar:g}",
            self._mark(met),
        )

    def value(self, what: str, value: str, bar: str = "", met: bool = True) -> None:
        self._row(what, "", value, "", bar, self._mark(met) if bar else "")

    def _mark(self, met: bool) -> str:
        self.missed |= not met
        return "met" if met else "MISSED"

    def _row(self, *cells: str) -> None:
        what, *others = cells
        print(f"{what:46}" + "".join(f"{cell:>14}" for cell in others).rstrip(), flush=True)


def report(kept: dict[str, Readings], window: list[Idle], plane: list[Idle]) -> bool:
    """Print the table. Returns whether every bar was met."""
    bare, ours, again = kept["bare"], kept["desktop"], kept["again"]
    table = Table()
    table.ratio("first painted window", bare.painted, ours.painted, "s", 1.35)
    table.ratio("demo's servers on screen, cold", bare.painted, ours.servers, "s", 4)
    table.ratio("servers as known last on screen, again", bare.painted, again.servers, "s", 1.6)
    table.ratio("memory (PSS), window", bare.window, ours.window, "MiB", 1.8)
    table.ratio("memory (PSS), with control plane", bare.window, ours.together, "MiB", 4)
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
    return not table.missed


def report_busy(kept: dict[str, Readings]) -> bool:
    table = Table()
    bare, ours = kept["bare"].painted, kept["desktop"].painted
    table.ratio("first painted window, one core busy", bare, ours, "s", 1.8)
    return not table.missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--looks", type=int, default=5, help="how often to look on")
    parser.add_argument("--idle", type=float, default=15.0, help="seconds of each look")
    parser.add_argument("--one-core-busy", action="store_true", help="look at the start alone")
    given = parser.parse_args()
    if given.one_core_busy:
        with virtual_screen() as display, one_core_busy():
            return 0 if report_busy(rounds(display, given.rounds)) else 1
    with virtual_screen() as display:
        kept = rounds(display, given.rounds)
        window, plane = rest(display, given.looks, given.idle)
    return 0 if report(kept, window, plane) else 1


if __name__ == "__main__":
    sys.exit(main())
