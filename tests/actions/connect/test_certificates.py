"""Certificates as RDP servers have them: nobody vouches for any, and one is known by what it is."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from msgspec.structs import replace

from autosky_desktop.actions.connect.system_access import SystemServerAccess
from autosky_desktop.domain.connecting import HostCheck, TrustVerdict
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.clock import now
from autosky_desktop.system.connect.target import Target
from autosky_desktop.system.connect.trust import Pin, Trust
from autosky_desktop.system.settings import Preferences
from tests.support.listening import listening

CONFIRM = bytes([3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 2, 0, 0, 0])
"""How a server answers where one signs in first (MS-RDPBCGR 2.2.1.2.1)."""
ASKED = 19
"""So many bytes the question has."""
DAY = timedelta(days=1)


def a_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def certificate(
    folder: Path,
    key: EllipticCurvePrivateKey,
    *,
    begins: datetime | None = None,
    ends: datetime | None = None,
    name: str = "file-01",
    authority: EllipticCurvePrivateKey | None = None,
) -> Path:
    """A file with it and its key; it is signed by the key itself where no `authority` does."""
    whose = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    by = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority of ours")])
    built = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(by if authority else whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now() - DAY)
        .not_valid_after(ends or now() + 2 * DAY)
        .sign(authority or key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{built.serial_number}.pem"
    file.write_bytes(built.public_bytes(serialization.Encoding.PEM) + private)
    return file


@asynccontextmanager
async def server(shows: Path) -> AsyncIterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shows)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(ASKED)
        writer.write(CONFIRM)
        await writer.start_tls(context)
        await reader.read()
        writer.close()

    async with listening(serve) as port:
        yield port


class Person:
    """Who connects to one server, and agrees to whoever is new."""

    def __init__(self, folder: Path) -> None:
        self.trust = Trust(folder / "settings")
        self._access = SystemServerAccess(Preferences(folder / "settings"), self.trust, now)

    def looks(self, shown: Path) -> HostCheck:
        return asyncio.run(self._looks(shown))

    async def _looks(self, shown: Path) -> HostCheck:
        async with server(shown) as port:
            target = Target(
                server="file", title="FILE", protocol=Protocol.RDP, host="127.0.0.1", port=port,
                account="ana",
            )  # fmt: skip
            look = await self._access.look(target, None)
        if look.verdict is TrustVerdict.NEW:
            self._access.pin(target, look)
        return look

    @property
    def pin(self) -> Pin:
        [pin] = self.trust.pins
        return pin


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"begins": now() - 3 * DAY, "ends": now() - DAY},
        {"begins": now() + DAY},
        {"name": "another.example"},
        {"authority": a_key()},
    ],
    ids=["its own", "expired", "not yet valid", "of another name", "by a private authority"],
)
def test_any_certificate_is_asked_about_once(
    tmp_path: Path, person: Person, more: dict[str, Any]
) -> None:
    shown = certificate(tmp_path, a_key(), **more)
    assert person.looks(shown).verdict is TrustVerdict.NEW
    assert person.looks(shown).verdict is TrustVerdict.SAME


@pytest.mark.parametrize("authority", [None, a_key()], ids=["its own", "by a private authority"])
def test_one_that_was_renewed_with_the_same_key_is_the_same_server_s(
    tmp_path: Path, person: Person, authority: EllipticCurvePrivateKey | None
) -> None:
    """Whoever shows it has that key; it is known by the new certificate from then on."""
    key = a_key()
    old = certificate(tmp_path, key, authority=authority)
    new = certificate(tmp_path, key, authority=authority, ends=now() + 9 * DAY)
    first = person.looks(old)
    renewed = person.looks(new)
    assert renewed.verdict is TrustVerdict.SAME
    assert first.seen != renewed.seen == person.pin.fingerprint
    assert person.pin.until == renewed.until
    assert person.pin.since > now() - DAY


def test_one_with_another_key_is_another_server_s_whoever_signed_it(
    tmp_path: Path, person: Person
) -> None:
    authority = a_key()
    person.looks(certificate(tmp_path, a_key(), authority=authority))
    before = person.pin
    other = person.looks(certificate(tmp_path, a_key(), authority=authority))
    assert other.verdict is TrustVerdict.CHANGED
    assert person.pin == before


def test_one_that_was_trusted_before_keys_were_kept_is_known_by_its_key_from_now_on(
    tmp_path: Path, person: Person
) -> None:
    key = a_key()
    old = certificate(tmp_path, key)
    person.looks(old)
    kept = person.trust.pins[0]
    person.trust.pin(replace(kept, key=""))
    assert person.looks(certificate(tmp_path, key)).verdict is TrustVerdict.CHANGED
    assert person.looks(old).verdict is TrustVerdict.SAME
    assert person.pin.key
    assert person.looks(certificate(tmp_path, key)).verdict is TrustVerdict.SAME
