"""What is told of connections is told later where it was not heard; sessions are followed."""

import asyncio

import pytest
from msgspec.structs import replace

from autosky_desktop.actions.connect.connecting import OpenSession
from autosky_desktop.actions.connect.destination import ways
from autosky_desktop.actions.connect.recording import MOST
from autosky_desktop.actions.connect.services import OpenConnections
from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.endpoint import Route
from autosky_desktop.domain.environment import Instance
from autosky_desktop.system.connect.launcher import Ended
from tests.support.connecting import GATEWAY, an_endpoint
from tests.support.connecting_bench import Bench, opened, run, until
from tests.support.evening import ERP

BOTH_ENDS = ["begun file as ERPPROD\\ana at 10.20.0.31", "ended closed"]


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
        assert bench.plane.heard[:2] == BOTH_ENDS

    run(work())


def test_one_whose_begin_was_heard_late_is_left_when_the_program_dies() -> None:
    async def work() -> None:
        bench = Bench()
        bench.plane.offline = True
        session = await opened(bench)
        bench.plane.offline = False
        await bench.records.send_waiting()
        [heard] = bench.plane.heard
        records = bench.restarted()
        await records.send_waiting()
        assert bench.plane.heard[:2] == [heard, "ended left"]
        assert not bench.restarted().waiting
        await bench.records.end(session.report, ConnectionOutcome.CLOSED)
        assert not bench.kept.owed

    run(work())


def test_what_could_not_be_recorded_is_recorded_once_by_the_next_start() -> None:
    async def work() -> None:
        bench = Bench()
        bench.plane.offline = True
        session = await opened(bench)
        await bench.records.end(session.report, ConnectionOutcome.CLOSED)
        [key] = bench.plane.keys

        bench.plane.offline = False
        records = bench.restarted()
        await records.send_waiting()
        assert bench.plane.keys[1] == key
        assert bench.plane.heard[:2] == BOTH_ENDS
        assert not bench.restarted().waiting

    run(work())


def test_one_that_was_open_when_the_program_died_was_left() -> None:
    async def work() -> None:
        bench = Bench()
        bench.plane.offline = True
        await opened(bench)
        bench.plane.offline = False
        await bench.restarted().send_waiting()
        assert bench.plane.heard[1] == "ended left"

    run(work())


def test_a_session_that_was_recorded_is_not_left_open_by_a_program_that_died() -> None:
    async def work() -> None:
        bench = Bench()
        await opened(bench)
        await bench.restarted().send_waiting()
        assert bench.plane.heard[:2] == ["begun file as ERPPROD\\ana at 10.20.0.31", "ended left"]
        assert not bench.restarted().waiting

    run(work())


def test_nothing_is_kept_of_a_session_whose_end_was_recorded() -> None:
    async def work() -> None:
        bench = Bench()
        session = await opened(bench)
        await bench.records.end(session.report, ConnectionOutcome.CLOSED)
        assert not bench.kept.owed

    run(work())


def test_stopping_before_the_begin_is_answered_leaves_nothing_open() -> None:
    async def work() -> None:
        bench = Bench()
        bench.access.up.set()
        bench.plane.hangs_at_begin = True
        connecting = asyncio.ensure_future(bench.begin().run())
        await until(lambda: bench.plane.keys)
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        bench.plane.hangs_at_begin = False
        await bench.records.send_waiting()
        assert bench.plane.heard[:2] == [
            "begun file as ERPPROD\\ana at 10.20.0.31",
            "ended cancelled",
        ]
        assert bench.plane.keys[0] == bench.plane.keys[1]
        assert not bench.kept.owed

    run(work())


def test_quitting_before_the_answer_keeps_every_end_for_the_next_start() -> None:
    async def work() -> None:
        bench = Bench()
        open_ = OpenConnections(bench.records, lambda _began: None, lambda _session, _how: None)
        sessions = [await opened(bench), await opened(bench)]
        tasks = [asyncio.ensure_future(open_.follow(it)) for it in sessions]
        await until(lambda: len(open_) == 2)
        bench.plane.hangs = True
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await open_.leave()
        assert [it.outcome for it in bench.kept.owed] == [ConnectionOutcome.LEFT] * 2
        for launched in bench.launcher.sessions:
            launched.ends(ConnectionOutcome.CLOSED)
        await asyncio.gather(*tasks)

    run(work())


def test_nobody_else_is_told_what_this_operator_did() -> None:
    async def work() -> None:
        bench = Bench()
        bench.plane.offline = True
        await opened(bench)
        bench.plane.offline = False
        usual = bench.me
        for other in (replace(usual, operator="bea"), None):
            bench.me = other
            await bench.restarted().send_waiting()
        assert not bench.plane.heard
        assert len(bench.kept.owed) == 1

    run(work())


def test_beyond_the_most_the_oldest_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        bench = Bench()
        bench.plane.offline = True
        begun = ConnectionBegun(account="ana", address="10.0.0.1", protocol="rdp")
        for number in range(MOST + 1):
            await bench.records.begin(f"s{number}", begun)
        assert [it.server for it in bench.kept.owed][:1] == ["s1"]
        assert len(bench.kept.owed) == MOST

    run(work())
    assert "A connection to s0 could not be recorded" in caplog.text


def test_several_sessions_are_followed_to_their_ends() -> None:
    async def work() -> None:
        bench = Bench()
        began: list[OpenSession] = []
        ended: list[tuple[OpenSession, Ended]] = []
        open_ = OpenConnections(bench.records, began.append, lambda *it: ended.append(it))
        sessions = [await opened(bench), await opened(bench)]
        tasks = [asyncio.ensure_future(open_.follow(it)) for it in sessions]
        await until(lambda: len(open_) == 2)
        assert open_.on("file") == sessions[::-1]
        assert not open_.on("other")
        bench.launcher.sessions[0].ends(ConnectionOutcome.LOST)
        await tasks[0]
        assert began == sessions
        assert [(it, how.outcome) for it, how in ended] == [(sessions[0], ConnectionOutcome.LOST)]
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
        assert ways(behind) == (Route.PRIVATE, Route.GATEWAY)
        await opened(bench, endpoint=behind, way=Route.GATEWAY)
        hop = bench.launcher.targets[0].gateway
        assert hop is not None
        assert (hop.host, hop.port) == (GATEWAY.host, 443)

    run(work())


def test_a_connection_to_an_instance_is_recorded_later_as_one() -> None:
    async def work() -> None:
        bench = Bench()
        instance = Instance(id="i", name="INST-01", status="available", version=41)
        bench.store.details(ERP).instances.put(instance)
        bench.plane.offline = True
        await opened(bench, server=instance, endpoint=an_endpoint("i"))
        bench.plane.offline = False
        await bench.restarted().send_waiting()
        begun = "begun instance i as ERPPROD\\ana at 10.20.0.31"
        assert bench.plane.heard[:2] == [begun, "ended left"]

    run(work())
