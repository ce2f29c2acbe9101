"""A language that nobody speaks: every text of English in brackets, and two fifths longer. What
stands in a window without them is not marked, and what stands beside them was put together.
"""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo

KEYWORDS = DEFAULT_KEYWORDS | {"NP_": ((1, "c"), 2)}
PACKAGE = Path(__file__).parents[2] / "autosky_desktop"
OPEN, CLOSE, MORE = "⟦", "⟧", "~"
PIECE = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[A-Za-z]{2,}")
SIGNS = frozenset({".", ","})
"""The signs in a number are no words."""


def worded(text: str) -> str:
    """Return a text as it is in that language."""
    if not text or text in SIGNS:
        return text
    tail = MORE * max(1, round(len(re.sub(r"{[^}]*}|<[^>]*>", "", text)) * 0.4))
    return f"{OPEN}{text}{tail}{CLOSE}"


def make(file: Path, code: str) -> None:
    """Make a catalogue of it."""
    catalogue = Catalog(locale=code)
    for _file, _line, message, _comments, context in extract_from_dir(PACKAGE, keywords=KEYWORDS):
        texts = (message,) if isinstance(message, str) else tuple(message)
        said = tuple(map(worded, texts))
        catalogue.add(
            texts if len(texts) > 1 else texts[0],
            said if len(said) > 1 else said[0],
            context=context,
        )
    with file.open("wb") as to:
        write_mo(to, catalogue)


def outside(text: str) -> str:
    """Return what of a text stands outside of all brackets."""
    while (inner := PIECE.sub("", text)) != text:
        text = inner
    return text
