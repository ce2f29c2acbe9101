"""From a click to a real Remote Desktop session, and to what the record says of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.server.providers.simulated.real_endpoints import RealEndpoint
from autosky_desktop.system import folders
from autosky_desktop.system.settings import Settings
from tests.support import rdp, ssh_server
from tests.support.control_plane import Running, running_control_plane
from tests.support.desktop import At, desktop_at
from tests.support.person import Person
from tests.support.screen import virtual_screen
from tests.support.ssh_account import throw_away_account
from tests.support.traces import marker

pytestmark = pytest.mark.skipif(bool(rdp.missing(*rdp.SHADOW)), reason=rdp.missing(*rdp.SHADOW))

MARKER = marker("the-journey")
SSH = Settings(terminal="xterm")
ANOTHER = "sha256:" + 43 * "A"
MOST = 2
"""Connections that one to an SSH server costs, from the form on: servers count them."""
DB, PREP = "DB-ERP-PROD-01", "PREP-ERP-PROD-01"


@pytest.fixture
def plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Two servers of the demo are one real one; what clients show is on a screen of its own."""
    monkeypatch.setattr(folders, "settings", lambda: tmp_path / "settings")
    with rdp.shadow(tmp_path / "shadow", "demo", MARKER) as port, virtual_screen() as display:
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        machine = RealEndpoint(private_ip="127.0.0.1", port=port, protocol="rdp", account="demo")
        real_endpoints = {DB: machine, PREP: machine}
        with running_control_plane(tmp_path, speed=300.0, real_endpoints=real_endpoints) as running:
            yield running


def told(pid: int) -> bool:
    """Whether the password is where everybody can read it."""
    process = Path(f"/proc/{pid}")
    public = (process / name for name in ("cmdline", "environ"))
    return any(MARKER.encode() in file.read_bytes() for file in public)


def recorded(plane: Running) -> list[tuple[str, str | None, str]]:
    """Of each connection, the newest first: what came of it, why, and as whom."""
    with plane.client() as http:
        entries = http.get("environments/erp-production/activity").json()["entries"]
    return [
        (it["outcome"], it.get("reason"), it["account"])
        for it in entries
        if it["kind"] == "connect"
    ]


async def test_a_session_is_opened_trusted_followed_and_recorded(
    qloop: object, plane: Running, me: Person
) -> None:
    async with desktop_at(At(plane.url, plane.token), Settings()) as desktop:
        await me.sees(f"Name: {DB}")
        await me.clicks_cell(f"Actions for {DB}")
        await me.chooses("Connect as…")
        await me.sees("Private address 127.0.0.1")
        await me.types("Password", "wrong")
        await me.presses("Connect")
        await me.presses("Trust and connect")
        await me.sees("The server refused this user or password.")
        await me.types("Password", MARKER)
        await me.presses("Connect")
        sessions = desktop.connections.sessions
        [session] = await me.until(sessions, "a session")
        assert not told(session.running.pid)
        assert [pin.name for pin in desktop.connections.trust.pins] == [DB]
        await me.sees(f"Connection to {DB} as demo")
        session.running.close()
        await me.until(lambda: not sessions(), "the end of it")
        told_of = [("done", None, "demo"), ("failed", "wrong-password", "demo")]
        await me.until(lambda: recorded(plane) == told_of, "the record")


async def test_a_stopped_server_is_started_and_connected_to(
    qloop: object, plane: Running, me: Person
) -> None:
    async with desktop_at(At(plane.url, plane.token), Settings()) as desktop:
        await me.sees(f"Server name: {PREP}")
        await me.sees("Server status: Stopped")
        desktop.connections.ask_of("erp-production")
        await me.sees("This server is stopped. It is started first")
        await me.types("Password", MARKER)
        await me.presses("Start and connect")
        await me.presses("Trust and connect")
        [session] = await me.until(desktop.connections.sessions, "a session")
        session.running.close()
        await me.until(lambda: not desktop.connections.sessions(), "the end of it")


@pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())
async def test_a_terminal_is_signed_in_to_by_password(
    qloop: object,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    me: Person,
) -> None:
    runtime = tmp_path_factory.mktemp("run")  # a socket's path has at most 107 letters
    monkeypatch.setattr(folders, "settings", lambda: tmp_path / "settings")
    with (
        virtual_screen() as display,
        throw_away_account(MARKER) as account,
        ssh_server.ssh_server(tmp_path / "sshd", account, "MaxStartups 1") as server,
    ):
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        for name in ("WAYLAND_DISPLAY", "SSH_AUTH_SOCK"):
            monkeypatch.delenv(name, raising=False)
        machine = RealEndpoint(
            private_ip="127.0.0.1", public_ip="127.0.0.1", port=server.port, protocol="ssh",
            account=account.name,
        )  # fmt: skip
        with running_control_plane(tmp_path, speed=300.0, real_endpoints={DB: machine}) as plane:
            async with desktop_at(At(plane.url, plane.token), SSH) as desktop:
                await _terminal(me, desktop, server, first=True)
                await _terminal(me, desktop, server, first=False)
                [pin] = desktop.connections.trust.pins
                desktop.connections.trust.pin(replace(pin, fingerprint=ANOTHER, key=""))
                await _connects(me)
                await me.sees(f"{DB} is not what it was")
                refused = ("failed", "untrusted", account.name)
                await me.until(lambda: recorded(plane)[0] == refused, "the record of it")


async def _connects(me: Person) -> None:
    await me.sees("Connection: Live")
    await me.sees(f"Name: {DB}")
    await me.clicks_cell(f"Actions for {DB}")
    await me.chooses("Connect as…")
    await me.sees("Private address 127.0.0.1")
    await me.types("Password", MARKER)
    await me.presses("Connect")


async def _terminal(me: Person, desktop: Any, server: ssh_server.Server, *, first: bool) -> None:
    before = server.connections()
    await _connects(me)
    if first:
        await me.sees(f"Fingerprint, SHA-256: {server.fingerprint}")
        await me.presses("Trust and connect")
    [session] = await me.until(desktop.connections.sessions, "a session")
    assert not told(session.running.pid)
    session.running.close()
    await me.until(lambda: not desktop.connections.sessions(), "the end of it")
    assert server.connections() - before <= MOST, server.log.read_text()
