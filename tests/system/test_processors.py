"""Whether a second program would slow this one down."""

import os
import subprocess
import sys

import pytest

from autosky_desktop.system.processors import one_to_spare, running

ON_ONE = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from autosky_desktop.system.processors import one_to_spare
print(one_to_spare())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says what runs")
def test_on_a_single_processor_there_is_none_to_spare() -> None:
    ended = subprocess.run([sys.executable, "-c", ON_ONE], capture_output=True, text=True)
    assert ended.stdout == "False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says what runs")
def test_while_every_processor_is_kept_busy_there_is_none_to_spare() -> None:
    spin = [sys.executable, "-c", "print(flush=True)\nwhile True: pass"]
    # each is held to its own, so that one that waits for another's does not count twice
    busy = [
        subprocess.Popen(["taskset", "-c", str(processor), *spin], stdout=subprocess.PIPE)
        for processor in os.sched_getaffinity(0)
    ]
    try:
        for process in busy:
            assert process.stdout
            process.stdout.readline()
        assert not one_to_spare()
    finally:
        for process in busy:
            process.kill()
            process.communicate()


def test_what_runs_is_read_from_among_what_waits() -> None:
    assert running("0.61 1.20 2.02 3/345 9876\n") == 3
