"""The record of activity with 100,000 entries: how long the control plane takes for a page of it.

    python tests/bench/activity.py [--entries 100000]

The record of one environment is filled, and pages are asked for over HTTP. Ends with 1 when
the 95th percentile of a page is longer than its bar.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.control_plane import running_control_plane
from tests.support.record import ENVIRONMENT, fill

BAR_MS = 50.0
TIMES = 40
PAGES = {
    "first": {},
    "by one person": {"by": "person-07"},
    "by schedule": {"by": ""},
    "of one kind": {"kind": "publish"},
    "of one kind by one person": {"kind": "publish", "by": "person-03"},
    "of nobody": {"by": "nobody"},
    "of one day long ago": {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"},
    "of one kind, until long ago": {"kind": "restart-server", "until": "2026-11-01T00:00:00Z"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    given = parser.parse_args()
    missed = False
    with (
        tempfile.TemporaryDirectory() as folder,
        running_control_plane(Path(folder)) as plane,
        plane.client() as client,
    ):
        plane.run(fill(plane.plane.unit_of_work, given.entries))
        path = f"environments/{ENVIRONMENT}/activity"
        middle = client.get(path, params={"limit": 1000}).json()["next"]
        deep = str(int(middle) - given.entries * 9 // 10)
        for name, wanted in {**PAGES, "deep": {"cursor": deep}}.items():
            took = [measured(client, path, wanted) for _ in range(TIMES)]
            p95 = sorted(took)[TIMES * 95 // 100 - 1]
            missed = missed or p95 > BAR_MS
            print(
                f"{name:30} median {statistics.median(took):5.1f} ms, p95 {p95:5.1f} ms"
                f" (bar {BAR_MS:.0f} ms): {'MISSED' if p95 > BAR_MS else 'ok'}"
            )
    return 1 if missed else 0


def measured(client, path: str, wanted: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = client.get(path, params=wanted)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.text
    return took


if __name__ == "__main__":
    sys.exit(main())
