"""The Session Manager plugin on this computer, by a stand-in: what it is told, and how it ends."""

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.system.connect import tunnel as tunnels
from autosky_desktop.system.connect.target import Hostile
from autosky_desktop.system.connect.tunnel import OpenTunnel, TunnelFailed
from tests.support.connecting import a_tunnel
from tests.support.session_manager_plugin import StandIn
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio


def begins(**more: Any) -> Callable[[], Awaitable[Tunnel]]:
    async def begin() -> Tunnel:
        return a_tunnel(**more)

    return begin


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    found = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{found.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return found


def is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


async def greeted(opened: OpenTunnel) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", opened.port)
    greeting = (await reader.readline()).decode().strip()
    writer.close()
    return greeting


async def a_server() -> asyncio.Server:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello from the machine\n")
        writer.close()

    return await asyncio.start_server(greet, "127.0.0.1", 0)


async def test_a_port_of_this_computer_leads_to_the_machine_until_the_tunnel_ends(
    plugin: StandIn, tmp_path: Path
) -> None:
    async with await a_server() as server:
        plugin.leads({"the-token": server.sockets[0].getsockname()[1]})
        opened = await tunnels.opened(begins())
        assert await greeted(opened) == await greeted(opened) == "hello from the machine"
        opened.end()
        eventually(lambda: "terminated autosky-0a1b2c" in plugin.said)
        eventually(lambda: not is_open(opened.port))
    assert list((tmp_path / "autosky-desktop").iterdir()) == []


async def test_what_opens_it_stands_on_no_command_line_and_no_credentials_go_along(
    plugin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    async with await a_server() as server:
        plugin.leads({"the-token": server.sockets[0].getsockname()[1]})
        opened = await tunnels.opened(begins(profile="production"))
        lines = await asyncio.to_thread(Path(f"/proc/{opened._child.pid}/cmdline").read_text)
        opened.end()
    assert "the-token" not in lines
    assert "the-token" not in str(plugin.said)
    words, _, variables = plugin.said[0].removeprefix("called ").partition("] ")
    assert json.loads(f"{words}]") == [
        "AWS_SSM_START_SESSION_RESPONSE", "eu-central-1", "StartSession", "production",
        '{"Target": "i-0123456789abcdef0"}', "https://ssm.eu-central-1.amazonaws.com",
    ]  # fmt: skip
    assert {it for it in json.loads(variables) if it.startswith("AWS_")} == {
        "AWS_SSM_START_SESSION_RESPONSE"
    }
    assert "HTTPS_PROXY" in json.loads(variables)


@pytest.mark.parametrize(
    ("version", "reason"), [("1.2.497.0", "old"), ("1.1.61.0", "old"), ("what?", "broken")]
)
async def test_a_plugin_that_cannot_be_used_begins_no_tunnel(
    version: str, reason: str, plugin: StandIn
) -> None:
    async def begin() -> Tunnel:
        raise AssertionError("begun for nothing")

    plugin.is_version(version)
    with pytest.raises(TunnelFailed) as failed:
        await tunnels.opened(begin)
    assert failed.value.reason == reason


async def test_without_a_plugin_no_tunnel_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not tunnels.is_installed()
    with pytest.raises(TunnelFailed) as failed:
        await tunnels.opened(begins())
    assert failed.value.reason == "missing"


async def test_a_tunnel_that_aws_does_not_accept_is_told(plugin: StandIn) -> None:
    with pytest.raises(TunnelFailed) as failed:
        await tunnels.opened(begins(token="of-yesterday"))
    assert failed.value.reason == "closed"


async def test_a_plugin_that_never_gets_through_is_given_up_and_ended(
    plugin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunnels, "OPEN_SECONDS", 0.5)
    plugin.leads({"the-token": 0})
    with pytest.raises(TunnelFailed) as failed:
        await tunnels.opened(begins())
    assert failed.value.reason == "silent"


async def test_one_that_does_not_take_leave_is_ended_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from autosky_desktop.system.connect import process

    monkeypatch.setattr(tunnels, "END_SECONDS", 0.2)
    child = process.start(["sh", "-c", "trap '' INT; while :; do sleep 0.1; done"])
    OpenTunnel(child, 1).end()
    assert await child.ended() != 0


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": "teleport"},
        {"machine": "--help"},
        {"machine": 'i-1","x'},
        {"region": "eu central"},
        {"service": "file:///etc/passwd"},
        {"url": "ws://elsewhere/x"},
        {"url": "wss://one\ntwo"},
        {"profile": "--help"},
    ],
)
async def test_what_no_cloud_says_of_a_tunnel_starts_nothing(
    odd: dict[str, str], plugin: StandIn
) -> None:
    with pytest.raises(Hostile):
        await tunnels.opened(begins(**odd))
    assert plugin.said == []
