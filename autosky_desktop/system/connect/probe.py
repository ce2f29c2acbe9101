"""Who answers there: looked at before anything is sent that somebody else should not have.

The negotiation is MS-RDPBCGR 2.2.1.1 and 2.2.1.2; the certificate is that of the TLS beneath it.
"""

import asyncio
import hashlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from enum import StrEnum

from msgspec import Struct

SECONDS = 8.0
ANSWER_SECONDS = 2.0

TLS, CREDSSP, CREDSSP_EX = 0x1, 0x2, 0x8
ASKED = TLS | CREDSSP | CREDSSP_EX
REQUEST = bytes([3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, ASKED, 0, 0, 0])
CONFIRM, NEGOTIATED, REFUSED = 0xD0, 2, 3
HEAD = 4
LONGEST_ANSWER = 512


class Why(StrEnum):
    """Why nobody could be looked at. `no-tls`: RDP without a certificate, so without trust.

    `old`: it has no encryption in common with this computer's ssh. `config`: the person's own
    configuration of ssh is faulty. `way`: what that configuration sends the connection through.
    """

    NO_NAME = "no-name"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    CLOSED = "closed"
    OLD = "old"
    CONFIG = "config"
    WAY = "way"
    NOT_SSH = "not-ssh"
    NOT_RDP = "not-rdp"
    NO_TLS = "no-tls"


class NotSeen(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Seen(Struct, frozen=True, kw_only=True):
    """`fingerprint` as in `Endpoint`. `signs_in_first`: the client signs in before there is a
    session (NLA); without, the server asks and answers inside the session's window. `host_key` is
    an SSH server's whole key.
    """

    fingerprint: str
    host_key: str = ""
    signs_in_first: bool = False


Look = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Seen]]


async def answers(host: str, port: int, seconds: float = ANSWER_SECONDS) -> bool:
    """Whether somebody accepts connections there."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:  # a time-out is one
        return False
    writer.close()
    return True


async def rdp(host: str, port: int, seconds: float = SECONDS) -> Seen:
    """The certificate of an RDP server. Raises NotSeen."""

    async def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Seen:
        writer.write(REQUEST)
        chosen = await _negotiated(reader)
        await writer.start_tls(_looking())
        return Seen(fingerprint=_fingerprint(writer), signs_in_first=chosen != TLS)

    return await _looked(host, port, seconds, look)


async def tls(host: str, port: int, seconds: float = SECONDS) -> Seen:
    """The certificate of what speaks TLS at once, as a gateway does. Raises NotSeen."""

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Seen:
        await writer.start_tls(_looking())
        return Seen(fingerprint=_fingerprint(writer))

    return await _looked(host, port, seconds, look)


def printed(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER) as "sha256:" and pairs with colons."""
    digest = hashlib.sha256(certificate).hexdigest().upper()
    return "sha256:" + ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))


async def _looked(host: str, port: int, seconds: float, look: Look) -> Seen:
    reached = False
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, port)
            reached = True
            try:
                return await look(reader, writer)
            finally:
                writer.transport.abort()
    except TimeoutError:
        raise NotSeen(Why.SILENT if reached else Why.UNREACHABLE) from None
    except (ssl.SSLError, asyncio.IncompleteReadError, ConnectionResetError, ValueError):
        raise NotSeen(Why.NOT_RDP) from None
    except ConnectionRefusedError:
        raise NotSeen(Why.REFUSED) from None
    except socket.gaierror:
        raise NotSeen(Why.NO_NAME) from None
    except OSError:
        raise NotSeen(Why.UNREACHABLE) from None


async def _negotiated(reader: asyncio.StreamReader) -> int:
    """The protocol the server chose. Raises NotSeen, ValueError for what is not RDP."""
    head = await reader.readexactly(HEAD)
    length = int.from_bytes(head[2:4], "big")
    if head[0] != 3 or not HEAD < length <= LONGEST_ANSWER:
        raise ValueError("not a TPKT")
    body = await reader.readexactly(length - HEAD)
    if len(body) < 7 or body[1] != CONFIRM:
        raise ValueError("not a connection confirm")
    said = body[7:]
    if len(said) < 8 or said[0] == REFUSED:
        raise NotSeen(Why.NO_TLS)
    chosen = int.from_bytes(said[4:8], "little")
    if said[0] != NEGOTIATED or not chosen & ASKED:
        raise NotSeen(Why.NO_TLS)
    return chosen


def _looking() -> ssl.SSLContext:
    """Takes any certificate, of any age: it is only looked at, and nothing is said."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def _fingerprint(writer: asyncio.StreamWriter) -> str:
    certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    if not certificate:
        raise NotSeen(Why.NO_TLS)
    return printed(certificate)
