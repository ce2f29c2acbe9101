"""A server is started when it has to be, trusted before it is told anything, then connected to."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from autosky_desktop.actions.connect import connecting
from autosky_desktop.actions.connect.connecting import Connecting
from autosky_desktop.domain.connecting import Name, Trouble, TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.publication import StepState
from tests.support.connecting import SEEN, an_endpoint
from tests.support.connecting_bench import Bench, opened, run, until
from tests.support.evening import ERP, NOW
from tests.support.launcher import PretendedSession

BEGUN = "begun file as ERPPROD\\ana at 10.20.0.31"


def test_a_running_server_is_connected_to_and_recorded() -> None:
    async def work() -> None:
        bench = Bench()
        session = await opened(bench)
        assert bench.launcher.passwords == ["marker"]
        assert bench.launcher.targets[0].fingerprint == SEEN
        assert (bench.launcher.targets[0].domain, bench.launcher.targets[0].account) == (
            "ERPPROD", "ana",
        )  # fmt: skip
        assert bench.plane.heard == ["begun file as ERPPROD\\ana at 10.20.0.31"]
        assert session.since == NOW

    run(work())


def test_the_secret_is_wiped_as_soon_as_the_client_has_it() -> None:
    async def work() -> None:
        bench = Bench()
        bench.launcher.silent = True
        bench.access.up.set()
        task = asyncio.ensure_future(bench.begin().run())
        await until(lambda: bench.launcher.sessions)
        await until(lambda: not bench.typed.secret)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert bench.launcher.sessions[0].closed
        assert bench.plane.heard[-2:][0] == "ended cancelled"

    run(work())


def test_no_server_is_started_or_asked_when_there_is_no_client() -> None:
    async def work() -> None:
        bench = Bench("stopped")
        bench.access.there = None
        connecting_ = bench.begin()
        assert await connecting_.run() is None
        assert connecting_.trouble
        assert connecting_.trouble.trouble is Trouble.NO_CLIENT
        assert (bench.plane.heard, bench.access.asked) == ([], [])
        assert [step.state for step in connecting_.steps][-1] is StepState.FAILED

    run(work())


def test_a_stopped_server_is_started_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "PAUSE", 0)

    async def work() -> None:
        bench = Bench("stopped")
        bench.plane.fresh = an_endpoint("file", private_ip="10.20.0.99")
        connecting_ = bench.begin()
        assert [step.name for step in connecting_.steps] == [it for it in Name if it != Name.TUNNEL]
        assert connecting_.steps[1].usual == 90
        task = asyncio.ensure_future(connecting_.run())
        await until(lambda: bench.plane.heard == ["start file"])
        bench.becomes("starting")
        await until(lambda: connecting_.steps[1].state is StepState.RUNNING)
        assert not bench.access.asked  # nobody is asked before it runs
        bench.becomes("running")
        await until(lambda: len(bench.access.asked) > 2)
        bench.access.up.set()
        assert await task is not None
        # where it is may have changed with the start
        assert bench.launcher.targets[0].host == "10.20.0.99"
        assert all(step.state is StepState.SUCCEEDED for step in connecting_.steps)

    run(work())


def test_one_that_starts_already_is_not_asked_to() -> None:
    async def work() -> None:
        bench = Bench("starting")
        bench.access.up.set()
        task = asyncio.ensure_future(bench.begin().run())
        await asyncio.sleep(0)
        bench.becomes("running")
        assert await task is not None
        assert "start file" not in bench.plane.heard

    run(work())


@pytest.mark.parametrize(
    ("after", "trouble"), [("stopped", Trouble.STOPPED_AGAIN), ("", Trouble.GONE)]
)
def test_a_start_that_leads_nowhere_ends_the_wait(after: str, trouble: Trouble) -> None:
    async def work() -> None:
        bench = Bench("stopped")
        connecting_ = bench.begin()
        task = asyncio.ensure_future(connecting_.run())
        await until(lambda: connecting_.steps[1].state is StepState.RUNNING)
        bench.becomes("starting")
        await asyncio.sleep(0)
        if after:
            bench.becomes(after)
        else:
            bench.store.details(ERP).servers.remove("file")
        assert await task is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is trouble
        assert connecting_.steps[1].state is StepState.FAILED
        assert not bench.typed.secret

    run(work())


def test_a_refused_start_says_why() -> None:
    async def work() -> None:
        bench = Bench("stopped")
        bench.plane.refuses = True
        connecting_ = bench.begin()
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is Trouble.NOT_STARTED
        assert isinstance(connecting_.trouble.cause, Refused)
        assert connecting_.steps[0].state is StepState.FAILED

    run(work())


@pytest.mark.parametrize(
    ("simulated", "trouble"), [(False, ConnectionOutcome.UNREACHABLE), (True, Trouble.SIMULATED)]
)
def test_a_running_server_that_does_not_answer_is_not_waited_for_long(
    simulated: bool, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)
    monkeypatch.setattr(connecting, "PAUSE", 0.01)

    async def work() -> None:
        bench = Bench()
        connecting_ = bench.begin(endpoint=an_endpoint(simulated=simulated))
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is trouble
        assert not bench.launcher.targets
        assert bench.plane.heard[:2] == [BEGUN, "ended unreachable"]

    run(work())


@pytest.mark.parametrize("simulated", [True, False])
def test_one_that_was_started_is_waited_for_unless_there_is_no_machine(
    simulated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)
    monkeypatch.setattr(connecting, "PAUSE", 0.01)

    async def work() -> None:
        bench = Bench("stopped")
        bench.plane.fresh = an_endpoint(simulated=simulated)
        connecting_ = bench.begin()
        task = asyncio.ensure_future(connecting_.run())
        await until(lambda: bench.plane.heard)
        bench.becomes("starting")
        bench.becomes("running")
        await asyncio.wait([task], timeout=0.3)
        assert task.done() is simulated
        bench.access.up.set()
        assert bool(await task) is not simulated

    run(work())


@pytest.mark.parametrize("verdict", [TrustVerdict.NEW, TrustVerdict.NAMED_ANEW])
@pytest.mark.parametrize("agrees", [True, False])
def test_who_is_not_known_yet_is_asked_about_and_pinned(
    agrees: bool, verdict: TrustVerdict
) -> None:
    async def work() -> None:
        bench = Bench()
        bench.access.verdict = verdict
        bench.agrees = agrees
        bench.access.up.set()
        connecting_ = bench.begin()
        session = await connecting_.run()
        assert bench.asked[0].seen == SEEN
        assert bench.access.pinned == ([SEEN] if agrees else [])
        assert bool(session) is agrees
        assert bool(bench.launcher.targets) is agrees
        assert bench.plane.heard[:2] == ([BEGUN] if agrees else [BEGUN, "ended untrusted"])
        assert not bench.typed.secret

    run(work())


@pytest.mark.parametrize("verdict", [TrustVerdict.CHANGED, TrustVerdict.NAMED_OTHERWISE])
def test_who_shows_something_else_is_told_nothing(verdict: TrustVerdict) -> None:
    async def work() -> None:
        bench = Bench()
        bench.access.verdict = verdict
        bench.access.up.set()
        connecting_ = bench.begin(endpoint=an_endpoint(fingerprint="sha256:AA"))
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble == verdict.value
        assert [(step.name, step.state) for step in connecting_.steps] == [
            (Name.ANSWERING, StepState.SUCCEEDED), (Name.OPENING, StepState.FAILED),
        ]  # fmt: skip
        assert bench.access.named == ["sha256:AA"]
        assert not bench.launcher.targets
        assert not bench.access.pinned
        assert bench.plane.heard[:2] == [BEGUN, "ended untrusted"]

    run(work())


@pytest.mark.parametrize("field_", ["account", "private_ip", "protocol", "port", "server"])
def test_a_hostile_value_starts_nothing(field_: str) -> None:
    async def work() -> None:
        bench = Bench("stopped")
        hostile: dict[str, Any] = {field_: 0 if field_ == "port" else "-oProxyCommand=x"}
        more = hostile if field_ == "account" else {"endpoint": an_endpoint(**hostile)}
        connecting_ = bench.begin(**more)
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is Trouble.HOSTILE
        assert not bench.plane.heard
        assert states(connecting_) == ["failed", *["pending"] * 3]

    run(work())


def test_a_server_that_has_no_address_after_its_start_fails_the_step_that_needs_one() -> None:
    async def work() -> None:
        bench = Bench("stopped")
        bench.plane.fresh = an_endpoint("file", private_ip="")
        connecting_ = bench.begin()
        task = asyncio.ensure_future(connecting_.run())
        await until(lambda: bench.plane.heard == ["start file"])
        bench.becomes("starting")
        bench.becomes("running")
        assert await task is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is Trouble.NO_ADDRESS
        assert states(connecting_) == ["succeeded", "succeeded", "failed", "pending"]
        assert connecting_.steps[2].until == NOW

    run(work())


def states(connecting_: Connecting) -> list[str]:
    return [step.state.value for step in connecting_.steps]


@pytest.mark.parametrize(
    "outcome", [ConnectionOutcome.WRONG_PASSWORD, ConnectionOutcome.ACCOUNT_LOCKED]
)
def test_a_client_that_ends_before_its_session_says_why(outcome: ConnectionOutcome) -> None:
    async def work() -> None:
        bench = Bench()
        bench.access.up.set()
        bench.launcher.fails_with = outcome
        connecting_ = bench.begin()
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is outcome
        assert connecting_.trouble.reason == "1", "the code of the client"
        assert f"ended {outcome}" in bench.plane.heard

    run(work())


@pytest.mark.parametrize("at", ["open", "shown"])
def test_an_error_nobody_foresaw_ends_the_connection_and_its_record(
    at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of a folder whose name has a byte that is no UTF-8."""

    async def fails(*_: object) -> None:
        raise UnicodeEncodeError("utf-8", "\udce4", 0, 1, "surrogates not allowed")

    async def work() -> None:
        bench = Bench()
        bench.access.up.set()
        monkeypatch.setattr(bench.access if at == "open" else PretendedSession, at, fails)
        connecting_ = bench.begin()
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is Trouble.FAILED
        assert connecting_.steps[-1].state is StepState.FAILED
        assert "ended client-failed" in bench.plane.heard
        assert not bench.typed.secret

    run(work())


def test_without_a_client_nothing_is_recorded_as_begun() -> None:
    async def work() -> None:
        bench = Bench()
        bench.access.there = None
        bench.access.up.set()
        connecting_ = bench.begin()
        assert await connecting_.run() is None
        assert connecting_.trouble is not None
        assert connecting_.trouble.trouble is Trouble.NO_CLIENT
        assert not bench.plane.heard

    run(work())


def test_who_closed_the_window_is_told_and_not_connected() -> None:
    async def work() -> None:
        bench = Bench("stopped")
        bench.access.up.set()
        connecting_ = bench.begin()
        task = asyncio.ensure_future(connecting_.run())
        await until(lambda: connecting_.steps[1].state is StepState.RUNNING)
        connecting_.let_go()
        told = bench.changes
        assert not bench.typed.secret
        bench.becomes("running")
        assert await task is None
        assert connecting_.trouble is None
        assert not bench.launcher.targets
        assert bench.changes == told, "the window that it would change is gone"

    run(work())
