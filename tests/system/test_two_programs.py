"""Two programs that remember something in the same moments lose nothing of each other's."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.kept_file import KeptFile

TIMES = 40

BEGIN = f"""
import sys
from pathlib import Path
from msgspec.structs import replace
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect.trust import Pin, Trust
from autosky_desktop.system.kept_file import KeptFile
from autosky_desktop.system.settings import Preferences, load
folder, name, times = Path(sys.argv[1]), sys.argv[2], range({TIMES})
print("ready", flush=True)
input()
"""

COUNTS = """
file = KeptFile(folder / "kept.json", list[str])
for number in times:
    file.change(lambda found: [*(found or []), f"{name}{number}"])
"""

TRUSTS = """
from datetime import UTC, datetime
for number in times:
    Trust(folder).pin(Pin(
        server=f"{name}{number}", protocol=Protocol.SSH, fingerprint="f", name="n", address="a",
        since=datetime(2026, 11, 23, tzinfo=UTC),
    ))
"""

SETS = """
preferences = Preferences(folder)
for number in times:
    preferences.keep(replace(preferences.settings, **{name: str(number)}))
    assert getattr(load(folder).settings, name) == str(number), number
"""


def run_both(script: str, folder: Path, names: tuple[str, str]) -> None:
    with ExitStack() as stack:
        programs = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", BEGIN + script, str(folder), name],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                )
            )
            for name in names
        ]  # fmt: skip
        for program in programs:
            assert program.stdout
            assert program.stdout.readline() == b"ready\n"
        for program in programs:
            assert program.stdin
            program.stdin.write(b"\n")
            program.stdin.flush()
        assert [program.wait(60) for program in programs] == [0, 0]


@pytest.fixture
def both() -> set[str]:
    return {f"{name}{number}" for name in "ab" for number in range(TIMES)}


def test_what_both_add_to_one_file_is_all_there(tmp_path: Path, both: set[str]) -> None:
    run_both(COUNTS, tmp_path, ("a", "b"))
    assert set(KeptFile(tmp_path / "kept.json", list[str]).read() or []) == both


def test_whom_either_trusts_is_trusted(tmp_path: Path, both: set[str]) -> None:
    run_both(TRUSTS, tmp_path, ("a", "b"))
    assert {pin.server for pin in Trust(tmp_path).pins} == both


def test_a_setting_that_one_has_changed_is_never_put_back_by_the_other(tmp_path: Path) -> None:
    run_both(SETS, tmp_path, ("tab", "environment"))
