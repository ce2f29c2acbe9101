"""`kill -9` of the control plane, hundreds of times, in publications of every model.

    python tests/bench/kills.py [--kills 500] [--speed 400] [--together 2]

Real processes on SQLite, killed at random moments, over a cloud that breaks; some publications
are for later, are cancelled or tried again. A kill counts that hit a step at work. So many worlds
live beside each other, each in a folder of its own.
Ends with 1 when a publication came to another end than was asked for, something was done twice,
an instance stayed blocked or was one too many, the feed lost an event, or a step of a model was
never hit.
"""

import argparse
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.crash_report import Report
from tests.support.crash_world import SimulatedWorld
from tests.support.crashes import crash


def worlds(folder: Path, given: argparse.Namespace) -> Report:
    """Return what all the worlds came to together."""

    def live(number: int) -> Report:
        kills = given.kills // given.together + (number < given.kills % given.together)
        world, seed = folder / str(number), given.seed + number
        world.mkdir()
        return crash(SimulatedWorld(world, speed=given.speed), kills=kills, seed=seed)

    whole = Report()
    with ThreadPoolExecutor(given.together) as threads:
        for report in threads.map(live, range(given.together)):
            whole.add(report)
    return whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--speed", type=float, default=400.0)
    parser.add_argument("--together", type=int, default=2)
    given = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        report = worlds(Path(folder), given)
    print(report.table())
    never = ", ".join(" of ".join(reversed(it)) for it in report.missed())
    if never:
        print(f"  never hit: {never}")
    verdict = "MISSED" if report.wrong or never or report.mid_step < given.kills else "ok"
    print(f"kill -9: {report.line()} ({time.monotonic() - began:.0f} s): {verdict}")
    return 0 if verdict == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
