"""The socket that callers come to, and how many files they may take up."""

import socket
import sys

BACKLOG = 128

WANTED = 4096
KEPT_BACK = 128
"""Kept for the databases, the log, and what comes in one turn before anybody can be sent away."""
FEWEST = 16
UNLIMITED = 4000


def allow_many() -> None:
    """Raise this process's limit of open files as far as we want it and the system allows.

    Its usual limit is meant for other programs.
    """
    if sys.platform != "win32":
        import resource

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = WANTED if most == resource.RLIM_INFINITY else min(WANTED, most)
        if now != resource.RLIM_INFINITY and now < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def left_for_callers() -> int:
    """Return how many connections there may be and still leave files for everything else."""
    if sys.platform == "win32":
        return UNLIMITED
    import resource

    now, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now == resource.RLIM_INFINITY:
        return UNLIMITED
    return max(FEWEST, min(UNLIMITED, now - KEPT_BACK))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the host; port 0 lets the system choose.

    asyncio sends small answers at once only on sockets that say they are TCP, which those of
    `create_server` do not: headers and body would wait 40 ms for one another.
    """
    listener = socket.create_server((host, port), backlog=BACKLOG)
    return socket.socket(
        listener.family, listener.type, socket.IPPROTO_TCP, fileno=listener.detach()
    )
