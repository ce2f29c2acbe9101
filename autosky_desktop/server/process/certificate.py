"""The certificate that a control plane of its own shows: two files, renewed while they are used."""

import logging
import os
import ssl
import stat
from pathlib import Path

from autosky_desktop.words import command_line as words

HTTP = ["http/1.1"]

log = logging.getLogger(__name__)


class InvalidCertificate(Exception):
    """Raised with a sentence when the files hold no certificate with its key."""


class Certificate:
    """A certificate and its key. Both files are looked at with every connection, and what somebody
    has renewed is shown from the next one on. While the two do not belong together, as between the
    writing of the one and the other, it is the one of before.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        """Read both files. Raises InvalidCertificate."""
        self._certificate = certificate
        self._key = key
        self._seen = self._looks()
        self._context = self._loaded()

    def context(self) -> ssl.SSLContext:
        """Return what the next connection is secured by."""
        if (looks := self._looks()) != self._seen:
            self._seen = looks
            try:
                self._context = self._loaded()
            except InvalidCertificate as error:
                log.warning("the certificate of before is still shown: %s", error)
            else:
                log.info("the certificate was renewed")
        return self._context

    def _looks(self) -> tuple[tuple[int, ...] | None, ...]:
        return tuple(map(_looks, (self._certificate, self._key)))

    def _loaded(self) -> ssl.SSLContext:
        certificate, key = self._certificate, self._key
        _readable(certificate, private=False)
        _readable(key, private=True)
        try:
            ssl.create_default_context().load_verify_locations(certificate)
        except ssl.SSLError as error:
            raise InvalidCertificate(words.no_certificate(certificate)) from error
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.set_alpn_protocols(HTTP)
        try:
            context.load_cert_chain(certificate, key, lambda: _refuse_to_ask(key))
        except ssl.SSLError as error:
            raise InvalidCertificate(words.no_key(key, certificate)) from error
        return context


def _looks(file: Path) -> tuple[int, ...] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _readable(file: Path, *, private: bool) -> None:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            opened.read(1)
    except OSError as error:
        raise InvalidCertificate(words.unreadable(file, error.strerror)) from error
    if private and os.name == "posix" and mode & stat.S_IROTH:
        raise InvalidCertificate(words.everybody_reads(file))


def _refuse_to_ask(key: Path) -> str:
    """Have nobody asked for the key's password: at a renewal nobody is there."""
    raise InvalidCertificate(words.key_has_password(key))
