"""A program that did not end cleanly is told of at the next start, and one that did is not."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from autosky_desktop.system import folders, last_run, log, report
from autosky_desktop.system.last_run import Crash, Mark, RunningMark
from autosky_desktop.system.settings import Settings

ROOT = Path(__file__).parents[2]

RUN = """
import os, signal, sys
from pathlib import Path
from autosky_desktop.system import log
from autosky_desktop.system.last_run import RunningMark
folder = Path(sys.argv[1])
with RunningMark(folder, "data"):
    log.begin(folder)
    log.keep_crashes(folder)
"""


def run(folder: Path, ending: str) -> None:
    """Run a program that ends like that."""
    program = [sys.executable, "-c", RUN + f"    {ending}", str(folder)]
    subprocess.run(program, cwd=ROOT, stderr=subprocess.DEVNULL, timeout=60)


def found(folder: Path, name: str = "data") -> Crash | None:
    with RunningMark(folder, name) as mark:
        return mark.crash


@pytest.mark.parametrize("ending", ["pass", "sys.exit(3)", "raise KeyboardInterrupt"])
def test_of_a_clean_end_nothing_is_told(tmp_path: Path, ending: str) -> None:
    run(tmp_path, ending)
    assert found(tmp_path) is None
    assert not [*tmp_path.glob("running-*")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("ending", "traced"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", False),
        ("os.kill(os.getpid(), signal.SIGSEGV)", True),
        ("os.abort()", True),
        ("raise LookupError('nobody catches this')", False),
        ("os._exit(0)", False),
    ],
)
def test_every_other_end_is_told_once(tmp_path: Path, ending: str, traced: bool) -> None:
    run(tmp_path, ending)
    crash = found(tmp_path)
    assert crash is not None
    assert crash.traced is traced
    assert crash.since <= crash.until
    assert found(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_report_has_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)")
    assert found(tmp_path)
    monkeypatch.setattr(folders, "logs", lambda: tmp_path)
    text = report.sections([], Settings(), tmp_path)
    assert "Fatal Python error: Segmentation fault" in text
    assert '"pid":' in text


@pytest.mark.parametrize("other", [{"boot": "another"}, {"session": "another"}])
def test_what_ended_with_its_whole_session_is_no_crash(
    tmp_path: Path, other: dict[str, str]
) -> None:
    run(tmp_path, "os._exit(0)")
    file = tmp_path / "running-data.json"
    left = msgspec.json.decode(file.read_bytes(), type=Mark)
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(left, **other)))
    assert found(tmp_path) is None
    assert (tmp_path / last_run.LAST_CRASH).exists()  # the report has it all the same


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe keeps a second one away")
def test_one_that_runs_still_keeps_its_mark(tmp_path: Path) -> None:
    program = [sys.executable, "-c", RUN + "    print('there', flush=True); input()", str(tmp_path)]
    with subprocess.Popen(
        program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"there\n"
        file = tmp_path / "running-data.json"
        theirs = file.read_bytes()
        assert found(tmp_path) is None
        assert file.read_bytes() == theirs
        other.kill()
    assert found(tmp_path) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_number_that_another_program_has_now_hides_no_crash(tmp_path: Path) -> None:
    run(tmp_path, "os._exit(0)")
    file = tmp_path / "running-data.json"
    left = msgspec.json.decode(file.read_bytes(), type=Mark)
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(left, pid=1)))
    assert found(tmp_path) is not None


def test_another_data_folder_is_another_program(tmp_path: Path) -> None:
    run(tmp_path, "os._exit(0)")
    assert found(tmp_path, "elsewhere") is None
    assert found(tmp_path) is not None


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b'{"pid": "one"}'])
def test_a_mark_that_cannot_be_read_is_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "running-data.json").write_bytes(damage)
    assert found(tmp_path) is None


def test_a_folder_that_cannot_be_written_costs_the_mark_alone(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    assert found(tmp_path / "logs") is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_what_a_library_wrote_and_survived_is_no_crash(tmp_path: Path) -> None:
    """As faulthandler writes on Windows for errors that are handled afterwards."""
    (tmp_path / log.CRASH).write_text("Windows fatal exception: code 0x8001010d\n")
    assert found(tmp_path) is None
    assert (tmp_path / log.CRASH_BEFORE).exists()
