"""Settings come back as they were left, and never stop the window from opening."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from autosky_desktop.system import settings
from autosky_desktop.system.settings import Preferences, Settings, UnreadSettings

FILE, ASIDE = "settings.json", "settings.damaged"


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    kept = Settings(geometry="AAAA", environment="payroll", tab="publish", sidebar=False)
    Preferences(tmp_path / "new").keep(kept)
    assert settings.load(tmp_path / "new") == (kept, {}, None)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\x00\xff", b"null", b"[" * 100_000, b"\0" * 900]
)
def test_a_file_that_is_no_settings_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    loaded = settings.load(tmp_path)
    assert loaded == (Settings(), {}, UnreadSettings((), str(tmp_path / ASIDE)))
    assert (tmp_path / ASIDE).read_bytes() == content
    assert settings.load(tmp_path).trouble is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tab", b"7"),
        ("geometry", b'"\xff"'),
        ("geometry", b"null"),
        ("reminders", b"[-5]"),
        ("reminders", b"[99999]"),
        ("quiet_until", b'"2026-11-24T19:00:00"'),
        ("last_accounts", b'{"server": 3}'),
        ("vault_command", b'"pass"'),
        ("of_another_version", b'"\xff"'),
    ],
)
def test_one_bad_value_costs_that_value_alone(
    tmp_path: Path, field: str, value: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    content = b'{"theme": "dark", "%s": %s, "favourites": ["a"]}' % (field.encode(), value)
    (tmp_path / FILE).write_bytes(content)
    found, _, trouble = settings.load(tmp_path)
    assert found == Settings(theme="dark", favourites=("a",))
    assert trouble == UnreadSettings((field,), str(tmp_path / ASIDE))
    assert (tmp_path / ASIDE).read_bytes() == content
    assert field in caplog.text
    assert settings.load(tmp_path) == (found, {}, None)  # what was good is on the disk again


def test_half_a_letter_in_one_value_costs_that_letter_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(
        b'{"theme": "dark", "terminal": "kitty\\ud83d", "later": ["\\udc00", 1.5, null]}'
    )
    found, unknown, trouble = settings.load(tmp_path)
    assert found == Settings(theme="dark", terminal="kitty\ufffd")
    assert trouble is None
    settings.save_changes(tmp_path, found, replace(found, theme="light"), unknown)
    kept = json.loads((tmp_path / FILE).read_text("utf-8"))
    assert kept["later"] == ["\ufffd", 1.5, None]
    assert (kept["theme"], kept["terminal"]) == ("light", "kitty\ufffd")


def test_what_another_version_wrote_survives_every_change(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"tab": "publish", "mood": {"sunny": [1]}}')
    preferences = Preferences(tmp_path)
    assert preferences.settings == Settings(tab="publish")
    preferences.keep(Settings(tab="activity"))
    kept = json.loads((tmp_path / FILE).read_bytes())
    assert kept["mood"] == {"sunny": [1]}
    assert kept["tab"] == "activity"


def test_a_mark_that_an_editor_put_first_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"tab": "publish"}', "utf-8-sig")
    assert settings.load(tmp_path) == (Settings(tab="publish"), {}, None)


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Preferences(tmp_path / "file").keep(Settings())
    assert settings.load(tmp_path / "file").settings == Settings()


def test_what_another_window_has_changed_meanwhile_stays(tmp_path: Path) -> None:
    Preferences(tmp_path).keep(Settings(environment="payroll"))
    one, another = Preferences(tmp_path), Preferences(tmp_path)
    one.keep(replace(one.settings, theme="dark", reminders=(15,)))
    another.keep(replace(another.settings, sidebar=False))
    one.keep(replace(one.settings, tab="activity"))
    kept = Settings(
        environment="payroll", theme="dark", reminders=(15,), sidebar=False, tab="activity"
    )
    assert settings.load(tmp_path) == (kept, {}, None)


@pytest.mark.parametrize("content", [None, b"{"])
def test_all_is_kept_again_where_the_file_is_gone_or_damaged(
    tmp_path: Path, content: bytes | None
) -> None:
    Preferences(tmp_path).keep(Settings(theme="dark"))
    preferences = Preferences(tmp_path)
    (tmp_path / FILE).unlink()
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    preferences.keep(replace(preferences.settings, tab="publish"))
    assert settings.load(tmp_path) == (Settings(theme="dark", tab="publish"), {}, None)
