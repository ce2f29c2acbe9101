"""500 environments of 20 servers: from launch to the first rows on screen, beside just one of them.

    python tests/bench/scale.py [--rounds 7] [--environments 500] [--servers 20]

The real program on one virtual screen, both in turn, on data that is there before. Each run ends
when the first environment's servers have been painted. Medians, after one round that does not
count. Ends with 1 when the bar is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.window import DESKTOP, ROOT, first_window, see_servers, started
from tests.support.screen import virtual_screen
from tests.support.sight import Sight

SERVE = [sys.executable, "-m", "autosky_desktop.cli", "serve", "--embedded"]
BAR = 1.5


def seed(home: Path, environments: int, servers: int) -> None:
    """Have a control plane begin the data, as many as are wanted, and end."""
    counts = ["--environments", str(environments), "--servers", str(servers)]
    with subprocess.Popen(
        [*SERVE, str(home / "data"), *counts],
        cwd=ROOT,
        env={"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as plane:
        assert plane.stdin
        assert plane.stdout
        assert "url" in json.loads(plane.stdout.readline())
        plane.stdin.close()


def launch(sight: Sight, home: Path) -> float:
    """Return the seconds from exec to the first environment's servers on the screen."""
    command = [*DESKTOP, "--data", str(home / "data"), "--speed", "0.001"]
    began = time.perf_counter()
    with started(command, sight, str(home)):
        see_servers(sight, first_window(sight))
        return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--environments", type=int, default=500)
    parser.add_argument("--servers", type=int, default=20)
    given = parser.parse_args()
    took: dict[int, list[float]] = {1: [], given.environments: []}
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_screen() as display,
        Sight(display) as eye,
    ):
        homes = {count: Path(folder) / str(count) for count in took}
        for count, home in homes.items():
            home.mkdir()
            seed(home, count, given.servers)
        for number in range(given.rounds + 1):
            for count, home in homes.items():
                seconds = launch(eye, home)
                if number:
                    took[count].append(seconds)
    one, many = (statistics.median(seconds) for seconds in took.values())
    mark = "met" if many / one <= BAR else "MISSED"
    print(
        f"launch to first rows: one environment {one:.2f} s, {given.environments} of "
        f"{given.servers} servers {many:.2f} s, ratio {many / one:.2f} (bar {BAR}): {mark}"
    )
    return 0 if many / one <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
