"""The socket that callers come to, made before anything is loaded that answers them."""

import socket

BACKLOG = 128


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the host; port 0 lets the system choose.

    asyncio sends small answers at once only on sockets that say they are TCP, which those of
    `create_server` do not: headers and body would wait 40 ms for one another.
    """
    listener = socket.create_server((host, port), backlog=BACKLOG)
    return socket.socket(
        listener.family, listener.type, socket.IPPROTO_TCP, fileno=listener.detach()
    )
