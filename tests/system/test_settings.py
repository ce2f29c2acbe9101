"""Settings come back as they were left, and never stop the window from opening."""

from pathlib import Path

import pytest

from autosky_desktop.system import settings
from autosky_desktop.system.settings import Settings


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    kept = Settings(geometry="AAAA", environment="payroll", tab="publish", sidebar=False)
    settings.save(tmp_path / "new", kept)
    assert settings.load(tmp_path / "new") == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"tab": 7}', "\x00\xff", '{"reminders": [-5]}', '{"reminders": [99999]}',
        '{"quiet_until": "2026-11-24T19:00:00"}',
    ],
)  # fmt: skip
def test_settings_that_cannot_be_read_start_afresh(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    assert settings.load(tmp_path) == Settings()


def test_a_setting_from_the_future_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"tab": "publish", "mood": "sunny"}')
    assert settings.load(tmp_path).tab == "publish"


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.save(tmp_path / "file", Settings())
    assert settings.load(tmp_path / "file") == Settings()
