"""The language is the one that the system is told to speak, by the rules of gettext."""

import logging
from pathlib import Path

import pytest

from autosky_desktop.system import languages
from autosky_desktop.words import language

THERE = ["es", "pt_BR"]


@pytest.mark.parametrize(
    ("told", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt_BR"),
        ({"LANG": "pt_PT.UTF-8"}, "pt_BR"),
        ({"LANG": "es_AR@latin"}, "es"),
        ({"LANG": "es-MX"}, "es"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": ""}, "en"),
        ({"LANG": "pt_BR.UTF-8", "LC_MESSAGES": "es_ES.UTF-8"}, "es"),
        ({"LANG": "pt_BR.UTF-8", "LC_MESSAGES": "es_ES.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:pt:en"}, "pt_BR"),
        ({"LANG": "pt_BR.UTF-8", "LANGUAGE": "en:pt_BR"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "pt_BR"}, "en"),
        ({"LANG": "C", "LANGUAGE": "pt_BR"}, "en"),
        ({"LANG": "pt_BR.UTF-8", "LC_ALL": "POSIX"}, "en"),
        ({"LANGUAGE": "pt_BR"}, "en"),
    ],
)
def test_it_speaks_what_the_system_is_told_to(told: dict[str, str], spoken: str) -> None:
    assert languages.nearest(languages.told_by(told), THERE) == spoken


def test_there_are_catalogues_of_the_languages_that_can_be_chosen() -> None:
    assert {it.stem for it in languages.folder().glob("*.mo")} == set(THERE)


def test_a_damaged_catalogue_leaves_it_english_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(languages, "folder", lambda: tmp_path)
    (tmp_path / "es.mo").write_bytes(b"\xde\x12\x04\x95cut off")
    (tmp_path / "pt_BR.mo").write_bytes(b"\xde\x12\x04\x95" + b"\xff" * 40)
    with caplog.at_level(logging.WARNING):
        for code in ("es", "pt_BR", "xx"):
            languages.speak(code)
            assert language.code() == "en"
    assert len(caplog.records) == 3
