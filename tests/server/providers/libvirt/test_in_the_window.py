"""A journey in the real window on real guests, which a person drives: from adding an environment to
going back to the version before.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.guests import hypervisor
from tests.support.guests.hypervisor import Hypervisor, free_ports
from tests.support.screen import virtual_screen
from tests.support.waiting import eventually

VISIT = Path(hypervisor.__file__).with_name("window_visit.py")
NEEDED = ("ssh", "ssh-agent", "xterm", "Xvfb")
STEPS = ["adds", "starts", "connects", "publishes", "goes back"]


@contextmanager
def agent_with(key: Path, folder: Path) -> Iterator[str]:
    """Yield the socket of an agent that has the key: ssh looks for no other where HOME says."""
    own = shutil.copy(key, folder / "key")
    Path(own).chmod(0o600)
    line = str(folder / "agent")
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", line], stdout=subprocess.DEVNULL)
    try:
        known = {**os.environ, "SSH_AUTH_SOCK": line}
        # the socket is there before anybody listens at it
        eventually(lambda: subprocess.run(["ssh-add", "-q", own], env=known).returncode == 0)
        yield line
    finally:
        agent.terminate()
        agent.wait()


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"one of {NEEDED} is missing")
def test_an_environment_is_added_started_connected_to_published_and_taken_back(
    host: Hypervisor, tmp_path: Path
) -> None:
    [port] = free_ports(1)
    host.define("PREP-HOUSE-01", port)
    with virtual_screen() as display, agent_with(host.key, tmp_path) as agent:
        visit = subprocess.run(
            [sys.executable, VISIT, host.uri, "PREP-HOUSE-01", tmp_path / "data"],
            env={
                "PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path),
                "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": display, "LANG": "C.UTF-8",
                "QT_QPA_PLATFORM": "xcb", "TZ": "UTC", "SSH_AUTH_SOCK": agent,
            },
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    print(visit.stdout)  # how long each step took
    assert visit.returncode == 0, f"{visit.stdout}\n{visit.stderr[-2000:]}"
    assert [line.partition(":")[0] for line in visit.stdout.splitlines()] == STEPS
