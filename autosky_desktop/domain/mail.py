"""Addresses of electronic mail."""

import re

_NOT = r"\s@,;<>\"\x00-\x1f\x7f-\x9f"
_COMPLETE = re.compile(rf"[^{_NOT}]+@[^{_NOT}.]+(\.[^{_NOT}.]+)+")


def is_address(text: str) -> bool:
    """Whether mail could be sent there: a name, an @, and a host with a dot.

    Whether there is anybody, only its server knows.
    """
    return _COMPLETE.fullmatch(text) is not None
