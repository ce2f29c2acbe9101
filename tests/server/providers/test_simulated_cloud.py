"""The simulated cloud in a process: broken on demand, telling of changes, there again after."""

import asyncio
import errno
import shutil
from datetime import timedelta
from time import process_time

import msgspec
import pytest

from autosky_desktop.domain.server import Power
from autosky_desktop.server.db.errors import StorageFull
from autosky_desktop.server.providers.provider import (
    Observed,
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
    TellsOfChanges,
)
from autosky_desktop.server.providers.simulated import Faults, SimulatedProvider, disk, ledger
from autosky_desktop.server.providers.simulated.faults import NO_CAPACITY, NO_SPACE
from tests.support.cloud import MORNING, Time

pytestmark = pytest.mark.anyio

ERP, WEB, PREPARATION = "erp-production", "web-erp-prod-01", "prep-erp-prod-01"


@pytest.fixture
def time():
    return Time()


@pytest.fixture
async def cloud(tmp_path, time):
    return await SimulatedProvider.open(tmp_path, clock=time, sleep=time.sleep, churn=False)


def loop_time():
    return MORNING + timedelta(seconds=asyncio.get_running_loop().time())


async def word(cloud, id_):
    servers = (await cloud.read(ERP)).servers
    return next(server.status for server in servers if server.id == id_)


async def preparation(cloud):
    servers = (await cloud.read(ERP)).servers
    return next(server for server in servers if server.id == PREPARATION)


async def busy(cloud, calls):
    """Which of so many calls are throttled."""
    found = []
    for call in range(calls):
        try:
            await cloud.read(ERP)
        except ProviderBusy:
            found.append(call)
    return found


async def test_the_next_calls_are_throttled_and_then_no_more(cloud):
    cloud.faults = Faults(busy_next=2)
    assert await busy(cloud, 5) == [0, 1]


async def test_every_third_call_is_throttled(cloud):
    cloud.faults = Faults(busy_every=3)
    assert await busy(cloud, 9) == [2, 5, 8]


async def test_a_fault_of_one_environment_spares_the_others(cloud):
    cloud.faults = Faults(environment="payroll", busy_every=1)
    assert await busy(cloud, 3) == []
    with pytest.raises(ProviderBusy):
        await cloud.read("payroll")


async def test_a_refused_start_may_be_asked_again_with_the_same_key(cloud):
    cloud.faults = Faults(start_refused=NO_CAPACITY)
    with pytest.raises(ProviderRefused, match="vCPU"):
        await cloud.power(ERP, PREPARATION, Power.START, key="start")
    assert await word(cloud, PREPARATION) == "stopped"
    cloud.faults = Faults()
    await cloud.power(ERP, PREPARATION, Power.START, key="start")
    assert await word(cloud, PREPARATION) == "starting"


async def test_a_refusal_says_of_which_kind_it_is(cloud):
    cloud.faults = Faults(start_refused=NO_CAPACITY, sessions_unreported=True)
    for call, kind in (
        (cloud.read("nowhere"), RefusalKind.NOT_FOUND),
        (cloud.endpoint(ERP, "nobody"), RefusalKind.NOT_FOUND),
        (cloud.image(ERP, "nothing"), RefusalKind.NOT_FOUND),
        (cloud.power(ERP, "nobody", Power.STOP, key="a"), RefusalKind.NOT_FOUND),
        (cloud.power(ERP, PREPARATION, Power.RESTART, key="b"), RefusalKind.WRONG_STATE),
        (cloud.power(ERP, PREPARATION, Power.START, key="c"), RefusalKind.QUOTA),
        (cloud.create_model(ERP, image="no", version=42, key="d"), RefusalKind.WRONG_STATE),
        (cloud.sessions(ERP), RefusalKind.NO_AGENT),
    ):
        with pytest.raises(ProviderRefused) as refused:
            await call
        assert refused.value.kind is kind


async def test_an_image_that_was_begun_to_fail_fails_after_the_fault_is_gone(cloud, time):
    cloud.faults = Faults(image_fails=NO_SPACE)
    image = await cloud.create_image(ERP, key="image")
    cloud.faults = Faults()
    assert (await cloud.image(ERP, image)).detail == ""
    time.goes_on(minutes=8)
    progress = await cloud.image(ERP, image)
    assert (progress.state, progress.detail) == ("failed", NO_SPACE)


async def test_a_slow_cloud_answers_later(cloud, time):
    cloud.faults = Faults(slow=30)
    await cloud.read(ERP)
    assert time.now == MORNING + timedelta(seconds=30)


async def test_an_image_that_is_stuck_goes_on_when_it_is_no_more(cloud, time):
    cloud.faults = Faults(image_stuck=True)
    image = await cloud.create_image(ERP, key="image")
    time.goes_on(hours=3)
    stuck = await cloud.image(ERP, image)
    assert stuck.state == "creating"
    assert 30 <= stuck.percent <= 80
    time.goes_on(hours=3)
    assert await cloud.image(ERP, image) == stuck
    assert (await preparation(cloud)).image_status == "creating"
    cloud.faults = Faults()
    assert (await cloud.image(ERP, image)).state == "available"
    assert (await preparation(cloud)).image_status == "available"


async def test_an_image_that_is_stuck_and_to_fail_fails_when_it_goes_on(cloud, time):
    cloud.faults = Faults(image_stuck=True, image_fails=NO_SPACE)
    image = await cloud.create_image(ERP, key="image")
    time.goes_on(hours=3)
    assert (await cloud.image(ERP, image)).state == "creating"
    cloud.faults = Faults()
    assert (await cloud.image(ERP, image)).detail == NO_SPACE


async def test_what_was_asked_of_a_cloud_that_hangs_is_answered_when_it_hangs_no_more(cloud):
    cloud.faults = Faults(hangs=True)
    asked = [asyncio.create_task(cloud.read(ERP)) for _ in range(2)]
    done, _ = await asyncio.wait(asked, timeout=0)
    assert not done
    cloud.faults = Faults(busy_every=2)
    assert [type(it) for it in await asyncio.gather(*asked, return_exceptions=True)] == [
        Observed,
        ProviderBusy,
    ]


async def test_a_cloud_that_hangs_hears_of_the_file_by_itself(cloud, tmp_path):
    file = tmp_path / "faults.json"
    file.write_text('{"hangs": true}')
    asked = asyncio.create_task(cloud.read(ERP))
    done, _ = await asyncio.wait([asked], timeout=0)
    assert not done
    file.unlink()
    assert (await asked).servers


async def test_a_server_shows_a_word_nobody_knows(cloud):
    cloud.faults = Faults(status_words={WEB: "hibernating"})
    assert await word(cloud, WEB) == "hibernating"


async def test_instances_may_not_report_their_sessions(cloud):
    cloud.faults = Faults(sessions_unreported=True)
    assert {i.sessions for i in (await cloud.read(ERP)).instances} == {None}


async def test_a_running_cloud_is_broken_and_mended_by_a_file(cloud, tmp_path):
    file = tmp_path / "faults.json"
    file.write_bytes(msgspec.json.encode({"busy_every": 1}))
    assert await busy(cloud, 2) == [0, 1]
    file.unlink()
    assert await busy(cloud, 2) == []


async def test_a_file_of_faults_that_says_nothing_sensible_is_passed_over(cloud, tmp_path, caplog):
    (tmp_path / "faults.json").write_text('{"bussy": 1')
    assert await busy(cloud, 2) == []
    assert len(caplog.records) == 1


async def test_a_call_is_told_as_a_change(cloud):
    assert isinstance(cloud, TellsOfChanges)
    waiting = asyncio.create_task(cloud.changed())
    await asyncio.sleep(0)
    await cloud.power(ERP, WEB, Power.STOP, key="stop")
    assert await waiting == {ERP}


async def test_what_changed_meanwhile_is_told_next_time_and_once(cloud):
    await cloud.power(ERP, WEB, Power.STOP, key="stop")
    await cloud.block("payroll", blocked=True, key="block")
    assert await cloud.changed() == {ERP, "payroll"}
    again = asyncio.create_task(cloud.changed())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_a_repeated_call_is_no_change(cloud):
    await cloud.power(ERP, WEB, Power.STOP, key="stop")
    await cloud.changed()
    await cloud.power(ERP, WEB, Power.STOP, key="stop")
    again = asyncio.create_task(cloud.changed())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_what_falls_due_wakes_those_who_wait(tmp_path):
    cloud = await SimulatedProvider.open(tmp_path, clock=loop_time, churn=False, speed=300)
    await cloud.power(ERP, WEB, Power.STOP, key="stop")
    assert await cloud.changed() == {ERP}
    assert await word(cloud, WEB) == "stopping"
    assert await cloud.changed() == {ERP}
    assert await word(cloud, WEB) == "stopped"


async def test_a_cloud_opened_again_goes_on_where_it_was(cloud, time, tmp_path):
    image = await cloud.create_image(ERP, key="image")
    time.goes_on(minutes=2)
    halfway = await cloud.image(ERP, image)
    again = await SimulatedProvider.open(tmp_path, clock=time, sleep=time.sleep, speed=20)
    assert await again.image(ERP, image) == halfway
    assert 0 < halfway.percent < 100
    time.goes_on(minutes=8)
    assert (await again.image(ERP, image)).state == "available"
    assert await again.create_image(ERP, key="image") == image


async def test_people_are_where_they_were_after_a_long_absence(time, tmp_path):
    cloud = await SimulatedProvider.open(tmp_path, clock=time)
    before = await cloud.read("payroll")
    await cloud.close()
    time.goes_on(days=30)
    again = await SimulatedProvider.open(tmp_path, clock=time)
    assert await again.read("payroll") == before


@pytest.mark.parametrize("days", [0.6, 14, 365])
async def test_a_cloud_that_slept_while_it_was_open_answers_at_once(time, tmp_path, days):
    cloud = await SimulatedProvider.open(tmp_path, clock=time, speed=100)
    await cloud.power(ERP, PREPARATION, Power.START, key="start")
    time.goes_on(days=days)
    began = process_time()
    assert await word(cloud, PREPARATION) == "running"
    assert process_time() - began < 0.5
    assert ERP in await cloud.changed()


async def test_those_who_were_there_before_a_sleep_come_and_go_after_it(time, tmp_path):
    cloud = await SimulatedProvider.open(tmp_path, clock=time, speed=100)
    time.goes_on(days=14)
    before = await cloud.sessions(ERP)
    time.goes_on(minutes=1)
    assert await cloud.sessions(ERP) != before


@pytest.mark.parametrize("open_again", [False, True])
async def test_what_was_begun_by_a_clock_that_was_ahead_takes_no_longer(time, tmp_path, open_again):
    time.goes_on(days=365)
    cloud = await SimulatedProvider.open(tmp_path, clock=time)
    await cloud.power(ERP, PREPARATION, Power.START, key="start")
    if open_again:
        await cloud.close()
    time.goes_on(days=-365)
    if open_again:
        cloud = await SimulatedProvider.open(tmp_path, clock=time)
    assert await word(cloud, PREPARATION) == "starting"
    time.goes_on(minutes=2)
    assert await word(cloud, PREPARATION) == "running"
    sessions = await cloud.sessions(ERP)
    assert max(session.since for session in sessions) <= time()
    time.goes_on(minutes=2)
    assert await cloud.sessions(ERP) != sessions


async def test_a_state_nobody_can_read_is_set_aside(time, tmp_path, caplog):
    (tmp_path / f"cloud-{ERP}.json").write_text("half a sta")
    cloud = await SimulatedProvider.open(tmp_path, clock=time)
    assert len((await cloud.read(ERP)).instances) == 12
    assert (tmp_path / f"cloud-{ERP}.unreadable").read_text() == "half a sta"
    assert "unreadable" in caplog.text


async def test_nothing_happens_in_a_cloud_that_cannot_be_saved(cloud, tmp_path):
    shutil.rmtree(tmp_path)
    with pytest.raises(ProviderBusy, match="could not be saved"):
        await cloud.power(ERP, PREPARATION, Power.START, key="start")
    assert await word(cloud, PREPARATION) == "stopped"
    tmp_path.mkdir()
    await cloud.power(ERP, PREPARATION, Power.START, key="start")
    assert await word(cloud, PREPARATION) == "starting"


async def test_a_full_disk_is_not_blamed_on_the_cloud(cloud, tmp_path, monkeypatch):
    def no_room(_folder, _state):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(disk, "save", no_room)
        with pytest.raises(StorageFull):
            await cloud.power(ERP, PREPARATION, Power.START, key="start")
    await cloud.power(ERP, PREPARATION, Power.START, key="start")
    assert await word(cloud, PREPARATION) == "starting"


async def test_time_goes_on_in_a_cloud_that_cannot_be_saved(cloud, time, tmp_path):
    image = await cloud.create_image(ERP, key="image")
    time.goes_on(minutes=8)
    model = await cloud.create_model(ERP, image=image, version=42, key="model")
    old, *_ = [it.instance.id for it in await cloud.members(ERP)]
    new = await cloud.start_instance(ERP, model=model, replaces=old, key="start")
    shutil.rmtree(tmp_path)
    time.goes_on(minutes=2)
    instances = {it.id: it for it in (await cloud.read(ERP)).instances}
    assert instances[new].status == "available"
    tmp_path.mkdir()
    await cloud.close()
    again = await SimulatedProvider.open(tmp_path, clock=time)
    assert instances[new] in (await again.read(ERP)).instances
    assert [effect.kind for effect in ledger(tmp_path)].count("start-instance") == 1
