"""What nobody caught is in the log, and nobody else can write a line of it."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autosky_desktop.server.process import logs
from autosky_desktop.system import log

ROOT = Path(__file__).parents[2]

BEGIN = """
import gc, logging, sys, threading, faulthandler
from pathlib import Path
from PySide6.QtCore import QTimer, qWarning
from autosky_desktop.system import log
from autosky_desktop.ui.application import Application, log_what_qt_says
log.hold()
log_what_qt_says()
logging.getLogger("early").warning("before the file was open")
qt = Application(["test", "-platform", "offscreen"])
from autosky_desktop.system.last_run import RunningMark
RunningMark(Path(sys.argv[1]), "test").__enter__()
log.begin(Path(sys.argv[1]))
log.keep_crashes(Path(sys.argv[1]))
"""


def logged(folder: Path, statements: str) -> tuple[int, str]:
    """How a program that does this ends, and what it logged."""
    program = [sys.executable, "-c", BEGIN + statements, str(folder)]
    code = subprocess.run(program, cwd=ROOT, stderr=subprocess.DEVNULL, timeout=60).returncode
    return code, (folder / log.FILE).read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is full")
@pytest.mark.parametrize("side", ["desktop", "control plane"])
def test_a_full_disk_leaves_the_terminal_alone(tmp_path: Path, side: str) -> None:
    writing = {
        "desktop": "from autosky_desktop.system import log; log.hold(); log.begin(folder)",
        "control plane": "from autosky_desktop.server.process import logs; logs.write_log(folder)",
    }
    for name in (log.FILE, logs.FILE):
        (tmp_path / name).symlink_to("/dev/full")
    statements = (
        "import logging, sys; from pathlib import Path; folder = Path(sys.argv[1])",
        writing[side],
        "for _ in range(3): logging.getLogger('x').warning('no room for this')",
    )
    program = [sys.executable, "-c", "\n".join(statements), str(tmp_path)]
    ended = subprocess.run(program, cwd=ROOT, capture_output=True, timeout=60)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, b"", b"")


SLOT = """
from PySide6.QtCore import QEventLoop
def slot(): raise LookupError("in a slot")
loop = QEventLoop()
QTimer.singleShot(0, slot)
QTimer.singleShot(1, loop.quit)
loop.exec()
"""

THREAD = """
def work(): raise LookupError("in a thread")
thread = threading.Thread(target=work, name="client")
thread.start()
thread.join()
"""

UNRAISABLE = """
class Gone:
    def __del__(self): raise LookupError("while it went")
Gone()
gc.collect()
"""


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        pytest.param("", "WARNING early: before the file was open", id="early"),
        pytest.param("raise LookupError('in the main code')", "LookupError: in the", id="main"),
        pytest.param(SLOT, "LookupError: in a slot", id="slot"),
        pytest.param(THREAD, "LookupError: in a thread", id="thread"),
        pytest.param(UNRAISABLE, "LookupError: while it went", id="unraisable"),
        pytest.param("qWarning('a widget is odd')", "WARNING qt: a widget is odd", id="qt"),
    ],
)
def test_what_nobody_catches_is_in_the_log(tmp_path: Path, statements: str, said: str) -> None:
    _code, text = logged(tmp_path / "log", statements)
    assert said in text


def test_a_crash_of_a_library_leaves_where_it_was(tmp_path: Path) -> None:
    crash = "def paint(): faulthandler._sigsegv()\npaint()"
    code, _ = logged(tmp_path, crash)
    assert code != 0
    assert "in paint" in (tmp_path / log.CRASH).read_text("utf-8")
    _code, text = logged(tmp_path, "")
    assert f"see {log.CRASH_BEFORE}" in text


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.begin(tmp_path)
    yield tmp_path / log.FILE
    for handler in [it for it in root.handlers if it not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_nobody_else_writes_a_line_of_ours(file: Path) -> None:
    forged = "erp\n2026-11-24 12:00:00,000 INFO autosky: all is well\u2028\u202e\x1b[2J"
    logger = logging.getLogger("autosky_desktop.flows.follow")
    logger.warning("%s could not be read", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logger.exception("It failed")
    lines = file.read_text("utf-8").splitlines()
    ours = [line for line in lines if line[:1].isdigit()]
    assert len(ours) == 2
    assert all("autosky_desktop.flows.follow" in line for line in ours)
    assert not set("\u2028\u202e\x1b") & set("".join(lines))


def test_a_message_without_end_leaves_room_for_others(file: Path) -> None:
    logging.getLogger("x").warning("%s", "y" * 10**6)
    assert file.stat().st_size < 2 * log.LONGEST


def test_what_no_text_can_hold_is_logged_all_the_same(file: Path) -> None:
    logging.getLogger("x").warning("home %s", "/h\udce4me")
    assert "/h\\udce4me" in file.read_text("utf-8")


def test_a_name_with_a_line_break_forges_no_line_of_the_control_plane() -> None:
    told = ("%s was removed", ("Ana\n2026-12-01 INFO x [-] Bea",), None)
    record = logging.LogRecord("x", logging.INFO, __file__, 1, *told)
    record.request = "-"
    line = logs.LineFormatter(logs.TEXT).format(record)
    assert line.endswith(" INFO x [-] Ana\n    2026-12-01 INFO x [-] Bea was removed")
