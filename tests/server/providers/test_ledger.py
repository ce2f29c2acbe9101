"""A repeated key is answered from our own database, whatever the provider remembers."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from autosky_desktop.domain.server import Power
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.providers.ledger import KEYED, Ledger
from autosky_desktop.server.providers.provider import (
    Provider,
    ProviderBusy,
    ProviderRefused,
    TellsOfChanges,
)
from autosky_desktop.server.providers.simulated import Faults, SimulatedProvider
from autosky_desktop.server.transactions.unit_of_work import CALLS_KEPT_FOR, UnitOfWork
from autosky_desktop.testing.instances_contract import InstancesContract
from autosky_desktop.testing.provider_contract import ProviderContract, TriedCloud
from tests.support.cloud import Time

STAGING, PAYROLL = "erp-staging", "payroll"
PREPARATION = "prep-erp-stg-01"


class Plane:
    """A provider behind the ledger. `forgets`: the cloud begins anew and knows no key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.time = Time()

    async def opens(self) -> "Plane":
        self.engine = await open_storage(self._folder)
        self.unit_of_work = UnitOfWork(self.engine, Bus(), self.time)
        return await self.forgets()

    async def forgets(self) -> "Plane":
        cloud = self._folder / "cloud"
        shutil.rmtree(cloud, ignore_errors=True)
        self.cloud = await SimulatedProvider.open(
            cloud, clock=self.time, sleep=self.time.sleep, churn=False
        )
        return self

    @property
    def provider(self) -> Provider:
        begin = self.unit_of_work.without_events
        return Ledger(self.engine, begin, self.time).remembered(self.cloud)

    async def rows(self) -> int:
        query = select(func.count()).select_from(schema.provider_call)
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one()


Story = Callable[[Plane], Awaitable[Any]]


@pytest.fixture
def plane(tmp_path: Path) -> Callable[[Story], None]:
    async def told(story: Story) -> None:
        it = await Plane(tmp_path).opens()
        await story(it)
        await it.engine.dispose()

    return lambda story: asyncio.run(told(story))


def test_every_call_that_changes_something_has_a_key():
    assert {
        "power", "create_image", "create_model", "block", "start_instance", "retire_instance",
        "drain", "message", "end_sessions",
    } == KEYED  # fmt: skip


def test_an_answer_is_given_again_though_the_cloud_knows_nothing_of_it(plane):
    async def story(it: Plane) -> None:
        sessions = [session.id for session in await it.provider.sessions(STAGING)][:2]
        ended = await it.provider.end_sessions(STAGING, sessions, key="end")
        image = await it.provider.create_image(STAGING, key="image")
        busy = max(await it.provider.members(STAGING), key=lambda each: each.instance.sessions)
        retired = await it.provider.retire_instance(
            STAGING, busy.instance.id, end_sessions=True, key="retire"
        )
        assert (sorted(ended), retired) == (sorted(sessions), busy.instance.sessions)
        await it.forgets()
        before = await it.cloud.read(STAGING)
        assert await it.provider.end_sessions(STAGING, sessions, key="end") == ended
        assert await it.provider.create_image(STAGING, key="image") == image
        again = await it.provider.retire_instance(
            STAGING, busy.instance.id, end_sessions=True, key="retire"
        )
        assert again == retired
        assert await it.cloud.read(STAGING) == before

    plane(story)


def test_a_key_is_of_one_call_in_one_environment(plane):
    async def story(it: Plane) -> None:
        await it.provider.block(STAGING, blocked=True, key="k")
        await it.provider.block(PAYROLL, blocked=True, key="k")
        await it.provider.power(STAGING, PREPARATION, Power.STOP, key="k")
        for environment in (STAGING, PAYROLL):
            instances = (await it.provider.read(environment)).instances
            assert {each.status for each in instances} == {"blocked"}
        assert await it.rows() == 3

    plane(story)


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        (Faults(start_refused="No room."), ProviderRefused),
        (Faults(busy_every=1), ProviderBusy),
    ],
)
def test_what_failed_is_not_remembered(plane, faults, error):
    async def story(it: Plane) -> None:
        await it.provider.power(STAGING, PREPARATION, Power.STOP, key="stop")
        it.time.goes_on(minutes=2)
        it.cloud.faults = faults
        with pytest.raises(error):
            await it.provider.power(STAGING, PREPARATION, Power.START, key="start")
        it.cloud.faults = Faults()
        await it.provider.power(STAGING, PREPARATION, Power.START, key="start")
        servers = {each.id: each.status for each in (await it.cloud.read(STAGING)).servers}
        assert servers[PREPARATION] == "starting"

    plane(story)


def test_calls_are_forgotten_when_nobody_can_ask_for_them_again(plane):
    async def story(it: Plane) -> None:
        await it.provider.block(STAGING, blocked=True, key="old")
        it.time.goes_on(days=29)
        await it.provider.block(STAGING, blocked=False, key="new")
        await it.unit_of_work.purge()
        assert await it.rows() == 2
        it.time.now += CALLS_KEPT_FOR - timedelta(days=28)
        await it.unit_of_work.purge()
        assert await it.rows() == 1

    plane(story)


def test_two_who_ask_at_once_get_an_answer_both(plane):
    async def story(it: Plane) -> None:
        asked = [it.provider.create_image(STAGING, key="image") for _ in range(2)]
        assert len(set(await asyncio.gather(*asked))) == 1
        assert await it.rows() == 1

    plane(story)


def test_news_come_through(plane):
    async def story(it: Plane) -> None:
        assert isinstance(it.provider, TellsOfChanges)
        await it.provider.block(STAGING, blocked=True, key="block")
        assert STAGING in await it.provider.changed()

    plane(story)


class TestTheLedger(ProviderContract, InstancesContract):
    """Behind the ledger every provider keeps its promises."""

    @pytest.fixture
    async def cloud(self, tmp_path):
        it = await Plane(tmp_path).opens()

        async def moment() -> None:
            it.time.goes_on(seconds=7)

        yield TriedCloud(it.provider, STAGING, moment)
        await it.engine.dispose()
