"""Names that somebody else gave: one line that hides and turns nothing, however it came."""

import unicodedata

from msgspec import Struct
from msgspec.structs import force_setattr

LONGEST = 200


def one_line(text: str, longest: int = LONGEST) -> str:
    """For people to read; not to find anything by."""
    if text.isprintable() and len(text) <= longest:
        return text.strip()
    shown = (c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join("".join(shown).split())[:longest].strip()


def on_one_line(struct: Struct, *fields: str, longest: int = LONGEST) -> None:
    """While it comes about: frozen ones, too."""
    for field in fields:
        force_setattr(struct, field, one_line(getattr(struct, field), longest))
