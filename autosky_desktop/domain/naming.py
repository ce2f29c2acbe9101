"""Texts that somebody else wrote: nothing in them hides or turns anything, however they came."""

import unicodedata

LONGEST = 200
LONGEST_TEXT = 2_000


def one_line(text: str, longest: int = LONGEST) -> str:
    """For people to read; not to find anything by."""
    if text.isprintable() and len(text) <= longest:
        return text.strip()
    return " ".join(_plain(text[: 4 * longest]).split())[:longest].strip()


def several_lines(text: str, longest: int = LONGEST_TEXT) -> str:
    """The same, with the lines that it has."""
    if text.isprintable() and len(text) <= longest:
        return text
    lines = text[: 4 * longest].splitlines()
    return "\n".join(_plain(line).rstrip() for line in lines)[:longest].strip()


def _plain(text: str) -> str:
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
