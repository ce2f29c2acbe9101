"""Thousands of random steps of publishing, and no rule broken.

    python tests/bench/rules.py [--steps 5000]

Publish, cancel, retry, hold, go back, schedule, limits, faults of the cloud, a clock that is put
and a process that dies. Tells how often each was done and seen, and what the publications came to.
Ends with 1 when a rule is broken, and prints the shortest story found of it, or when something was
never done or seen: then nothing was said of it.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.publishing_rules import Rules
from tests.support.publishing_tally import TALLY

EACH = 50
BATCH = 10
"""Stories that are drawn together. Later ones resemble earlier ones: many small batches differ."""

ENOUGH = 5000
"""Steps after which it goes on for what was never done or seen, three times as long at most."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=ENOUGH)
    given = parser.parse_args()
    began = time.monotonic()
    try:
        while TALLY.steps < given.steps or _goes_on(given.steps):
            run_state_machine_as_test(Rules, settings=STORIES)
    finally:
        _tell(time.monotonic() - began)
    missed = TALLY.missed if given.steps >= ENOUGH else []
    for what in missed:
        print(f"  never: {what}")
    ended = "MISSED" if missed else "ok"
    print(f"{TALLY.steps} steps, {TALLY.ends.total()} publications, no rule broken: {ended}")
    return 1 if missed else 0


def _tell(seconds: float) -> None:
    for title, counter in (("done and seen", TALLY.done), ("ends", TALLY.ends)):
        print(f"{title}:")
        for what, count in sorted(counter.items()):
            print(f"  {count:5} {what}")
    print(f"{TALLY.steps} steps in {seconds:.0f} s")


def _goes_on(steps: int) -> bool:
    return steps >= ENOUGH and bool(TALLY.missed) and TALLY.steps < 3 * steps


STORIES = settings(
    max_examples=BATCH,
    stateful_step_count=EACH,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


if __name__ == "__main__":
    sys.exit(main())
