"""Addresses that lead nowhere."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def silent_on_ipv6(port: int) -> Iterator[None]:
    """Take no connection to that port any more, so that packets to it are lost."""
    with ExitStack() as parts:
        full = parts.enter_context(socket.socket(socket.AF_INET6))
        full.bind(("::1", port))
        full.listen(0)
        for _place in range(3):
            waiting = parts.enter_context(socket.socket(socket.AF_INET6))
            waiting.setblocking(False)
            waiting.connect_ex(("::1", port))
        yield
