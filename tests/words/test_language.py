"""Words follow a catalogue that is chosen while the program runs, in plurals and dates too."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtCore import QDate, QLocale

from autosky_desktop.actions.exporting import lines
from autosky_desktop.domain.publication import PublicationState
from autosky_desktop.domain.server import Server
from autosky_desktop.system import languages
from autosky_desktop.words import counts, language, shutdown, states, times

POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : "
"n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{n} hour"
msgid_plural "{n} hours"
msgstr[0] "{n} godzina"
msgstr[1] "{n} godziny"
msgstr[2] "{n} godzin"

msgctxt "server"
msgid "Stopped"
msgstr "Zatrzymany"

msgctxt "publication"
msgid "Failed"
msgstr "Nieudana"

msgctxt "short"
msgid "Tue"
msgstr "wt."

msgctxt "short"
msgid "Nov"
msgstr "lis"

msgid "November"
msgstr "listopada"

msgid "{weekday} {day} {month} {year}"
msgstr "{weekday}, {day}.{month}.{year}"

msgid "{day} {month}"
msgstr "{month} {day}"

msgid "today"
msgstr "dziś"

msgid "{day} {time}"
msgstr "{day} o {time}"

msgctxt "between thousands"
msgid ","
msgstr " "

msgctxt "decimal sign"
msgid "."
msgstr ","
"""
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC).astimezone()


@pytest.fixture
def polish(tmp_path: Path) -> Iterator[Path]:
    """A language with three forms of a plural, and with a word that depends on what it is about."""
    file = tmp_path / "pl.mo"
    with file.open("wb") as to:
        write_mo(to, read_po(BytesIO(POLISH.encode())))
    language.use(file)
    yield file
    language.use(None)


def test_the_plural_follows_the_rule_of_the_language(polish: Path) -> None:
    said = [counts.hours(n) for n in (1, 2, 5, 22)]
    assert said == ["1 godzina", "2 godziny", "5 godzin", "22 godziny"]


def test_dates_and_numbers_have_the_order_and_signs_of_the_language(polish: Path) -> None:
    assert times.moment_in_full(NOON) == f"wt., 24.lis.2026 o {NOON:%H:%M:%S}"
    assert times.day_and_month(NOON) == "listopada 24"
    assert shutdown.day_word(NOON, NOON + timedelta(seconds=1)) == "dziś"
    assert counts.number(12_345) == "12 345"
    assert counts.decimal(2.5) == "2,5"


def test_a_field_of_a_date_and_a_table_follow_the_language(polish: Path) -> None:
    assert times.date_format() == "ddd, d.MMM.yyyy"
    assert lines([["a", "b;c"]]) == 'a;"b;c"\r\n'
    language.use(None)
    assert times.date_format() == "ddd d MMM yyyy"
    assert lines([["a", "b;c"]]) == "a,b;c\r\n"


@pytest.mark.parametrize(
    ("code", "written"),
    [("pt_BR", "ter. 24 nov. 2026"), ("es", "mar 24 nov 2026"), ("en", "Tue 24 Nov 2026")],
)
def test_a_date_in_a_field_is_written_in_the_order_of_its_language(code: str, written: str) -> None:
    languages.speak(code)
    try:
        assert QLocale(code).toString(QDate(2026, 11, 24), times.date_format()) == written
    finally:
        language.use(None)


def test_a_state_is_looked_up_for_what_has_it(polish: Path) -> None:
    assert states.publication_word(PublicationState.FAILED) == "Nieudana"
    assert states.step_state("failed") == "Failed"


def test_a_change_of_language_is_seen_at_once(polish: Path) -> None:
    server = Server(id="db", name="DB", role="support", status="stopped", since=NOON)
    assert states.server_look(server, now=NOON)[1] == "Zatrzymany"
    language.use(None)
    assert states.server_look(server, now=NOON)[1] == "Stopped"
    language.use(polish)
    assert states.server_look(server, now=NOON)[1] == "Zatrzymany"
    assert language.code() == "pl"


def test_what_is_not_translated_stays_english_and_nothing_stays_nothing(polish: Path) -> None:
    assert language._("Stays as it is") == "Stays as it is"
    assert language._("") == ""
    assert counts.users(1) == "1 user"


def test_no_language_is_used_whose_catalogue_cannot_be_read(polish: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        language.use(tmp_path / "none.mo")
    (tmp_path / "broken.mo").write_bytes(b"no catalogue")
    with pytest.raises(OSError, match="magic"):
        language.use(tmp_path / "broken.mo")
    assert counts.hours(1) == "1 godzina"


def test_english_loads_no_gettext_and_words_need_no_window() -> None:
    code = (
        "import sys, autosky_desktop.words.states, autosky_desktop.words.publishing\n"
        "print({'gettext', 'babel', 'tzlocal', 'PySide6'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout == "set()\n", ended.stderr
