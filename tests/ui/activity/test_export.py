"""The record as a file: everything that matches, whole or not at all."""

import asyncio
import csv
import os
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from autosky_desktop.actions.exporting import lines
from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.errors import Offline
from tests.support.evening import Evening, an_activity, an_evening
from tests.support.person import Person, visible
from tests.ui.activity.test_activity import chooses


async def saves(me: Person, target: Path) -> None:
    """Press the button and choose a file."""
    await me.presses("Export activity")
    dialog = await me.until(lambda: next(visible(QFileDialog), None), "a file dialog")
    dialog.selectFile(str(target))
    dialog.accept()


def read(target: Path) -> list[dict[str, str]]:
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def recorded(evening: Evening, *entries: Activity) -> None:
    evening.plane.record = list(entries)


async def test_a_connection_is_written_with_its_account(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    target = tmp_path / "activity.csv"
    async with an_evening() as evening:
        recorded(evening, an_activity(kind="connect", account="ERPPROD\\svc-maintenance"))
        await me.opens_tab("Activity")
        chooses("Filter activity by kind", "Connections")
        await saves(me, target)
        await me.sees("1 entry written to activity.csv.")
        [row] = read(target)
        assert (row["Kind"], row["Account"]) == ("Connections", "ERPPROD\\svc-maintenance")
        assert row["Result"] == "Closed"


async def test_everything_that_matches_is_written(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    target = tmp_path / "activity.csv"
    async with an_evening() as evening:
        stops = [an_activity(it, kind="stop-server") for it in range(500, 950)]
        recorded(evening, *[an_activity(it) for it in range(500)], *stops)
        await me.opens_tab("Activity")
        chooses("Filter activity by kind", "Stops")
        await saves(me, target)
        await me.sees("450 entries written to activity.csv.")
        assert len(read(target)) == 450
        first = read(target)[0]
        assert first["What"] == "Stop of WEB-ERP-PROD-01 requested"
        assert datetime.fromisoformat(first["Time"]) == stops[0].at
        assert datetime.fromisoformat(first["Time"]).tzinfo is not None
        assert first["Result"] == "Done"
        assert me.offers("Export activity")


async def test_a_file_that_is_there_is_replaced_only_when_that_is_meant(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    target = tmp_path / "activity.csv"
    target.write_text("what was there")
    async with an_evening() as evening:
        recorded(evening, an_activity(0))
        await me.opens_tab("Activity")
        await saves(me, target)
        await me.sees("Replace activity.csv?")
        await me.presses("Go back")
        await me.until(lambda: me.offers("Export activity"), "the button")
        assert target.read_text() == "what was there"
        await saves(me, target)
        await me.presses("Replace")
        await me.sees("1 entry written to activity.csv.")
        assert len(read(target)) == 1


async def test_thinking_better_of_it_writes_nothing(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        recorded(evening, an_activity(0))
        await me.opens_tab("Activity")
        await me.presses("Export activity")
        dialog = await me.until(lambda: next(visible(QFileDialog), None), "a file dialog")
        dialog.reject()
        await me.until(lambda: me.offers("Export activity"), "the button")
        assert files_in(tmp_path) == []


async def test_a_line_that_breaks_in_the_middle_leaves_no_file(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        recorded(evening, *[an_activity(it) for it in range(500)])
        await me.opens_tab("Activity")
        await me.sees("What: Restart of WEB-ERP-PROD-01 requested")
        evening.plane.record_error = Offline("gone")
        await saves(me, tmp_path / "activity.csv")
        await me.sees("The activity was not exported. The control plane does not answer.")
        assert files_in(tmp_path) == []
        assert me.offers("Export activity")


async def test_a_full_disk_is_a_sentence(
    qloop: object, me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with an_evening() as evening:
        recorded(evening, an_activity(0))
        await me.opens_tab("Activity")
        part = tmp_path / "part"
        part.touch()
        full, real = os.open("/dev/full", os.O_WRONLY), tempfile.mkstemp

        def made(suffix: str, prefix: str, folder: Path) -> tuple[int, str]:
            """The export's is on the full disk; what else the window keeps is not."""
            return (full, str(part)) if folder == tmp_path else real(suffix, prefix, folder)

        monkeypatch.setattr(tempfile, "mkstemp", made)
        await saves(me, tmp_path / "activity.csv")
        await me.sees("The activity was not exported. The disk is full. No file was created.")
        assert files_in(tmp_path) == []


async def test_the_window_closed_in_the_middle_leaves_no_file(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        recorded(evening, *[an_activity(it) for it in range(500)])
        await me.opens_tab("Activity")
        await me.sees("What: Restart of WEB-ERP-PROD-01 requested")
        evening.plane.record_waits = asyncio.Event()
        await saves(me, tmp_path / "activity.csv")
        await me.until(lambda: files_in(tmp_path), "a file on its way")
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\uff1d1", "\uff20x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert lines([[cell, "a,b", 'say "x"']]) == f'\'{cell},"a,b","say ""x"""\r\n'
