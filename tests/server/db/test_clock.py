"""How long the computer slept is what the system counts, whatever its clock is set to."""

import sys
import time
from pathlib import Path

import pytest

from autosky_desktop.server.db.clock import asleep


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts it for us")
def test_it_is_the_time_since_the_start_that_the_computer_was_not_awake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    up = float(Path("/proc/uptime").read_text().split()[0])
    assert asleep() == pytest.approx(up - time.monotonic(), abs=0.5)
    before = asleep()
    set_forward = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: set_forward)
    assert asleep() - before < 1
