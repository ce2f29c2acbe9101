"""The table for other programs: nothing in it is worked out, and it is read as what it is."""

import asyncio
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from autosky_desktop.actions.exporting import ExportSource, export, harmless
from autosky_desktop.domain.activity import ActivityPage
from autosky_desktop.domain.errors import NotUnderstood
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+55 11 5555", "'+55 11 5555"),
        ("-5", "'-5"),
        ("@cmd", "'@cmd"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\tx", "'\tx"),
        ("a;=1+1", "a;'=1+1"),
        ("a; =1+1", "a; '=1+1"),
        ('a;"=1+1"', 'a;"\'=1+1"'),
        ("a\n=1+1", "a\n'=1+1"),
        ("a\t@cmd", "a\t'@cmd"),
        ("a|-1", "a|'-1"),
        (" =1+1", " '=1+1"),
        ("a;b;;=1", "a;b;;'=1"),
        ("Tax tables, v2 - final; see note", "Tax tables, v2 - final; see note"),
        ("ana@example.com", "ana@example.com"),
        ("2026-11-24T12:00:00+00:00", "2026-11-24T12:00:00+00:00"),
        ("", ""),
    ],
)
def test_no_cell_is_worked_out_wherever_a_spreadsheet_parts_it(cell: str, written: str) -> None:
    assert harmless(cell) == written


def test_a_spreadsheet_is_told_that_it_is_utf_8(tmp_path: Path) -> None:
    async def read(_wanted: object) -> ActivityPage:
        return ActivityPage(entries=[])

    target = tmp_path / "a.csv"
    source = ExportSource(read, ["Publicação"], lambda _page: [["ação"]])
    asyncio.run(export(source, {}, target, lambda _number: None))
    assert target.read_bytes() == "\N{BYTE ORDER MARK}Publicação\r\nação\r\n".encode()


def test_pages_without_an_end_are_no_table(tmp_path: Path) -> None:
    following = {None: "b", "b": "c", "c": "b"}

    async def read(wanted: Mapping[str, str]) -> ActivityPage:
        return ActivityPage(entries=[], next=following[wanted.get("cursor")])

    source = ExportSource(read, ["Time"], lambda _page: [["now"]])
    with pytest.raises(NotUnderstood):
        asyncio.run(export(source, {}, tmp_path / "a.csv", lambda _number: None))
    assert list(tmp_path.iterdir()) == []


def test_an_export_given_up_while_its_file_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window is closed while a slow disk makes the file, which nothing can call back."""
    begun, disk, real = threading.Event(), threading.Event(), tempfile.mkstemp
    made: list[str] = []

    def slow(suffix: str, prefix: str, folder: Path) -> tuple[int, str]:
        begun.set()
        disk.wait(10)
        handle, name = real(suffix, prefix, folder)
        made.append(name)
        return handle, name

    async def no_entries(_wanted: Mapping[str, str]) -> ActivityPage:
        return ActivityPage(entries=[], next=None)

    async def give_up() -> None:
        source = ExportSource(no_entries, ["Time"], lambda _page: [])
        task = asyncio.create_task(export(source, {}, tmp_path / "a.csv", lambda _number: None))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        await asyncio.wait([task])
        disk.set()

    monkeypatch.setattr(tempfile, "mkstemp", slow)
    asyncio.run(give_up())
    assert eventually(lambda: made and not any(tmp_path.iterdir()))
