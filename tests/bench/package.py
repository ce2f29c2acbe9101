"""The bench of what `make package` has made: its size beside a bare window's, and its start.

    python tests/bench/package.py [--rounds 7]

The bare window is frozen anew and pruned by the same rule. The frozen program and the one of the
source start in turn, each in an empty home; the ratio is the median of the pairs. Ends with 1 when
a bar is missed.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

from frozen import size

from tests.bench.window import DESKTOP, PATIENCE, ROOT, first_window, see_servers, started
from tests.support.screen import virtual_screen
from tests.support.sight import Sight

FROZEN = ROOT / "dist/autosky-desktop"
PROGRAM = [str(FROZEN / "autosky-desktop"), "--demo"]
YARDSTICK = ROOT / "build/yardstick"
TIMES_BARE, DEB_MB, TIMES_SOURCE = 1.35, 55.0, 1.0
"""The bars."""


def bare_size() -> int:
    """Freeze a bare window and return its bytes."""
    command = [ROOT / "build/package-venv/bin/pyinstaller", "--log-level", "ERROR", "--noconfirm"]
    folders = ["--distpath", YARDSTICK, "--workpath", ROOT / "build/freeze"]
    subprocess.run([*command, *folders, ROOT / "packaging/yardstick.spec"], check=True)
    return size(YARDSTICK / "bare-window")


def painted(sight: Sight, command: list[str]) -> float:
    """Return the seconds until the first window is painted."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        with started(command, sight, home):
            window = first_window(sight)
            sight.until(lambda: sight.painted(window), "a painted window", PATIENCE)
            seconds = time.perf_counter() - began
            see_servers(sight, window)
            return seconds


def told(what: str, value: float, unit: str, bar: float) -> bool:
    """Print one figure; returns whether it misses its bar."""
    missed = value > bar
    print(f"{what:48} {value:8.3f} {unit:3} ≤ {bar:<6} {'MISSED' if missed else 'met'}", flush=True)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    bare, ours = bare_size(), size(FROZEN)
    print(f"frozen {ours / 1e6:.1f} MB, a bare window {bare / 1e6:.1f} MB")
    missed = [told("frozen ÷ frozen bare window", ours / bare, "", TIMES_BARE)]
    deb = max((ROOT / "dist").glob("*.deb"), key=lambda it: it.stat().st_mtime)
    missed.append(told(deb.name, deb.stat().st_size / 1e6, "MB", DEB_MB))
    ratios = []
    with virtual_screen() as display, Sight(display) as sight:
        for program in (DESKTOP, PROGRAM):
            painted(sight, program)  # warms it up
        for _ in range(rounds):
            source = painted(sight, DESKTOP)
            frozen = painted(sight, PROGRAM)
            ratios.append(frozen / source)
            print(f"  source {source * 1000:.0f} ms, frozen {frozen * 1000:.0f} ms")
    missed.append(told("frozen first paint ÷ source", statistics.median(ratios), "", TIMES_SOURCE))
    return int(any(missed))


if __name__ == "__main__":
    sys.exit(main())
