"""What was told survives a restart, and a damaged file costs no start."""

from pathlib import Path

import pytest

from autosky_desktop.domain.inbox import Kept
from autosky_desktop.domain.reminders import due_reminders
from autosky_desktop.system.plane_files import KeptReminders
from tests.domain.test_reminders import NOON, about_to_stop


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    _, told = due_reminders([about_to_stop(9)], {}, now=NOON)
    KeptReminders(lambda: tmp_path / "new").save(Kept(told=told))
    assert KeptReminders(lambda: tmp_path / "new").load() == Kept(told=told)


@pytest.mark.parametrize("damage", [b'{"told": {"a"', b'{"told": "\xff"}', b"[]", b""])
def test_a_damaged_or_missing_file_is_an_empty_memory(tmp_path: Path, damage: bytes) -> None:
    assert KeptReminders(lambda: tmp_path).load() == Kept()
    (tmp_path / "reminders.json").write_bytes(damage)
    assert KeptReminders(lambda: tmp_path).load() == Kept()


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    KeptReminders(lambda: tmp_path / "file").save(Kept())
    assert (tmp_path / "file").read_text() == ""
