"""Messages to users with fields to fill in: {minutes}, {version}, {time}."""

import re
from collections.abc import Mapping

WORDS = ("minutes", "version", "time")
_FIELD = re.compile(r"\{(\w*)\}")
_MINUTES = re.compile(r"\{minutes\}(\s+)(minute|minuto)s\b", re.IGNORECASE)
"""In English, Portuguese and Spanish: one minute is no plural."""


def unknown(text: str) -> list[str]:
    """Return the words in braces that no value is known for, in the order they come."""
    return [word for word in _FIELD.findall(text) if word not in WORDS]


def rendered(text: str, *, minutes: int, version: int, time: str) -> str:
    """Return what users see; `time` says when they are disconnected. Unknown fields stay."""
    values: Mapping[str, str] = {"minutes": str(minutes), "version": str(version), "time": time}
    if minutes == 1:
        text = _MINUTES.sub(r"{minutes}\1\2", text)
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), text)
