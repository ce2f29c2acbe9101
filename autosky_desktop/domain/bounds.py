"""Bounds for values that came from elsewhere, within which they can be shown and computed with.

What nobody can mean (the year 9999, a name of a megabyte) is shown as the nearest that can be, so
that one odd value does not cost the rest of the answer. What cannot be mended, as a moment without
a zone, is a ValueError: to a decoder, an answer that cannot be read.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import force_setattr

from autosky_desktop.domain.text import one_line, several_lines

EARLIEST_SHOWN = datetime(1971, 1, 1, tzinfo=UTC)
LATEST_SHOWN = datetime(2999, 1, 1, tzinfo=UTC)
"""What every system can put into local time, with a century to reckon beyond it."""

LONGEST_IDENTITY = 1_000
MOST_ROWS = 25_000
MOST_ON_A_PAGE = 5_000

IDENTITIES = frozenset({
    "id", "environment", "server", "instance", "made", "next", "request", "person", "by_id",
    "requested_by_id", "url", "uri",
})  # fmt: skip
"""Fields that are never shown and never altered, because things are found by them."""
TEXTS = frozenset({"note", "detail", "title", "unreachable", "remedy", "message"})
"""Fields in which somebody may have written several lines."""
NAMES = frozenset({"people", "managers", "emails", "first_gone", "named"})
"""Fields that are lists of names to show."""
LONGEST_OF_NAMES = 254
"""As long as an email address may be: a part of one would be another one."""
IN_ONE = frozenset({"target", "account"})
"""Fields in which the record has the names of many."""
LONGEST_IN_ONE = 8_000


def within_bounds(struct: Struct, *, most_rows: int = MOST_ROWS, texts: bool = True) -> None:
    """Bring the fields of a struct under construction within their bounds, and those of its parts
    that do not do so themselves.

    `texts` False leaves these as they came. Raises ValueError for what cannot be mended.
    """
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        fit = _FITS.get(type(value))
        if fit is None and isinstance(value, Struct) and not hasattr(value, "__post_init__"):
            within_bounds(value, most_rows=most_rows, texts=texts)
        if fit is None or (fit is _text and not texts):
            continue
        if isinstance(value, list | tuple) and len(value) > most_rows:
            raise ValueError(f"{name} has {len(value)} entries")
        if (fitted := fit(name, value)) is not value:
            force_setattr(struct, name, fitted)


def moment(_name: str, at: datetime) -> datetime:
    """Bring a moment within what can be shown.

    Raises ValueError for one without a zone: it could be any of 26 hours.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return min(max(at, EARLIEST_SHOWN), LATEST_SHOWN)


def _text(name: str, text: str) -> str:
    if name in IDENTITIES:
        if len(text) > LONGEST_IDENTITY:
            raise ValueError(f"{name} has {len(text)} characters")
        return text
    if name in TEXTS:
        return several_lines(text)
    return one_line(text, LONGEST_IN_ONE) if name in IN_ONE else one_line(text)


def _several(name: str, texts: tuple[Any, ...] | list[Any]) -> Any:
    if name not in NAMES:
        return texts
    return type(texts)(one_line(text, LONGEST_OF_NAMES) for text in texts)


_FITS: Mapping[type, Callable[[str, Any], Any]] = MappingProxyType({
    datetime: moment,
    str: _text,
    list: _several,
    tuple: _several,
})  # fmt: skip
