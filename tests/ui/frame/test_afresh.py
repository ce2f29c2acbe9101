"""Who cannot read their data folder begins with an empty one, and keeps the old one."""

from pathlib import Path

import pytest
from filelock import FileLock

from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.flows.local_plane import LocalPlane
from autosky_desktop.server.process import data_folder
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.system import folders
from autosky_desktop.system.embedded import LOCK, EmbeddedControlPlane, set_aside
from tests.support.desktop import desktop_at
from tests.support.evening import NOW, an_evening
from tests.support.person import Person

LETTERS = b"no database at all, and long enough to be read" * 40
DAMAGED = CannotStart("storage-damaged", "database disk image is malformed")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "app.sqlite3").write_bytes(LETTERS)
    (folder / "app.made").touch()
    monkeypatch.setattr(folders, "data", lambda: folder)
    return folder


async def test_a_damaged_folder_is_kept_aside_and_an_empty_one_begun(
    qloop: object, me: Person, data: Path
) -> None:
    connector = LocalPlane(lambda: EmbeddedControlPlane(data, "--empty"))
    try:
        async with desktop_at(connector, data=data) as desktop:
            await me.sees("The environments could not be shown")
            await me.presses("Start afresh")
            await me.sees("Nothing is deleted.")
            await me.sees(f"Data folder now: {data}")
            await me.presses("Start afresh")
            await me.sees("No environments")
            assert desktop.follow.plane
        aside = data.with_name("data.aside-1")
        assert (aside / "app.sqlite3").read_bytes() == LETTERS
        assert (data / "app.sqlite3").read_bytes() != LETTERS
    finally:
        connector.close()


async def test_it_is_offered_where_something_is_known_from_before(
    qloop: object, me: Person
) -> None:
    async with an_evening() as it:
        it.store.set_connection(LineStatus(Line.FAILED, NOW, None, DAMAGED))
        await me.presses("Start afresh")
        await me.sees("The data folder gets another name")
        await me.presses("Go back")


@pytest.mark.parametrize("reason", ["storage-full", "storage-newer", "folder-held", "unexpected"])
async def test_what_may_mend_or_be_mended_is_not_thrown_over(
    qloop: object, me: Person, reason: str
) -> None:
    async with an_evening() as it:
        it.store.environments.replace([])
        it.store.set_connection(LineStatus(Line.FAILED, NOW, None, CannotStart(reason)))
        await me.sees("The environments could not be shown")
        assert me.offers("Try again")
        assert not me.offers("Start afresh")


async def test_a_folder_that_somebody_works_in_stays_and_it_says_so(
    qloop: object, me: Person, data: Path
) -> None:
    async with an_evening() as it:
        it.store.set_connection(LineStatus(Line.FAILED, NOW, None, DAMAGED))
        await me.presses("Start afresh")
        await me.sees("Nothing is deleted.")
        with FileLock(data / LOCK):
            await me.presses("Start afresh")
            await me.sees("The folder could not be renamed (Device or resource busy).")
        await me.presses("Go back")
    assert (data / "app.sqlite3").read_bytes() == LETTERS


def test_each_folder_that_is_set_aside_has_a_name_of_its_own(data: Path) -> None:
    first = set_aside(data)
    data.mkdir()
    second = set_aside(data)
    assert first != second
    assert (first / "app.sqlite3").read_bytes() == LETTERS
    assert not data.exists()


def test_it_is_the_lock_that_the_control_plane_holds() -> None:
    assert data_folder.LOCK == LOCK
