"""What PySide6 would compile at every start is compiled once."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

START = """
import sys
from pathlib import Path
from autosky_desktop.system.bytecode import Bytecode
compiled = []
sys.addaudithook(lambda event, given: compiled.append(given[1]) if event == "compile" else None)
bytecode = Bytecode(Path(sys.argv[1]))
sys.dont_write_bytecode = False
with bytecode.used():
    from PySide6.QtCore import QObject
bytecode.keep()
print(sum(str(name).startswith("shibokensupport") for name in compiled))
assert QObject().objectName() == "" and compile("1", "<here>", "eval")
"""


def compiled_by_a_start(file: Path) -> int:
    command = [sys.executable, "-c", START, str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(ended.stdout)


def test_the_second_start_compiles_nothing_of_it(tmp_path: Path) -> None:
    file = tmp_path / "__pycache__" / "pyside6.kept"
    assert compiled_by_a_start(file) > 5
    assert compiled_by_a_start(file) == 0
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "happens",
    [
        lambda file: file.write_bytes(file.read_bytes()[:1000]),
        lambda file: file.write_bytes(b"N"),
        Path.unlink,
    ],
)
def test_what_cannot_be_read_is_compiled_and_kept_anew(
    tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    file = tmp_path / "pyside6.kept"
    compiled_by_a_start(file)
    happens(file)
    assert compiled_by_a_start(file) > 5
    assert compiled_by_a_start(file) == 0


def test_where_nobody_may_write_it_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = tmp_path / "file" / "pyside6.kept"
    assert compiled_by_a_start(file) > 5
    assert compiled_by_a_start(file) > 5
