"""A crash leaves nothing of this program's memory on the disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import ROOT, desk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system decides")

CRASHES = """
import os, resource, signal
from autosky_desktop.system.connect.secrets import keep_private
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
{first}
os.kill(os.getpid(), signal.SIGSEGV)
"""
ASKS = """
import resource
from autosky_desktop.app import open_desktop
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
async def visit(_qt, _desktop):
    return int(resource.getrlimit(resource.RLIMIT_CORE)[0] != 0)
raise SystemExit(open_desktop(["--data", "data", "--demo"], visit))
"""


def crashed(first: str, folder: Path) -> bool:
    """Whether the system wrote down what was in memory."""
    words = [sys.executable, "-c", CRASHES.format(first=first)]
    enters = f"import os; os.chdir({str(folder)!r})\n"
    words[2] = enters + words[2]
    number = os.posix_spawn(words[0], words, {**os.environ, "PYTHONPATH": str(ROOT)})
    _, status = os.waitpid(number, 0)
    assert os.WIFSIGNALED(status)
    return os.WCOREDUMP(status)


def test_a_crash_writes_down_no_memory(tmp_path: Path) -> None:
    if not crashed("", tmp_path):
        pytest.skip("this system writes down nobody's memory")
    assert not crashed("keep_private()", tmp_path)


def test_the_window_keeps_its_memory_to_itself(tmp_path: Path) -> None:
    with desk(tmp_path) as session:
        environment = {**session.environment, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
        asked = subprocess.run(
            [sys.executable, "-c", ASKS], cwd=tmp_path, env=environment, timeout=60, check=False
        )
    assert asked.returncode == 0
