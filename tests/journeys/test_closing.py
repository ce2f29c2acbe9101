"""Work is begun and ended by its owner, and none is begun once that has closed."""

import asyncio

from autosky_desktop.system.tasks import Nursery
from tests.support.control_plane import Running
from tests.support.desktop import At, desktop_at
from tests.support.person import Person


async def test_closing_ends_what_runs_and_begins_nothing_more(qloop: object) -> None:
    tasks, begun, ended = Nursery(), list[str](), list[str]()

    async def runs(name: str) -> None:
        begun.append(name)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    tasks.spawn(runs("early"), name="early")
    await asyncio.sleep(0)
    await tasks.close()
    assert (begun, ended) == (["early"], ["early"])
    late = tasks.spawn(runs("late"), name="late")
    await late
    assert begun == ["early"]


async def test_what_qt_had_put_off_until_the_window_closed_begins_nothing(
    qloop: object, me: Person, plane: Running
) -> None:
    async with desktop_at(At(plane.url, plane.token)) as desktop:
        await me.sees("Connection: Live")
    desktop.window.servers_painted.emit()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
