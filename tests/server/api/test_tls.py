"""A control plane with a certificate speaks HTTPS, and shows a renewed one without a restart."""

import asyncio
import logging
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Thread

import httpx
import pytest
from litestar.types import Receive, Scope, Send

from autosky_desktop.server.api import connection_limits
from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.api.uvicorn_server import EmbeddedUvicorn
from autosky_desktop.server.process.certificate import Certificate, InvalidCertificate
from tests.support.tls_files import TlsFiles, made, tls_files

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


async def says_its_scheme(scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    said = scope["scheme"].encode()
    await send({"type": "http.response.body", "body": said, "more_body": False})


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    return tls_files(tmp_path)


@contextmanager
def listening(files: TlsFiles) -> Iterator[int]:
    """Yield the port that answers with this certificate."""
    loop = asyncio.new_event_loop()
    with bind("127.0.0.1", 0) as listener:
        server = EmbeddedUvicorn(
            says_its_scheme, listener, Certificate(files.certificate, files.key)
        )
        thread = Thread(target=loop.run_until_complete, args=(server.run_until_stopped(),))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            loop.call_soon_threadsafe(server.stop)
            thread.join(30)
            assert not server.server_state.connections
            loop.close()


def trusting(files: TlsFiles) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(files.certificate))


@contextmanager
def secured(port: int, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        yield connection


def test_who_trusts_its_certificate_is_answered(files: TlsFiles) -> None:
    with listening(files) as port:
        for _ in range(3):
            said = httpx.get(f"https://127.0.0.1:{port}/", verify=trusting(files))
            assert (said.status_code, said.text) == (200, "https")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"https://127.0.0.1:{port}/")


def test_what_comes_right_behind_the_handshake_is_heard(files: TlsFiles) -> None:
    """The end of TLS 1.3's handshake and the request may come in one piece."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(files).wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with (
        listening(files) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
    ):
        done = False
        while not done:
            try:
                client.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                plain.sendall(outgoing.read())
                incoming.write(plain.recv(65536))
        client.write(REQUEST)
        plain.sendall(outgoing.read())  # the last of the handshake, and the request
        answer = b""
        while not answer:  # tickets for another session may come before
            incoming.write(plain.recv(65536))
            with suppress(ssl.SSLWantReadError):
                answer = client.read(65536)
    assert answer.startswith(b"HTTP/1.1 200")


def test_a_renewed_certificate_is_shown_to_the_next_who_come(files: TlsFiles) -> None:
    with listening(files) as port, secured(port, trusting(files)) as before:
        first = before.getpeercert(binary_form=True)
        files.renew()
        with secured(port, trusting(files)) as after:
            assert after.getpeercert(binary_form=True) != first
            assert after.version() == "TLSv1.3"
        before.sendall(REQUEST)  # who was there stays
        assert before.recv(1000).startswith(b"HTTP/1.1 200")


def test_while_its_files_do_not_belong_together_the_one_of_before_is_shown(
    files: TlsFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "autosky_desktop.server")
    old, (certificate, key) = trusting(files), made(tmp_path, "127.0.0.1")
    with listening(files) as port:
        files.certificate.write_bytes(certificate)
        for _ in range(2):
            with secured(port, old):
                pass
        files.key.write_bytes(key)
        with secured(port, trusting(files)):
            pass
    mismatch = f"{files.key} does not hold the key of {files.certificate}"
    said = [it.getMessage() for it in caplog.records if it.name.endswith("certificate")]
    assert said == [
        f"the certificate of before is still shown: {mismatch}",
        "the certificate was renewed",
    ]


def test_strangers_who_never_shake_hands_are_few_and_not_waited_for(
    files: TlsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_limits, "STRANGERS", 5)
    with listening(files) as port, ExitStack() as stack:
        crowd = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            for _ in range(20)
        ]
        assert crowd[0].recv(100) == b""
        assert httpx.get(f"https://127.0.0.1:{port}/", verify=trusting(files)).text == "https"
    monkeypatch.setattr(connection_limits, "HEAD_SECONDS", 0.2)
    with (
        listening(files) as port,
        closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as silent,
    ):
        assert silent.recv(100) == b""


def test_who_speaks_plain_http_is_hung_up_on_and_fills_no_log(
    files: TlsFiles, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(files) as port:
        for _ in range(20):
            with pytest.raises(httpx.RemoteProtocolError):
                httpx.get(f"http://127.0.0.1:{port}/")
    assert not [it for it in caplog.records if it.levelno >= logging.WARNING]


def refused(certificate: Path, key: Path) -> str:
    with pytest.raises(InvalidCertificate) as error:
        Certificate(certificate, key)
    return str(error.value)


def test_files_that_are_none_are_told_in_a_sentence(files: TlsFiles, tmp_path: Path) -> None:
    certificate, key = files.certificate, files.key
    other = tmp_path / "other"
    assert refused(other, key) == f"{other} cannot be read: No such file or directory"
    assert refused(certificate, other) == f"{other} cannot be read: No such file or directory"
    assert refused(tmp_path, key) == f"{tmp_path} cannot be read: Is a directory"
    other.write_text("nothing of the kind\n")
    other.chmod(0o600)
    assert refused(other, key) == f"{other} holds no certificate in PEM form"
    assert refused(key, key) == f"{key} holds no certificate in PEM form"
    assert refused(certificate, other) == f"{other} does not hold the key of {certificate}"
    key.chmod(0o644)
    assert refused(certificate, key) == (f"everybody on this computer may read {key}; chmod o-r it")


def test_a_key_behind_a_password_asks_nobody_for_it(files: TlsFiles, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    command = ["openssl", "ec", "-in", str(files.key), "-aes256", "-passout", "pass:x"]
    subprocess.run([*command, "-out", str(locked)], check=True, capture_output=True)
    assert "is locked with a password" in refused(files.certificate, locked)


def test_one_file_with_both_in_it_is_enough(files: TlsFiles) -> None:
    files.key.write_bytes(files.key.read_bytes() + files.certificate.read_bytes())
    Certificate(files.key, files.key)
