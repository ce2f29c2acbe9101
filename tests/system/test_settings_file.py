"""Settings go to another computer in a file, without secrets, and each bad one costs itself."""

from pathlib import Path

import msgspec
import pytest

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system import settings_file
from autosky_desktop.system.settings import Settings
from autosky_desktop.system.settings_file import FoundSettings, NoSettings

OTHER = Settings(
    theme="dark", reminders=(45,), quiet_hours=(22, 6), notify_holds=False, mail_port=25,
    vault_command=("pass", "--token", "hunter2"), favourites=("erp",), geometry="AAAA",
    last_accounts={"s1": "ana"}, mail_password=True, terminal="xterm",
)  # fmt: skip


def written(folder: Path, settings: str) -> Path:
    file = folder / "settings.json"
    file.write_text(f'{{"holds": "settings of Autosky Desktop", "settings": {settings}}}')
    return file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    settings_file.export(OTHER, tmp_path / "out.json")
    found = settings_file.read(tmp_path / "out.json")
    assert found.refused == []
    taken = msgspec.structs.replace(Settings(), **found.values)
    for name in settings_file.CARRIED:
        assert getattr(taken, name) == getattr(OTHER, name)


def test_no_secret_no_name_and_nothing_to_start_is_in_it(tmp_path: Path) -> None:
    settings_file.export(OTHER, tmp_path / "out.json")
    text = (tmp_path / "out.json").read_text()
    for word in ("hunter2", "vault", "erp", "AAAA", "ana", "password", "xterm"):
        assert word not in text


def test_a_command_from_somebody_else_s_file_is_not_taken(tmp_path: Path) -> None:
    file = written(tmp_path, '{"vault_command": ["sh", "-c", "evil"], "theme": "dark"}')
    assert settings_file.read(file) == FoundSettings({"theme": "dark"}, ["vault_command"])


@pytest.mark.parametrize(
    "bad",
    [
        '"theme": "purple"',
        '"reminders": [0]',
        '"quiet_hours": [22, 24]',
        '"quiet_hours": [1, 2, 3]',
        '"mail_port": 0',
        '"notify_holds": "yes"',
        '"of-later": 1',
    ],
)
def test_an_unknown_or_bad_value_costs_itself_alone(tmp_path: Path, bad: str) -> None:
    found = settings_file.read(written(tmp_path, f'{{{bad}, "motion": "reduced"}}'))
    assert found.values == {"motion": "reduced"}
    assert found.refused == [bad.split('"')[1]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"theme": "dark"}',
        b'{"holds": "something else", "settings": {}}',
        b"\xff\xfe{\x00",
        b'{"holds": "settings of Autosky Desktop", "settings": {"theme": "dark"',
        b"[" * 100_000,
        b" " * (settings_file.LARGEST + 1),
    ],
)
def test_another_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(NoSettings):
        settings_file.read(tmp_path / "other")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        settings_file.read(tmp_path / "gone")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        settings_file.export(OTHER, tmp_path / "gone" / "out.json")
