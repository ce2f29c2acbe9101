"""Nobody acts on what was true a while ago: the provider is asked first."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autosky_desktop.actions import looking_first
from autosky_desktop.actions.intents import Order
from autosky_desktop.actions.looking_first import LookingFirst
from autosky_desktop.domain.errors import (
    AnswerLost,
    Offline,
    ProviderSilent,
    Refused,
    may_be_done,
)
from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.system.clock import now
from tests.flows.test_resume import ERP, SERVER, Followed, following, until
from tests.support.control_plane import running_control_plane
from tests.support.proxy import LOST

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def later() -> datetime:
    return now() + timedelta(minutes=2)


def intents(it: Followed, clock: Callable[[], datetime]) -> LookingFirst:
    return LookingFirst(it.follow, it.store, clock)


def updates(it: Followed) -> list[str]:
    return [operation.state for operation in it.store.details(ERP).operations]


async def test_what_was_just_confirmed_is_acted_on_at_once(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            await intents(it, now).power(SERVER, Power.STOP).send()
            assert updates(it) == []


async def test_what_was_confirmed_long_ago_is_asked_for_first(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            server = await intents(it, later).power(SERVER, Power.STOP).send()
            assert server.status in ("stopping", "stopped")
            assert updates(it) == ["succeeded"]


async def test_nothing_is_published_by_what_was_confirmed_long_ago(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            environment = it.store.environments.get(ERP)
            assert environment
            assert environment.current_version is not None
            asked = PublishRequest(expected_version=environment.current_version + 1)
            run = await intents(it, later).publish(ERP, asked).send()
            assert run.version == asked.expected_version
            assert updates(it) == ["succeeded"]


async def test_what_will_only_be_confirmed_is_asked_for_first_too(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            earlier = intents(it, lambda: now() - timedelta(days=40))
            await earlier.power(SERVER, Power.STOP).send()
            assert updates(it) == ["succeeded"]


async def test_a_state_that_turns_out_another_is_refused(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            plane.break_cloud(Faults(status_words={SERVER: "hibernating"}))
            with pytest.raises(Refused) as cause:
                await intents(it, later).power(SERVER, Power.STOP).send()
            assert cause.value.problem.code == "not-allowed-now"
            assert it.status == "hibernating"


async def test_a_provider_that_does_not_answer_is_told_as_that_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_first, "PATIENCE", 0.3)
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            plane.break_cloud(Faults(hangs=True))
            with pytest.raises(ProviderSilent):
                await intents(it, later).power(SERVER, Power.STOP).send()
            assert it.wire.came("POST /v1/servers") == []
            plane.break_cloud(Faults())


async def test_a_line_that_is_lost_during_the_look_is_told_as_that(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            plane.break_cloud(Faults(hangs=True))
            asks = asyncio.create_task(intents(it, later).power(SERVER, Power.STOP).send())
            await until(lambda: updates(it) == ["running"], "a provider that is asked")
            await it.break_off()
            with pytest.raises(Offline) as cause:
                await asks
            assert not may_be_done(cause.value)
            plane.break_cloud(Faults())


async def test_a_look_whose_answer_is_lost_says_nothing_of_what_was_not_sent(
    tmp_path: Path,
) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            it.wire.wrong("provider-update", LOST)
            with pytest.raises(Offline) as cause:
                await intents(it, later).power(SERVER, Power.STOP).send()
            assert not may_be_done(cause.value)
            assert it.wire.came("POST /v1/servers") == []


async def test_one_look_is_enough_for_one_request() -> None:
    done: list[str] = []

    async def first() -> None:
        done.append("look")

    async def call(_key: str) -> None:
        done.append("send")
        if len(done) == 4:
            raise AnswerLost

    order = Order(call, first=first)
    await order.look()
    await order.send()
    with pytest.raises(AnswerLost):
        await order.send()
    await order.send()  # what may be done is only asked for again
    assert done == ["look", "send", "look", "send", "send"]
