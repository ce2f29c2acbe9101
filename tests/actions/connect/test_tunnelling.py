"""A connection through a tunnel: to the server itself, by a port of this computer."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autosky_desktop.actions.connect import tunnelling
from autosky_desktop.actions.connect.destination import ways
from autosky_desktop.actions.connect.system_access import SystemServerAccess
from autosky_desktop.domain.connecting import Name, Trouble, TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Endpoint, Protocol, Route
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.publication import StepState
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.settings import Preferences
from autosky_desktop.words.connecting import why
from tests.support import ssh_server
from tests.support.connecting import an_endpoint
from tests.support.connecting_bench import Bench, run, until
from tests.support.evening import NOW
from tests.support.launcher import PretendedLauncher, PretendedSession
from tests.support.session_manager_plugin import StandIn
from tests.support.ssh_account import throw_away_account
from tests.support.ssh_server import Server
from tests.support.waiting import eventually

TERMINATED = "terminated autosky-0a1b2c"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    found = StandIn(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{found.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return found


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if lacks := ssh_server.missing():
        pytest.skip(lacks)
    with throw_away_account("secret") as account:
        folder = tmp_path_factory.mktemp("sshd") / "server"
        with ssh_server.ssh_server(folder, account) as server:
            yield server


class RealAccess(SystemServerAccess):
    """This computer, but for the client, which shows nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Preferences(folder), Trust(folder), lambda: NOW)
        self.trusted = Trust(folder)
        self.there = PretendedLauncher()

    def launcher(self, protocol: Protocol) -> Any:
        return self.there


def through_a_tunnel(bench: Bench, **more: Any) -> Any:
    endpoint = an_endpoint(
        bench.server.id, protocol="ssh", port=22, private_ip="10.9.8.7", network=None,
        account="ana", tunnel="session-manager", **more,
    )  # fmt: skip
    bench.plane.fresh = endpoint
    return bench.begin(endpoint=endpoint, account="ana", way=Route.TUNNEL)


def refused(code: Code, detail: str) -> Refused:
    return Refused(Problem(type="x", title="No", status=503, code=code, detail=detail))


def test_a_tunnel_is_a_way_where_the_control_plane_names_one() -> None:
    assert Route.TUNNEL in ways(an_endpoint(tunnel="session-manager"))
    assert Route.TUNNEL not in ways(an_endpoint())
    assert Route.TUNNEL not in ways(an_endpoint(tunnel="of-the-future"))


def test_the_server_behind_the_tunnel_is_pinned_and_the_tunnel_ends_with_the_session(
    plugin: StandIn, sshd: Server, tmp_path: Path
) -> None:
    async def visit(bench: Bench, access: RealAccess) -> PretendedSession:
        bench.access = access
        bench.agrees = True
        ended_before = plugin.said.count(TERMINATED)
        connection = through_a_tunnel(bench)
        assert [it.name for it in connection.steps] == [Name.TUNNEL, Name.ANSWERING, Name.OPENING]
        session = await connection.run()
        assert session, connection.trouble
        assert plugin.said.count(TERMINATED) == ended_before
        assert bench.plane.heard[-1] == "begun file as ana at 10.9.8.7"
        [running] = access.there.sessions
        running.ends(ConnectionOutcome.CLOSED)
        assert (await session.running.ended()).outcome is ConnectionOutcome.CLOSED
        return running

    async def work() -> None:
        plugin.leads({"the-token": sshd.port})
        first, access = Bench(), RealAccess(tmp_path)
        await visit(first, access)
        eventually(lambda: plugin.said.count(TERMINATED) == 1)
        [target] = access.there.targets
        assert (target.host, target.fingerprint) == ("127.0.0.1", sshd.fingerprint)
        assert target.port != sshd.port
        assert [it.verdict for it in first.asked] == [TrustVerdict.NEW]
        [pin] = access.trusted.pins
        assert (pin.server, pin.fingerprint) == ("file", sshd.fingerprint)
        again, access = Bench(), RealAccess(tmp_path)
        await visit(again, access)
        assert again.asked == []  # by another port of this computer it is the same server
        eventually(lambda: plugin.said.count(TERMINATED) == 2)

    run(work())


def test_another_server_behind_the_tunnel_is_told_and_the_tunnel_ends(
    plugin: StandIn, sshd: Server, tmp_path: Path
) -> None:
    async def work() -> None:
        plugin.leads({"the-token": sshd.port})
        bench = Bench()
        bench.access = RealAccess(tmp_path)  # type: ignore[assignment]
        connection = through_a_tunnel(bench, fingerprint="SHA256:" + "A" * 43)
        assert await connection.run() is None
        assert connection.trouble.trouble is Trouble.NAMED_OTHERWISE
        eventually(lambda: TERMINATED in plugin.said)

    run(work())


def test_without_the_plugin_nothing_is_begun_and_it_is_said_what_to_install() -> None:
    async def work() -> None:
        bench = Bench()
        connection = through_a_tunnel(bench)
        assert await connection.run() is None
        assert "session-manager-plugin" in why(connection.trouble, server="FILE", word="ssh")
        assert connection.steps[0].state is StepState.FAILED
        assert bench.plane.heard[:2] == ["begun file as ana at 10.9.8.7", "ended client-failed"]

    run(work())


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (Code.PROVIDER_BUSY, "The SSM agent on this machine does not answer."),
        (Code.PROVIDER_REFUSED, "AWS does not permit ssm:StartSession."),
    ],
)
def test_what_the_cloud_says_against_a_tunnel_is_told(
    code: Code, detail: str, plugin: StandIn
) -> None:
    async def work() -> None:
        bench = Bench()
        bench.access.plugin = True
        bench.plane.no_tunnel = [refused(code, detail)]
        connection = through_a_tunnel(bench)
        assert await connection.run() is None
        assert detail in why(connection.trouble, server="FILE", word="ssh")
        assert bench.plane.heard.count("tunnel to file") == 1

    run(work())


def test_the_agent_of_a_server_that_was_started_is_waited_for(
    plugin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunnelling, "PAUSE", 0)

    async def work() -> None:
        plugin.leads({"the-token": 1})
        bench = Bench("stopped")
        bench.access.plugin = True
        bench.access.up.set()
        bench.plane.no_tunnel = [refused(Code.PROVIDER_BUSY, "No agent yet.")] * 2
        task = asyncio.ensure_future(through_a_tunnel(bench).run())
        await until(lambda: "start file" in bench.plane.heard)
        bench.becomes("starting")
        bench.becomes("running")
        session = await task
        assert session
        assert bench.plane.heard.count("tunnel to file") == 3
        bench.launcher.sessions[0].close()
        await session.running.ended()
        eventually(lambda: TERMINATED in plugin.said)

    run(work())


def test_a_connection_that_is_given_up_ends_its_tunnel(plugin: StandIn) -> None:
    async def work() -> None:
        plugin.leads({"the-token": 1})
        bench = Bench()
        bench.access.plugin = True
        connection = through_a_tunnel(bench)
        task = asyncio.ensure_future(connection.run())
        await until(lambda: bench.access.asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        eventually(lambda: TERMINATED in plugin.said)

    run(work())


def test_an_endpoint_of_an_older_control_plane_names_no_tunnel() -> None:
    assert Endpoint(server="s", protocol="ssh", port=22).tunnel == ""
