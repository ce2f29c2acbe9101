"""The main job by somebody who has no mouse, while people sign in and out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import Open
from tests.support.control_plane import Running, running_control_plane
from tests.support.main_job import WAYS, MainJob, people_come_and_go
from tests.support.person import Person


@pytest.fixture
def plane(tmp_path: Path) -> Iterator[Running]:
    with people_come_and_go(), running_control_plane(tmp_path, speed=900.0, churn=True) as running:
        yield running


@pytest.mark.parametrize("number", range(len(WAYS)), ids=WAYS)
async def test_a_version_is_published_by_keys_while_the_numbers_change(
    qloop: object, open_window: Open, me: Person, number: int
) -> None:
    async with open_window():
        await MainJob(me).do(number)
        await me.sees(f"Note: Run {number}")
