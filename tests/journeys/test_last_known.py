"""A start shows what was known last, marked with its time, and turns live where it stands."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from autosky_desktop.client.control_plane import ControlPlane
from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.store.store import Line
from autosky_desktop.system.last_known import FILE
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.sidebar.environment_list import LOOK
from tests.support.control_plane import Running, running_control_plane
from tests.support.desktop import At, desktop_at
from tests.support.person import Person

Value = dict[str, object]


class Later(At):
    """A control plane that comes up when it is let."""

    def __init__(self, plane: Running, fails: bool = False) -> None:
        super().__init__(plane.url, plane.token)
        self.up, self.fails = asyncio.Event(), fails

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[ControlPlane]:
        if self.fails:
            raise CannotStart("unexpected", "no")
        await self.up.wait()
        async with super().connected() as plane:
            yield plane


def kept(settings: Path) -> Path:
    (file,) = settings.glob(f"planes/*/{FILE}")
    return file


def change(settings: Path, change: Callable[[Value], None]) -> None:
    """Have something else in what was kept."""
    value = json.loads(kept(settings).read_bytes())
    change(value)
    kept(settings).write_text(json.dumps(value))


def places(desktop: Desktop) -> dict[QWidget, tuple[int, int, int]]:
    """Where everything stands, and how high it is. The word of a state is as wide as it is."""
    window = desktop.window
    parts, state = (window.page, window.header, window.sidebar), window.header._state
    return {
        it: (at.x() if it is not state else 0, at.y(), it.height())
        for part in parts
        if part
        for it in part.findChildren(QWidget)
        for at in [it.mapTo(window, QPoint(0, 0))]
        if it.isVisible()
    }


async def visited(me: Person, plane: Running, settings: Path) -> None:
    """The window was open on that control plane, and was closed."""
    async with desktop_at(At(plane.url, plane.token), settings=settings, data=plane.folder) as it:
        await me.sees("Server name: PREP-ERP-PROD-01")
        await me.until(lambda: it.window.environment == "erp-production", "the environment")
        await me.sees("Connection: Live")


async def test_the_next_start_shows_what_was_known_last_and_turns_live_without_a_jump(
    qloop: object, me: Person, plane: Running, tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    await visited(me, plane, settings)
    assert stat.S_IMODE(kept(settings).stat().st_mode) == 0o600
    assert plane.token.encode() not in kept(settings).read_bytes()
    at = datetime.fromisoformat(json.loads(kept(settings).read_bytes())["at"]).astimezone()
    connector = Later(plane)
    async with desktop_at(connector, settings=settings, data=plane.folder) as desktop:
        assert desktop.window.windowTitle() == "Autosky Desktop"
        await me.sees("Server name: PREP-ERP-PROD-01")
        await me.sees(f"Server status: Was stopped, {at:%H:%M}")
        await me.sees("Connection: Starting the control plane")
        await me.until(lambda: "ERP Production" in desktop.window.windowTitle(), "its title")
        assert desktop.follow.plane is None
        listed = desktop.window.sidebar.list.model()
        assert [listed.index(row, 0).data(LOOK)[1] for row in (0, 1)] == [
            "Was stopped",
            "Was running",
        ]
        assert not me.offers("Start server PREP-ERP-PROD-01")
        before = places(desktop)
        said: list[bool] = []
        details = desktop._store.details("erp-production")
        desktop._store.watch(
            lambda: said.append(details.confirmed or not desktop._store.connection.live)
        )
        connector.up.set()
        await me.sees("Connection: Live")
        await me.sees("Server status: Stopped")
        await me.no_longer_sees("Was stopped")
        assert all(said), "the line was live before the servers were read again"
        after = places(desktop)
        assert {it: after.get(it) for it in before} == before
        assert me.offers("Start server PREP-ERP-PROD-01")


async def test_what_changed_since_is_as_it_is_now_when_the_line_is_live(
    qloop: object, me: Person, plane: Running, tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    await visited(me, plane, settings)
    file = kept(settings)
    file.write_text(file.read_text().replace("PREP-ERP-PROD-01", "PREP-OF-BEFORE"))
    connector = Later(plane)
    async with desktop_at(connector, settings=settings, data=plane.folder):
        await me.sees("Server name: PREP-OF-BEFORE")
        connector.up.set()
        await me.sees("Server name: PREP-ERP-PROD-01")


async def test_what_is_of_another_day_has_its_day(
    qloop: object, me: Person, plane: Running, tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    await visited(me, plane, settings)
    before = datetime.now(UTC) - timedelta(days=3)
    change(settings, lambda it: it.update(at=before.isoformat()))
    async with desktop_at(Later(plane), settings=settings, data=plane.folder):
        local = before.astimezone()
        await me.sees(f"Server status: Was stopped, {local:%a} {local.day} {local:%b %H:%M}")


async def test_a_control_plane_that_does_not_come_up_leaves_the_time_it_was_so(
    qloop: object, me: Person, plane: Running, tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    await visited(me, plane, settings)
    before = datetime.now(UTC) - timedelta(minutes=90)
    change(settings, lambda it: it.update(at=before.isoformat()))
    connector = Later(plane, fails=True)
    async with desktop_at(connector, settings=settings, data=plane.folder) as desktop:
        await me.until(
            lambda: desktop._store.connection.line is Line.FAILED, "that it is not there"
        )
        assert desktop._store.connection.since == before
        await me.sees("Not connected since")
        connector.fails = False
        connector.up.set()
        desktop.follow.try_now()
        await me.sees("Server status: Stopped")


def damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def huge(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" " * 2_000_000)


def newer(file: Path) -> None:
    file.write_text(file.read_text().replace('"format": 1', '"format": 2'))


@pytest.mark.parametrize("happens", [Path.unlink, damaged, huge, newer])
async def test_what_cannot_be_shown_is_as_if_it_were_not_there(
    qloop: object, me: Person, plane: Running, tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    settings = tmp_path / "settings"
    await visited(me, plane, settings)
    happens(kept(settings))
    connector = Later(plane)
    async with desktop_at(connector, settings=settings, data=plane.folder) as desktop:
        await me.sees("The control plane on this computer is starting.")
        assert not desktop.window.environment
        connector.up.set()
        await me.sees("Server status: Stopped")


async def test_an_environment_that_is_gone_since_is_gone_when_the_control_plane_answers(
    qloop: object, me: Person, plane: Running, tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    await visited(me, plane, settings)
    kept(settings).write_text(kept(settings).read_text().replace('"erp-production"', '"gone"'))
    connector = Later(plane)
    async with desktop_at(connector, settings=settings, data=plane.folder) as desktop:
        await me.sees("Server status: Was stopped")
        assert desktop.window.environment == "gone"
        connector.up.set()
        await me.sees("Server status: Stopped")
        assert desktop.window.environment == "erp-production"


async def test_another_control_plane_in_its_place_shows_nothing_of_it(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    settings, data = tmp_path / "settings", tmp_path / "data"
    with running_control_plane(data) as first:
        await visited(me, first, settings)
    data.rename(tmp_path / "away")
    with running_control_plane(data) as second:
        connector = Later(second)
        async with desktop_at(connector, settings=settings, data=data) as desktop:
            await me.sees("Server status: Was stopped")
            gone: list[str] = []
            desktop._store.environments.watch(lambda diff: gone.extend(diff.removed))
            connector.up.set()
            await me.sees("This is a different control plane from last time.")
            await me.sees("Server status: Stopped")
            assert "erp-production" in gone
