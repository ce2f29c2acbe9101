"""Hostile endpoints through the gate and every launcher: `hostile.py [HOW MANY]`, 10,000 usually.

Prints how many were generated, of which protocol and by which way, and how many escaped, with the
first of those; exit code 1 then.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from hypothesis import HealthCheck, Phase, given, settings

from tests.support.hostile import CASES, CHECKS, Case, Tally


def main(many: int) -> int:
    tally = Tally()

    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES)
    def one(case: Case) -> None:
        tally.take(case)

    while tally.generated < many:  # it stops early where it has seen all of a kind
        one()
    print(f"{tally.generated} generated, {len(tally.escapes)} escapes")
    print(f"{tally.refused} refused at the gate, {tally.built} results of {len(CHECKS)} builders")
    print(*(f"{count} x {way}" for way, count in sorted(tally.aimed.items())), sep=", ")
    print(*tally.escapes[:5], sep="\n")
    return bool(tally.escapes)


sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
