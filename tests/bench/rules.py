"""Thousands of random steps of publishing, and no rule broken.

    python tests/bench/rules.py [--steps 5000]

Publish, cancel, retry, hold, go back, schedule, limits, faults of the cloud and a dying process,
under a clock of its own. Tells what the publications came to. Ends with 1 when a rule is broken.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.publishing_rules import Rules

EACH = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5000)
    given = parser.parse_args()
    began = time.monotonic()
    while Rules.taken < given.steps:
        left = given.steps - Rules.taken
        run_state_machine_as_test(Rules, settings=_settings(examples=max(1, left // EACH)))
    for end, count in sorted(Rules.came_of.items()):
        print(f"  {count:4} {end}")
    print(
        f"{Rules.taken} steps, {sum(Rules.came_of.values())} publications, "
        f"no rule broken ({time.monotonic() - began:.0f} s): ok"
    )
    return 0


def _settings(*, examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


if __name__ == "__main__":
    sys.exit(main())
