"""A name is found by what a keyboard can type of it, and the other way round."""

import unicodedata

import pytest

from autosky_desktop.domain.searching import holds, plain, words

SAME = (
    ("lacz", "Łącz"),
    ("camera", "Câmera"),
    ("orsted", "Ørsted"),
    ("strasse", "Straße"),
    ("STRASSE", "STRAẞE"),
    ("dakovo", "Đakovo"),
    ("aebeltoft", "Æbeltoft"),
    ("coeur", "cœur"),
    ("thorshofn", "Þórshöfn"),
    ("diyarbakir", "DİYARBAKIR"),
    ("isparta", "Isparta"),
    ("izmir", "\u0131zmir"),
    ("erp", "\uff25\uff32\uff30"),
    ("tel", "\u2121"),
    ("o'brien", "O\u2019Brien"),
    ("db-01", "DB\u201101"),
)


@pytest.mark.parametrize(("typed", "name"), SAME)
def test_a_name_is_found_without_its_marks_and_one_without_marks_by_them(
    typed: str, name: str
) -> None:
    assert holds(plain(f"The {name} site"), words(typed))
    assert holds(plain(f"The {typed} site"), words(name))


@pytest.mark.parametrize("name", ["Łódź Câmera", "Ångström", "İzmir", "한국"])
def test_it_does_not_matter_whether_letters_and_accents_come_apart(name: str) -> None:
    composed, apart = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    assert holds(plain(composed), words(apart))
    assert holds(plain(apart), words(composed))


def test_all_words_are_wanted_and_their_order_does_not_matter() -> None:
    assert holds(plain("ERP Production"), words("prod  ERP"))
    assert not holds(plain("ERP Production"), words("prod payroll"))
    assert holds(plain("anything"), words("  "))
