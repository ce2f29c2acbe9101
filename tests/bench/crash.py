"""The crash test: `python tests/bench/crash.py --kills 100`. Ends with 1 when anything was lost."""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.crashes import crash

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--speed", type=float, default=150.0)
    given = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = crash(Path(folder), kills=given.kills, seed=given.seed, speed=given.speed)
    print(f"crash test: {report.line()} ({time.monotonic() - began:.0f} s)")
    sys.exit(1 if report.wrong else 0)
