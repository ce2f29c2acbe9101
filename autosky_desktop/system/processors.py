"""What is left of this computer's processors at this moment."""

import os
import sys
import time
from pathlib import Path

LOOKS, PAUSE_SECONDS = 3, 0.001
"""Something always runs for an instant: it is seen once, and not again."""


def one_to_spare() -> bool:
    """Whether another program could run beside this one and not slow it down.

    Yes where the system does not say.
    """
    if sys.platform != "linux":
        return True
    processors = len(os.sched_getaffinity(0))
    for look in range(LOOKS):
        if look:
            time.sleep(PAUSE_SECONDS)
        try:
            if running(Path("/proc/loadavg").read_text("ascii")) < processors:
                return True
        except (OSError, ValueError, IndexError):
            return True
    return False


def running(load: str) -> int:
    """How many threads run or wait for a processor, whoever reads this among them."""
    return int(load.split()[3].partition("/")[0])
