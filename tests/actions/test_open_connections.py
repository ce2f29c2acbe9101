"""What is told of connections is told later where it was not heard; sessions are followed."""

import asyncio

from autosky_desktop.actions.destination import Way, ways
from autosky_desktop.actions.open_connections import OpenConnections
from autosky_desktop.domain.connection import ConnectionOutcome
from tests.support.connecting import GATEWAY, an_endpoint
from tests.support.connecting_bench import Bench, opened, run, until


def test_a_connection_that_could_not_be_recorded_is_recorded_later() -> None:
    async def work() -> None:
        bench = Bench()
        bench.plane.offline = True
        session = await opened(bench)
        assert bench.records.waiting
        await bench.records.send_waiting()
        assert bench.records.waiting
        await bench.records.end(session.report, ConnectionOutcome.CLOSED)
        bench.plane.offline = False
        await bench.records.send_waiting()
        assert not bench.records.waiting
        assert bench.plane.heard[:2] == [
            "begun file as ERPPROD\\ana at 10.20.0.31", "ended closed",
        ]  # fmt: skip

    run(work())


def test_several_sessions_are_followed_to_their_ends() -> None:
    async def work() -> None:
        bench = Bench()
        open_ = OpenConnections(bench.records)
        sessions = [await opened(bench), await opened(bench)]
        tasks = [asyncio.ensure_future(open_.follow(it)) for it in sessions]
        await until(lambda: len(open_) == 2)
        assert open_.on("file") == sessions[::-1]
        assert not open_.on("other")
        bench.launcher.sessions[0].ends(ConnectionOutcome.LOST)
        await tasks[0]
        assert open_.on() == [sessions[1]]
        assert "ended lost" in bench.plane.heard
        await open_.leave()
        assert bench.launcher.sessions[1].left
        assert "ended left" in bench.plane.heard
        bench.launcher.sessions[1].ends(ConnectionOutcome.CLOSED)
        await tasks[1]
        assert "ended closed" not in bench.plane.heard

    run(work())


def test_a_gateway_is_a_way_of_its_own() -> None:
    async def work() -> None:
        bench = Bench()
        behind = an_endpoint(gateway=GATEWAY)
        assert ways(behind) == (Way.PRIVATE, Way.GATEWAY)
        await opened(bench, endpoint=behind, way=Way.GATEWAY)
        hop = bench.launcher.targets[0].gateway
        assert hop is not None
        assert (hop.host, hop.port) == (GATEWAY.host, 443)

    run(work())
