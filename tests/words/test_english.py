"""What a person reads is English as spoken, and its numbers agree with their nouns."""

import ast
from pathlib import Path

import pytest

import autosky_desktop

SOURCES = sorted(Path(autosky_desktop.__file__).parent.rglob("*.py"))


def texts() -> list[str]:
    nodes = (it for file in SOURCES for it in ast.walk(ast.parse(file.read_text("utf-8"))))
    return [it.value for it in nodes if isinstance(it, ast.Constant) and isinstance(it.value, str)]


@pytest.mark.parametrize("words", ["} is over", "whoever keeps", "As everywhere"])
def test_nothing_is_said_that_was_translated_word_for_word(words: str) -> None:
    assert [text for text in texts() if words in text] == []
