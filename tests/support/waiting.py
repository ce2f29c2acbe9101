"""The waiting of tests, for what can be observed."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], *, within: float = 30.0) -> T:
    """Return what `look` returns as soon as it is something; AssertionError when time is up."""
    until = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < until, f"not within {within} s; seen last: {seen!r}"
        time.sleep(0.02)
    return seen
