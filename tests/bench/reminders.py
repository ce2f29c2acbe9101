"""Reminders over years of sleeps, clocks set, extensions, restarts and summer times.

    python tests/bench/reminders.py [--days 10000] [--seed 1]

The real flow and planner run against an alarm as the kernel's; who was not told is reckoned from
the record alone, by code that knows nothing of them. Ends with 1 when the bar is missed.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.reckoning import reckon
from tests.support.years import Computer

LATEST = 1.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    record = Computer(given.seed).live(given.days)
    found = reckon(record)
    print(f"reminders, {given.days} simulated days, {found.stories} shutdowns:")
    print(f"  told {len(record.said)}, owed and looked for {found.owed}")
    print(f"  missed {len(found.missed)}, doubled {len(found.doubled)}, wrong {len(found.wrong)}")
    print(f"  latest after waking or falling due {found.latest:.2f} s (bar {LATEST:.0f} s)")
    for what in (*found.missed[:5], *found.doubled[:5], *found.wrong[:5]):
        print(f"  {what}")
    good = found.owed and not (found.missed or found.doubled or found.wrong)
    return 0 if good and found.latest <= LATEST else 1


if __name__ == "__main__":
    sys.exit(main())
