"""A file is there whole, or it is not there."""

import os
import tempfile
from pathlib import Path

import pytest

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.writing import WholeFile


def test_nothing_has_the_name_before_everything_is_written(tmp_path: Path) -> None:
    target = tmp_path / "activity.csv"
    target.write_text("what was there")
    file = WholeFile(target)
    file.write("ä\r\n")
    assert target.read_text() == "what was there"
    file.keep()
    file.drop()
    assert target.read_bytes() == "ä\r\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "activity.csv"
    target.write_text("what was there")
    part = tmp_path / "part"
    part.touch()
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(tempfile, "mkstemp", lambda *_: (full, str(part)))
    file = WholeFile(target)
    with pytest.raises(CannotWrite) as cause:
        file.write("more than fits")
    file.drop()
    assert cause.value.reason == "full"
    assert target.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["図" * 83 + ".csv", "x" * 251 + ".csv"])
def test_a_name_may_be_as_long_as_a_name_can_be(tmp_path: Path, name: str) -> None:
    file = WholeFile(tmp_path / name)
    file.write("Time")
    file.keep()
    assert [it.name for it in tmp_path.iterdir()] == [name]


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as cause:
        WholeFile(tmp_path / "gone" / "activity.csv").write("Time")
    assert cause.value.reason == "gone"


def test_a_file_that_is_made_after_it_was_dropped_does_not_stay(tmp_path: Path) -> None:
    file = WholeFile(tmp_path / "activity.csv")
    file.drop()
    file.write("Time")
    assert list(tmp_path.iterdir()) == []
