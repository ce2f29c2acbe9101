"""The probe that looks who answers, before anything is sent that somebody else should not have.

The negotiation is MS-RDPBCGR 2.2.1.1 and 2.2.1.2; the certificate is that of the TLS beneath it.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from autosky_desktop.system import clock
from autosky_desktop.system.connect import certificate

SECONDS = 8.0
ANSWER_SECONDS = 2.0
"""For each address of a name; the name itself may take longer to be found."""
FRESH = 60.0
"""Seconds in which a look serves the connection that follows it."""

OLD_ENCRYPTION = {
    "DH_KEY_TOO_SMALL",
    "EE_KEY_TOO_SMALL",
    "NO_PROTOCOLS_AVAILABLE",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_INSUFFICIENT_SECURITY",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_SSL_VERSION",
}
"""What OpenSSL says where both speak TLS, and nothing in common that is still taken."""

TLS, CREDSSP, CREDSSP_EX = 0x1, 0x2, 0x8
ASKED = TLS | CREDSSP | CREDSSP_EX
REQUEST = bytes([3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, ASKED, 0, 0, 0])
CONFIRM, NEGOTIATED, REFUSED = 0xD0, 2, 3
HEAD = 4
LONGEST_ANSWER = 512


class Why(StrEnum):
    """A reason why nobody could be looked at. `no-tls`: RDP without a certificate, so without
    trust; `old-tls`: only with an encryption that no client takes any more.

    `old`: it has no encryption in common with this computer's ssh. `client-old`: that ssh cannot
    say what it is shown. `config`: the person's own
    configuration of ssh is faulty. `way`: what that configuration sends the connection through.
    `revoked`: it says that nobody may trust that key. `unknown`: ssh ended for another reason.
    """

    NO_NAME = "no-name"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    CLOSED = "closed"
    OLD = "old"
    OLD_CLIENT = "client-old"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    CONFIG = "config"
    WAY = "way"
    NOT_SSH = "not-ssh"
    NOT_RDP = "not-rdp"
    NO_TLS = "no-tls"
    OLD_TLS = "old-tls"


NOBODY = (Why.NO_NAME, Why.REFUSED, Why.UNREACHABLE)
"""Why it is as if there were nobody."""


class NotSeen(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Seen(Struct, frozen=True, kw_only=True):
    """A look at who answers. `fingerprint` as in `Endpoint`. `signs_in_first`: the client signs in
    before there is a session (NLA); without, the server asks and answers inside the session's
    window. `host_key` is an SSH server's whole key, `until` the end of a certificate and `key` what
    tells its key apart.
    """

    fingerprint: str
    until: datetime | None = None
    key: str = ""
    host_key: str = ""
    signs_in_first: bool = False


Look = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Seen]]


async def answers(host: str, port: int, seconds: float = SECONDS) -> bool:
    """Return whether somebody accepts connections there."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await _reached(host, port)
    except OSError:  # a time-out is one
        return False
    writer.close()
    return True


async def rdp(host: str, port: int, seconds: float = SECONDS) -> Seen:
    """Return the certificate of an RDP server. Raises NotSeen."""

    async def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Seen:
        writer.write(REQUEST)
        chosen = await _negotiated(reader)
        await writer.start_tls(_looking(), server_hostname=host)
        return _shown(writer, signs_in_first=chosen != TLS)

    return await _looked(host, port, seconds, look)


async def tls(host: str, port: int, seconds: float = SECONDS) -> Seen:
    """Return the certificate of what speaks TLS at once, as a gateway does. Raises NotSeen."""

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Seen:
        await writer.start_tls(_looking(), server_hostname=host)
        return _shown(writer)

    return await _looked(host, port, seconds, look)


class Looks:
    """A reader of what servers show over RDP or TLS. What was seen while a form was filled in
    serves the connection that follows, once: each look is a connection, and servers count those.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], tuple[float, Seen | NotSeen]] = {}
        self._turns: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def answers(self, host: str, port: int, *, gateway: bool = False) -> bool:
        """Return whether somebody answers there; a gateway speaks TLS at once."""
        look = await self._look(host, port, gateway=gateway)
        return not (isinstance(look, NotSeen) and look.why in NOBODY)

    async def shown(self, host: str, port: int, *, gateway: bool = False) -> Seen:
        """Return what it shows. Raises NotSeen."""
        look = await self._look(host, port, gateway=gateway)
        self._seen.pop((host, port), None)
        if isinstance(look, NotSeen):
            raise look
        return look

    async def _look(self, host: str, port: int, *, gateway: bool) -> Seen | NotSeen:
        """Look, unless the last look is fresh. Where nobody answered, each question looks again."""
        at = host, port
        async with self._turns[at]:
            since, look = self._seen.get(at, (-FRESH, None))
            if look and clock.steady() - since < FRESH:
                return look
            try:
                look = await (tls if gateway else rdp)(host, port)
            except NotSeen as cause:
                if cause.why in NOBODY:
                    return cause
                look = cause
            self._seen[at] = clock.steady(), look
            return look


async def _looked(host: str, port: int, seconds: float, look: Look) -> Seen:
    reached = False
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await _reached(host, port)
            reached = True
            try:
                return await look(reader, writer)
            finally:
                writer.transport.abort()
    except TimeoutError:
        raise NotSeen(Why.SILENT if reached else Why.UNREACHABLE) from None
    except ssl.SSLError as cause:
        old = cause.reason in OLD_ENCRYPTION
        raise NotSeen(Why.OLD_TLS if old else Why.NOT_RDP) from None
    except (asyncio.IncompleteReadError, ConnectionResetError, ValueError):
        raise NotSeen(Why.NOT_RDP) from None
    except ConnectionRefusedError:
        raise NotSeen(Why.REFUSED) from None
    except socket.gaierror:
        raise NotSeen(Why.NO_NAME) from None
    except OSError:
        raise NotSeen(Why.UNREACHABLE) from None


async def _reached(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address of the name that answers, IPv4 before IPv6 as FreeRDP does.

    Raises OSError, of the last one.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found.sort(key=lambda it: it[0] == socket.AF_INET6)
    *others, last = [str(it[4][0]) for it in found]
    for address in others:
        with suppress(OSError):
            return await _opened(address, port)
    return await _opened(last, port)


async def _opened(address: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(ANSWER_SECONDS):
        return await asyncio.open_connection(address, port)


async def _negotiated(reader: asyncio.StreamReader) -> int:
    """Return the protocol the server chose. Raises NotSeen, ValueError for what is not RDP."""
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
    """Return a context that takes any certificate of any age: we only look, and say nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def _shown(writer: asyncio.StreamWriter, *, signs_in_first: bool = False) -> Seen:
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    if not shown:
        raise NotSeen(Why.NO_TLS)
    return Seen(
        fingerprint=certificate.printed(shown),
        until=certificate.end(shown),
        key=certificate.key(shown),
        signs_in_first=signs_in_first,
    )


def has_address_in(network: str | None) -> bool:
    """Return whether it has an address of its own in that network ("10.20.0.0/16")."""
    try:
        wanted = ipaddress.ip_network(network or "", strict=False)
        family = socket.AF_INET if wanted.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as looked:
            # chooses the address to send from, and sends nothing
            looked.connect((str(wanted[min(1, wanted.num_addresses - 1)]), 9))
            return ipaddress.ip_address(looked.getsockname()[0].partition("%")[0]) in wanted
    except (OSError, ValueError):
        return False
