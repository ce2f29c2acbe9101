"""The fields we read of a certificate that nobody vouches for: its fingerprint, end and key."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

SEQUENCE, VERSION, UTC_TIME, GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18
PIVOT = 50
"""Two digits of a year below that are of this century (RFC 5280, 4.1.2.5.1)."""

UNREADABLE = (ValueError, LookupError, StopIteration, OverflowError)
"""What comes of reading something else."""

Field = tuple[int, bytes]
"""Its kind and its content, as DER has them."""


def printed(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate (DER) as "sha256:" and pairs with colons."""
    digest = hashlib.sha256(certificate).hexdigest().upper()
    return "sha256:" + ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))


def end(certificate: bytes) -> datetime | None:
    """Return until when it is valid (DER); None where it does not say so in a readable way."""
    try:
        kind, text = list(_fields(_content(_told(certificate)[3], SEQUENCE)))[1]
        return _moment(kind, text.decode("ascii"))
    except UNREADABLE:
        return None


def key(certificate: bytes) -> str:
    """Return the SHA-256 of the public key in it (DER): a renewed one may have the same. Empty
    where there is none that can be read.
    """
    try:
        return hashlib.sha256(_content(_told(certificate)[5], SEQUENCE)).hexdigest()
    except UNREADABLE:
        return ""


def _told(certificate: bytes) -> list[Field]:
    """Return the fields that are signed: a number, how, by whom, when it is valid, whose it is, the
    key, and more.
    """
    whole = next(_fields(certificate))[1]
    return [field for field in _fields(next(_fields(whole))[1]) if field[0] != VERSION]


def _fields(content: bytes) -> Iterator[Field]:
    while content:
        kind, length, begin = content[0], content[1], 2
        if length & 0x80:
            begin += length & 0x7F
            length = int.from_bytes(content[2:begin], "big")
        if begin + length > len(content):
            raise ValueError("it is cut off")
        yield kind, content[begin : begin + length]
        content = content[begin + length :]


def _content(field: Field, kind: int) -> bytes:
    if field[0] != kind:
        raise ValueError("it is something else")
    return field[1]


def _moment(kind: int, text: str) -> datetime:
    if kind == UTC_TIME:
        century = "20" if int(text[:2]) < PIVOT else "19"
        text = century + text
    elif kind != GENERALIZED_TIME:
        raise ValueError("it is no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
