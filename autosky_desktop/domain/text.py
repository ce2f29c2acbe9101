"""Texts from somebody else or the operating system, made fit to be read and kept."""

import unicodedata

LONGEST = 200
LONGEST_TEXT = 2_000
LONGEST_TITLE = 120


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return the text on one line, without characters that hide or turn letters.

    It is for people to read; nothing can be found by it.
    """
    if text.isprintable() and len(text) <= longest:
        return text.strip()
    return " ".join(_plain(text[: 4 * longest]).split())[:longest].strip()


def title(text: str) -> str:
    """Return a name for people: one line, nothing that turns or hides text, and not too long."""
    return one_line(text, LONGEST_TITLE)


def several_lines(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return the text as `one_line` would, but keep its lines apart."""
    if text.isprintable() and len(text) <= longest:
        return text
    lines = text[: 4 * longest].splitlines()
    return "\n".join(_plain(line).rstrip() for line in lines)[:longest].strip()


def readable(text: str) -> str:
    """Return the operating system's text with every unprintable character replaced.

    Python keeps such a byte as a lone surrogate, which nothing can be made of: no JSON, no row of
    the database, no line of a log.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in whole)


def _plain(text: str) -> str:
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
