"""Whoever has no token cannot take the control plane away from whoever has."""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from autosky_desktop.server.api import connection_limits
from tests.server.feed.test_routes import feed, last_event, start
from tests.support.control_plane import Running
from tests.support.process import Embedded
from tests.support.waiting import eventually

HEAD = b"GET /v1/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
LOG, UPDATE = "logs/control-plane.log", "environments/payroll/provider-update"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="prlimit")


def address(url: str) -> tuple[str, int]:
    found = httpx.URL(url)
    assert found.port
    return found.host, found.port


@contextmanager
def opened(url: str, said: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(address(url), timeout=10) as connection:
        connection.sendall(said)
        yield connection


def hung_up(connection: socket.socket) -> bool:
    """Waits for an answer or for the end."""
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True


def with_token(running: Running, rest: bytes) -> bytes:
    return (
        HEAD.replace(b"healthz", b"me")
        + f"Authorization: Bearer {running.token}\r\n".encode()
        + rest
    )


@pytest.mark.parametrize(
    "said",
    [
        b"",
        HEAD,
        HEAD + b"\r\n" + HEAD,
        HEAD.replace(b"GET", b"POST") + b"Content-Length: 10\r\n\r\n1234",
    ],
    ids=["nothing", "half a head", "half a second head", "half a body"],
)
def test_who_does_not_finish_a_request_is_not_waited_for(running, monkeypatch, said):
    monkeypatch.setattr(connection_limits, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(connection_limits, "BODY_SECONDS", 0.2)
    with opened(running.url, said) as connection:
        while not hung_up(connection):
            pass  # an answer to what was whole


def test_a_body_that_never_comes_is_not_waited_for_either_with_a_token(running, monkeypatch):
    monkeypatch.setattr(connection_limits, "BODY_SECONDS", 0.2)
    head = with_token(running, b"Idempotency-Key: k\r\nContent-Type: application/json\r\n")
    head = head.replace(b"GET /v1/me", b"POST /v1/environments/payroll/publications")
    with opened(running.url, head + b"Content-Length: 10\r\n\r\n{") as connection:
        assert hung_up(connection)


def test_who_has_the_token_is_served_while_strangers_crowd(running, client, monkeypatch):
    monkeypatch.setattr(connection_limits, "STRANGERS", 5)
    position = last_event(client)
    with ExitStack() as stack:
        others = [stack.enter_context(opened(running.url)) for _ in range(40)]
        assert hung_up(others[0])
        start(client)
        assert next(feed(client, **{"Last-Event-ID": str(position)})).event == "change"
        with running.client() as newcomer:
            assert newcomer.get("me").status_code == 200
        with opened(running.url, HEAD + b"\r\n") as asks:
            assert asks.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_stream_outlives_the_time_to_ask(running, client, monkeypatch):
    monkeypatch.setattr(connection_limits, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr("autosky_desktop.server.feed.routes.KEEP_ALIVE_SECONDS", 0.15)
    with client.stream("GET", "events") as answer:
        chunks = answer.iter_bytes()
        assert [next(chunks), next(chunks), next(chunks)] == [
            b": connected\n\n", b": still here\n\n", b": still here\n\n",
        ]  # fmt: skip


@on_linux
def test_a_crowd_of_strangers_takes_no_files_that_others_need(tmp_path):
    few = ("prlimit", "--nofile=256:256")
    with Embedded(tmp_path, before=few) as plane, plane.client() as client, ExitStack() as stack:
        assert client.get("environments").status_code == 200
        crowd(stack, plane)
        for _ in range(5):
            with plane.client() as newcomer:
                assert newcomer.get("environments").status_code == 200
        assert client.post(UPDATE, headers={"Idempotency-Key": "k"}).status_code == 202
        assert "Too many open files" not in (tmp_path / LOG).read_text()


@on_linux
def test_without_files_to_open_the_log_stays_short_and_those_inside_are_served(tmp_path):
    with Embedded(tmp_path) as plane, plane.client() as client, ExitStack() as stack:
        assert client.post(UPDATE, headers={"Idempotency-Key": "k"}).status_code == 202
        subprocess.run(["prlimit", "--pid", str(plane.process.pid), "--nofile=40:4096"], check=True)
        crowd(stack, plane)
        for _ in range(5):
            assert client.get("environments").status_code == 200
        eventually(lambda: "nobody new can call" in (tmp_path / LOG).read_text())
        assert (tmp_path / LOG).read_text().count("nobody new can call") == 1


def crowd(stack: ExitStack, plane: Embedded) -> None:
    for _ in range(300):
        knock(stack.enter_context(socket.socket()), plane.line["url"])


def knock(connection: socket.socket, url: str) -> None:
    """Not waiting for who may have no files left to let us in."""
    connection.setblocking(False)
    connection.connect_ex(address(url))


def test_who_leaves_before_their_request_is_whole_is_no_error(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A window does, with every look at what a form would touch that is no longer wanted."""
    caplog.set_level(logging.INFO, "autosky_desktop.server")
    path = b"POST /v1/environments/erp-staging/publications/preview HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    rest = b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    asked = with_token(running, rest).split(b"\r\n", 2)[2]
    with opened(running.url, path + asked):
        pass
    eventually(lambda: "somebody left before their request was whole" in caplog.text)
    assert not [it for it in caplog.records if it.levelno >= logging.ERROR]
