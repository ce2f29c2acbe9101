"""The main job by keys alone while the numbers in its questions change.

    python tests/bench/keys.py [--runs 100]

A real window, drawn in memory, over a control plane with the demo's cloud, in which people sign in
and out twice a second. Each run starts the preparation server, fills in the form, agrees once a
number in the question has changed, and follows the publication until its version is published: as
it is, with a hold, and ending all sessions, in turn. Nothing but keys is pressed, each on what has
the keyboard. Ends with 1 when a run does not arrive.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault(
    "QT_QPA_PLATFORM",
    f"offscreen:configfile={Path(__file__).parents[1] / 'support' / 'screen.json'}",
)

from qasync import QEventLoop

from autosky_desktop.ui.application import Application
from autosky_desktop.ui.theme import theme
from tests.support.control_plane import Running, running_control_plane
from tests.support.desktop import At, desktop_at
from tests.support.main_job import MainJob, people_come_and_go
from tests.support.person import Person

SPEED = 900.0


async def done(plane: Running, runs: int) -> int:
    """Return how many of the runs arrived. The first that does not is the last: it says where."""
    me = Person(patience=30)
    async with desktop_at(At(plane.url, plane.token)):
        await me.sees("Server name: PREP-ERP-PROD-01")
        job = MainJob(me)
        for number in range(runs):
            try:
                await job.do(number)
            except AssertionError as missed:
                print(f"run {number + 1}: {missed}")
                return number
    return runs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    given = parser.parse_args()
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    begin = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        people_come_and_go(),
        running_control_plane(Path(folder), speed=SPEED, churn=True) as plane,
        asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner,
    ):
        arrived = runner.run(done(plane, given.runs))
    took = (time.monotonic() - begin) / 60
    print(
        f"main job by keys while numbers change, {given.runs} runs: {arrived} of {given.runs} "
        f"({took:.0f} min)"
    )
    return 0 if arrived == given.runs else 1


if __name__ == "__main__":
    sys.exit(main())
