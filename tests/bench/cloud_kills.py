"""`kill -9` of the control plane in publications to the clouds of real machines.

    python tests/bench/cloud_kills.py [aws] [guests] [--kills 300] [--together 2]

`aws`: the double of AWS, in a process of its own that goes on, in which some calls fail and some
answers get lost. `guests`: real machines under libvirt. The control plane is killed at random
moments of publications of every model; a kill counts that hit a step at work.
Ends with 1 when a publication came to another end than was asked for, a machine, an image or a
launch template was made twice, something is left that is not marked as ours, or there were fewer
kills than the bar.
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.crash_report import Report
from tests.support.crash_world import CrashWorld
from tests.support.crashes import crash

BARS = {"aws": 300, "guests": 30}
INSTANCES = 2


def aws(folder: Path) -> AbstractContextManager[CrashWorld]:
    from tests.support.crash_aws import aws_world

    return aws_world(folder, instances=INSTANCES)


def guests(folder: Path) -> AbstractContextManager[CrashWorld]:
    from tests.support.crash_guests import guests_world

    return guests_world(folder)


WORLDS: dict[str, Callable[[Path], AbstractContextManager[CrashWorld]]] = {
    "aws": aws,
    "guests": guests,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clouds", nargs="*", choices=[*WORLDS, []])
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for databases and logs, which stay")
    given = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return max(killed(cloud, given) for cloud in given.clouds or WORLDS)


def killed(cloud: str, given: argparse.Namespace) -> int:
    """Kill in that cloud, and print what came of it; 1 if a bar is missed."""
    bar, began = BARS[cloud], time.monotonic()
    with TemporaryDirectory() as folder:
        report = worlds(cloud, given.keep or Path(folder), given)
    print(report.table())
    met = report.mid_step >= bar and not report.wrong
    print(
        f"kill -9, {cloud}: {report.line()} ({time.monotonic() - began:.0f} s):"
        f" {report.mid_step} of {bar}: {'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


def worlds(cloud: str, folder: Path, given: argparse.Namespace) -> Report:
    """Return what some worlds that live beside each other came to together."""
    kills = given.kills or BARS[cloud]

    def live(number: int) -> Report:
        share = kills // given.together + (number < kills % given.together)
        own = folder / cloud / str(number)
        own.mkdir(parents=True)
        with WORLDS[cloud](own) as world:
            return crash(world, kills=share, seed=given.seed + number)

    whole = Report()
    with ThreadPoolExecutor(given.together) as threads:
        for report in threads.map(live, range(given.together)):
            whole.add(report)
    return whole


if __name__ == "__main__":
    sys.exit(main())
