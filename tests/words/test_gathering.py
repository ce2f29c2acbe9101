"""Translators are given every text that is marked, by the same tool as in `make languages`."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from tests.support import shape, worded

ROOT = Path(__file__).parents[2]
KEYWORDS = DEFAULT_KEYWORDS | {"NP_": ((1, "c"), 2)}


def gathered() -> Counter[str]:
    found = extract_from_dir(ROOT / "autosky_desktop", keywords=KEYWORDS)
    return Counter(_singular(message) for _file, _line, message, _comments, _context in found)


def _singular(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def marked() -> Iterator[str]:
    for source in shape.read(ROOT, ("autosky_desktop",)):
        yield from (text for _call, text in worded.marked(source))


def test_what_is_marked_is_gathered_each_as_often_as_it_stands_there() -> None:
    assert Counter(marked()) == gathered()
    assert gathered().total() > 2_000
    assert "--keyword NP_:1c,2" in (ROOT / "packaging/catalogues.sh").read_text("utf-8")


def test_no_text_begins_or_ends_in_the_middle_of_another() -> None:
    """A space at its edge is for a neighbour; the unit in a field is the one exception."""
    pieces = {text for text in marked() if text.strip(" ") != text} - {" minute"}
    assert pieces == set()
