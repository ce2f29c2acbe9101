"""Addresses of electronic mail."""

import re

_COMPLETE = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+")


def is_address(text: str) -> bool:
    """Whether mail could be sent there: a name, an @, and a host with a dot.

    Whether there is anybody, only its server knows.
    """
    return _COMPLETE.fullmatch(text) is not None
