"""Each language says everything, and says it with the same numbers, names and marks."""

import re
import string
from collections.abc import Iterator, Sequence

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.support.serving import ROOT

LANGUAGES = sorted(path.stem for path in (ROOT / "resources/languages").glob("*.po"))
MARK = re.compile(r"</?\w+>|&\w+;")
LAST = re.compile(r"[…:?\n]$")
ROLES = {**DEFAULT_KEYWORDS, "NP_": ((1, "c"), 2)}
"""Where a text stands in the functions that mark it, as packaging/catalogues.sh says it too."""


@pytest.fixture(scope="module")
def said() -> list[tuple[str | None, tuple[str, ...]]]:
    """Everything that the programs say: its context, and its forms in English."""
    found = extract_from_dir(ROOT / "autosky_desktop", keywords=ROLES)
    texts = {
        (context, (text,) if isinstance(text, str) else tuple(text))
        for _file, _line, text, _comments, context in found
    }
    assert len(texts) > 2000
    return sorted(texts, key=str)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Catalog:
    with (ROOT / f"resources/languages/{request.param}.po").open("rb") as file:
        return read_po(file)


def forms(text: Message) -> Iterator[tuple[str, str]]:
    """Yield each form of a translation with the English one that it stands for."""
    english, theirs = together(text.id), together(text.string)
    for number, translated in enumerate(theirs):
        yield english[min(number, len(english) - 1)], translated


def together(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def fields(text: str) -> set[str]:
    return {name for _before, name, _format, _how in string.Formatter().parse(text) if name}


def test_there_are_portuguese_and_spanish() -> None:
    assert LANGUAGES == ["es", "pt_BR"]


def test_everything_is_translated(
    language: Catalog, said: list[tuple[str | None, tuple[str, ...]]]
) -> None:
    missing = []
    for context, english in said:
        found = language.get(english[0], context)
        if (
            found is None
            or found.fuzzy
            or not all(together(found.string))
            or len(together(found.id)) < len(english)  # more: it is said without a number too
        ):
            missing.append(english[0])
    assert missing == []


def test_a_translation_has_the_fields_and_marks_of_its_text(language: Catalog) -> None:
    wrong = [
        translated
        for text in language
        for english, translated in forms(text)
        if text.id
        and not (
            # a form for one may name the number that English says as a word
            fields(english) <= fields(translated) <= fields(together(text.id)[-1])
            and sorted(MARK.findall(english)) == sorted(MARK.findall(translated))
        )
    ]
    assert wrong == []


def test_a_translation_ends_as_its_text_does(language: Catalog) -> None:
    """An ellipsis promises a question, a colon that something follows."""
    wrong = [
        translated
        for text in language
        for english, translated in forms(text)
        if text.id and LAST.findall(english) != LAST.findall(translated)
    ]
    assert wrong == []


def test_each_form_of_a_plural_is_there(language: Catalog) -> None:
    plurals = [text for text in language if not isinstance(text.id, str)]
    assert len(plurals) > 50
    assert [it.id for it in plurals if len(together(it.string)) != language.num_plurals] == []


def test_it_asks_in_spanish_with_both_question_marks() -> None:
    with (ROOT / "resources/languages/es.po").open("rb") as file:
        asked = [form for text in read_po(file) for form in together(text.string)]
    assert [it for it in asked if it.endswith("?") and "¿" not in it] == []
