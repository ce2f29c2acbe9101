"""What the simulated cloud said it did is on the disk, whenever its process is killed."""

import asyncio
import subprocess
import sys

import pytest

from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.simulated import SimulatedProvider, disk, ledger
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment
from tests.support.cloud import Time, environment

PROGRAM = """
import asyncio, sys
from pathlib import Path
from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.simulated import SimulatedProvider
from tests.support.cloud import Time

async def work():
    time = Time()
    cloud = await SimulatedProvider.open(Path(sys.argv[1]), clock=time, churn=False)
    number = 0
    while True:
        for power in (Power.STOP, Power.START):
            number += 1
            await cloud.power("erp-production", "web-erp-prod-01", power, key=f"{number}")
            print(number, flush=True)
            time.goes_on(minutes=2)

asyncio.run(work())
"""


def killed_after(folder, answers):
    """Run the program, kill it after so many answers; the last answer that was heard."""
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        heard = [process.stdout.readline() for _ in range(answers)]
        process.kill()
        heard += process.stdout.read().splitlines()
    return int(heard[-1])


@pytest.mark.anyio
@pytest.mark.parametrize("answers", [1, 2, 31])
async def test_what_was_answered_survives_the_kill(tmp_path, answers):
    told = await asyncio.to_thread(killed_after, tmp_path, answers)
    written = [effect.key for effect in ledger(tmp_path)]
    assert written[:told] == [str(number) for number in range(1, told + 1)]
    # The one in hand may have happened although its answer was never heard.
    assert len(written) in (told, told + 1)
    await repeat(tmp_path, written)
    assert [effect.key for effect in ledger(tmp_path)] == written
    assert {effect.count for effect in ledger(tmp_path)} == {1}


async def repeat(folder, keys):
    cloud = await SimulatedProvider.open(folder, clock=Time(), churn=False)
    for key in keys:
        power = Power.STOP if int(key) % 2 else Power.START
        await cloud.power("erp-production", "web-erp-prod-01", power, key=key)
    await cloud.close()


def test_a_file_half_written_is_not_read(tmp_path):
    state = environment("erp-staging")
    disk.save(tmp_path, state)
    (tmp_path / "cloud-erp-staging.new").write_text('{"environment": "erp-st')
    assert disk.load(tmp_path, "erp-staging") == state
    disk.save(tmp_path, state)
    assert isinstance(disk.load(tmp_path, "erp-staging"), SimulatedEnvironment)


def test_a_cloud_that_never_ran_has_no_effects(tmp_path):
    assert ledger(tmp_path) == []
