"""FreeRDP against real servers: who is let in, how it ends, and that no password is to be read."""

import asyncio
import gc
import os
import shutil
import signal
import socket
import ssl
import warnings
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.actions.connect.destination import settled
from autosky_desktop.actions.connect.system_access import SystemServerAccess
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import clock
from autosky_desktop.system.connect import freerdp, probe, process
from autosky_desktop.system.connect.freerdp import FreeRdp, FreeRdpSession
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.probe import NotSeen, Why
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.settings import Preferences
from tests.support import rdp
from tests.support.counting import Line, counting
from tests.support.listening import listening
from tests.support.screen import virtual_screen
from tests.support.traces import marker
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(bool(rdp.missing(*rdp.SHADOW)), reason=rdp.missing(*rdp.SHADOW)),
    # a stream that spoke TLS and was aborted does not know that it is closed
    pytest.mark.filterwarnings("ignore:loop is closed:ResourceWarning"),
]

MARKER = marker("rdp")
MOST_CONNECTIONS = 2
ACCOUNT = "demo"
OTHER = "sha256:" + ":".join(["AB"] * 32)
UNENCRYPTED = bytes([3, 0, 0, 11, 6, 0xD0, 0, 0, 0, 0, 0])
CONFIRMED = bytes([3, 0, 0, 19, 14, 0xD0, 0, 0, 0, 0, 0, 2, 0, 8, 0, 2, 0, 0, 0])


@pytest.fixture
def screen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the clients' windows are; the home that they have."""
    home = folder / "home"
    home.mkdir()
    with virtual_screen() as display:
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        yield home


def run(work: Coroutine[Any, Any, Any]) -> None:
    asyncio.run(work)
    gc.collect()


def aim(port: int, fingerprint: str, *, nla: bool = True, account: str = ACCOUNT) -> Target:
    return Target(
        server="srv-1", title="FILE 01", protocol=Protocol.RDP, host="127.0.0.1", port=port,
        account=account, fingerprint=fingerprint, signs_in_first=nla,
    )  # fmt: skip


async def opened(target: Target, password: str) -> FreeRdpSession:
    with Secret(password) as secret:
        return await FreeRdp(Path(shutil.which("xfreerdp") or "")).open(target, secret)


async def tried(target: Target, password: str = MARKER) -> Ended:
    """A session that does not come up, and why."""
    session = await opened(target, password)
    assert not await session.shown()
    return await session.ended()


@pytest.mark.parametrize(
    "password", [MARKER, f"{MARKER} \"%s'$x", f"{MARKER}-ä€ß"], ids=["plain", "quotes", "letters"]
)
def test_a_session_comes_up_and_its_password_is_nowhere(
    password: str, folder: Path, screen: Path
) -> None:
    async def work(port: int) -> None:
        seen = await probe.rdp("127.0.0.1", port)
        assert seen.signs_in_first
        session = await opened(aim(port, seen.fingerprint), password)
        assert await session.shown()
        assert "/from-stdin:force" in rdp.command_line(session.pid)
        assert rdp.told(MARKER, folder) == []
        session.close()
        assert (await session.ended()).outcome is ConnectionOutcome.CLOSED
        assert rdp.told(MARKER, folder) == []

    with rdp.shadow(folder / "shadow", ACCOUNT, password) as port:
        run(work(port))


@pytest.mark.parametrize("account", ["svc!sql", "R&D", "adm#1", "ana (extern)", "{svc}~^2"])
def test_users_with_signs_in_their_names_sign_in(account: str, folder: Path, screen: Path) -> None:
    async def work(port: int) -> None:
        shown = (await probe.rdp("127.0.0.1", port)).fingerprint
        session = await opened(aim(port, shown, account=account), MARKER)
        assert await session.shown()
        session.close()
        await session.ended()

    with rdp.shadow(folder / "shadow", account, MARKER) as port:
        run(work(port))


@pytest.mark.parametrize("user", ["AzureAD\\ana@corp.example", "MicrosoftAccount\\a@corp.example"])
def test_users_of_the_cloud_sign_in_by_their_whole_name(
    user: str, folder: Path, screen: Path
) -> None:
    """What stands before the backslash is a part of it, and no domain."""
    domain, _, account = user.partition("\\")

    async def work(port: int) -> None:
        shown = (await probe.rdp("127.0.0.1", port)).fingerprint
        session = await opened(replace(aim(port, shown, account=account), domain=domain), MARKER)
        assert await session.shown()
        session.close()
        await session.ended()

    with rdp.shadow(folder / "shadow", user, MARKER) as port:
        run(work(port))


async def clicked(line: Line, folder: Path, password: str) -> FreeRdpSession:
    """The form looks around, the connection waits for an answer, looks, and opens the session."""
    access = SystemServerAccess(Preferences(folder), Trust(folder), clock.now)
    target = aim(line.port, "")
    for _ in range(2):
        assert await access.answers(target)
    look = await access.look(target, None)
    return await opened(settled(target, look), password)


def test_one_click_opens_two_connections(folder: Path, screen: Path) -> None:
    async def work(port: int) -> None:
        async with counting(port) as line:
            session = await clicked(line, folder, MARKER)
            assert await session.shown()
            session.close()
            await session.ended()
            print(f"connections to the RDP server: {line.connections}")
            assert line.connections <= MOST_CONNECTIONS

    with rdp.shadow(folder / "shadow", ACCOUNT, MARKER) as port:
        run(work(port))


def test_a_wrong_password_costs_none_but_the_clients_own(folder: Path, screen: Path) -> None:
    """FreeRDP 2 itself tries a second time where the server lets go."""

    async def work(port: int) -> None:
        async with counting(port) as line:
            by_hand = ["xfreerdp", f"/v:127.0.0.1:{line.port}", f"/u:{ACCOUNT}", "/d:", "/sec:nla"]
            wrong = f"{MARKER}-wrong"
            await process.start(
                [*by_hand, "/cert:ignore", "/from-stdin:force"], given=f"{wrong}\n".encode()
            ).ended()
            own, line.connections = line.connections, 0
            session = await clicked(line, folder, wrong)
            assert not await session.shown()
            assert (await session.ended()).outcome is ConnectionOutcome.WRONG_PASSWORD
            assert line.connections == 1 + own

    with rdp.shadow(folder / "shadow", ACCOUNT, MARKER) as port:
        run(work(port))


def test_a_wrong_password_and_a_changed_certificate(folder: Path, screen: Path) -> None:
    async def work(port: int) -> None:
        shown = (await probe.rdp("127.0.0.1", port)).fingerprint
        refused = await tried(aim(port, shown), f"{MARKER}-wrong")
        assert (refused.outcome, refused.reason) == (ConnectionOutcome.WRONG_PASSWORD, "dropped")
        changed = await tried(aim(port, OTHER))
        assert (changed.outcome, changed.code) == (ConnectionOutcome.UNTRUSTED, 143)
        assert rdp.told(MARKER, folder) == []

    with rdp.shadow(folder / "shadow", ACCOUNT, "another one") as port:
        run(work(port))


def test_whom_a_person_once_accepted_by_hand_is_not_trusted_for_it(
    folder: Path, screen: Path
) -> None:
    async def work(port: int) -> None:
        by_hand = ["xfreerdp", f"/v:127.0.0.1:{port}", f"/u:{ACCOUNT}", "/d:", "/cert:tofu"]
        accepted = process.start(
            [*by_hand, "/from-stdin:force"], given=f"{MARKER}-wrong\n".encode()
        )
        await accepted.ended()
        assert (screen / ".config" / "freerdp" / "known_hosts2").read_text()
        assert (await tried(aim(port, OTHER))).outcome is ConnectionOutcome.UNTRUSTED

    with rdp.shadow(folder / "shadow", ACCOUNT, MARKER) as port:
        run(work(port))


def test_a_client_that_is_killed(folder: Path, screen: Path) -> None:
    async def work(port: int) -> None:
        shown = (await probe.rdp("127.0.0.1", port)).fingerprint
        session = await opened(aim(port, shown), MARKER)
        assert await session.shown()
        os.kill(session.pid, signal.SIGKILL)
        ended = await session.ended()
        assert (ended.outcome, ended.code) == (ConnectionOutcome.CLIENT_FAILED, -signal.SIGKILL)

    with rdp.shadow(folder / "shadow", ACCOUNT, MARKER) as port:
        run(work(port))


def test_nothing_is_sent_to_one_with_another_certificate(folder: Path, screen: Path) -> None:
    """A server of our own, which hears whatever comes through the encryption."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*rdp.certificate(folder))
    heard: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        for _ in range(3):
            connection, _address = listening.accept()
            with connection:
                connection.settimeout(20)
                connection.recv(1024)
                connection.sendall(CONFIRMED)
                try:
                    with context.wrap_socket(connection, server_side=True) as tls:
                        heard.append(tls.recv(100))
                except OSError:  # it does not like the certificate, or has seen enough
                    heard.append(b"")

    async def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(20)
            port = listening.getsockname()[1]
            server = asyncio.create_task(asyncio.to_thread(serve, listening))
            seen = (await probe.rdp("127.0.0.1", port)).fingerprint
            assert (await tried(aim(port, OTHER))).outcome is ConnectionOutcome.UNTRUSTED
            trusting = await opened(aim(port, seen), MARKER)
            await server
            trusting.close()
            await trusting.ended()
            # the probe's, the client's, and one that trusts it: the ear works
            assert heard[:2] == [b"", b""]
            assert heard[2]

    run(work())


@pytest.mark.parametrize("nla", [True, False])
def test_nothing_is_sent_to_one_without_a_certificate(screen: Path, *, nla: bool) -> None:
    """Whoever took the server's place since it was looked at, with RDP's own encryption."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        writer.write(UNENCRYPTED)
        heard.append(await reader.read(1024))
        writer.close()

    async def work() -> None:
        async with listening(serve) as port:
            ended = await tried(aim(port, OTHER, nla=nla))
            assert (ended.outcome, ended.code) == (ConnectionOutcome.REFUSED, 133)
            assert heard == [b""]

    run(work())


def test_a_port_that_is_closed(screen: Path) -> None:
    async def work() -> None:
        port = rdp.free_port()
        assert not await probe.answers("127.0.0.1", port)
        with pytest.raises(NotSeen) as why:
            await probe.rdp("127.0.0.1", port)
        assert why.value.why is Why.REFUSED
        assert (await tried(aim(port, OTHER))).outcome is ConnectionOutcome.UNREACHABLE

    run(work())


def test_a_server_that_stays_silent(screen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freerdp, "SILENT_SECONDS", 1.0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    async def work() -> None:
        async with listening(serve) as port:
            assert await probe.answers("127.0.0.1", port)
            with pytest.raises(NotSeen) as why:
                await probe.rdp("127.0.0.1", port, 0.3)
            assert why.value.why is Why.SILENT
            assert (await tried(aim(port, OTHER))).outcome is ConnectionOutcome.UNREACHABLE

    run(work())


def test_one_that_only_speaks_an_old_encryption_says_so(folder: Path) -> None:
    """A server of our own that negotiates RDP, and then knows TLS 1.0 or a cipher of then only."""
    old, weak = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
    for context in (old, weak):
        context.load_cert_chain(*rdp.certificate(folder))
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("NULL-SHA256:@SECLEVEL=0")

    def serve(listening: socket.socket, context: ssl.SSLContext) -> None:
        connection, _address = listening.accept()
        with connection, suppress(OSError):  # it is not to its taste
            connection.recv(1024)
            connection.sendall(CONFIRMED)
            context.wrap_socket(connection, server_side=True).close()

    async def work(context: ssl.SSLContext) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(20)
            port = listening.getsockname()[1]
            server = asyncio.create_task(asyncio.to_thread(serve, listening, context))
            with pytest.raises(NotSeen) as why:
                await probe.rdp("127.0.0.1", port)
            assert why.value.why is Why.OLD_TLS
            await server

    run(work(old))
    run(work(weak))


def test_something_that_does_not_speak_rdp(screen: Path) -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await writer.drain()
        writer.close()

    async def work() -> None:
        async with listening(serve) as port:
            with pytest.raises(NotSeen) as why:
                await probe.rdp("127.0.0.1", port)
            assert why.value.why is Why.NOT_RDP
            with pytest.raises(NotSeen) as why:
                await probe.tls("127.0.0.1", port)
            assert why.value.why is Why.NOT_RDP

    run(work())


NO_LOGIN = rdp.missing(*rdp.XRDP) or ("" if os.geteuid() == 0 else "making an account needs root")


@pytest.mark.skipif(bool(NO_LOGIN), reason=NO_LOGIN)
def test_a_whole_sign_in_that_ends_on_the_server(folder: Path, screen: Path) -> None:
    async def work(server: rdp.Xrdp) -> None:
        seen = await probe.rdp("127.0.0.1", server.port)
        assert not seen.signs_in_first
        target = aim(server.port, seen.fingerprint, nla=False, account=rdp.ACCOUNT)
        session = await opened(target, MARKER)
        assert await session.shown()
        await asyncio.to_thread(eventually, lambda: "created session" in server.said)
        assert rdp.told(MARKER, folder) == []
        server.let_end()
        ended = await session.ended()
        assert (ended.outcome, ended.code) == (ConnectionOutcome.CLOSED, 12)

    with rdp.xrdp(folder / "xrdp", MARKER) as server:
        run(work(server))


@pytest.mark.skipif(bool(NO_LOGIN), reason=NO_LOGIN)
def test_a_wrong_password_is_told_inside_the_session(folder: Path, screen: Path) -> None:
    async def work(server: rdp.Xrdp) -> None:
        shown = (await probe.rdp("127.0.0.1", server.port)).fingerprint
        target = aim(server.port, shown, nla=False, account=rdp.ACCOUNT)
        session = await opened(target, f"{MARKER}-wrong")
        assert await session.shown()
        await asyncio.to_thread(eventually, lambda: "AUTHFAIL" in server.said)
        assert rdp.told(MARKER, folder) == []
        session.close()
        assert (await session.ended()).outcome is ConnectionOutcome.CLOSED

    with rdp.xrdp(folder / "xrdp", "another one") as server:
        run(work(server))
