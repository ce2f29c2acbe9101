"""The export of a record as a table for other programs, complete or not at all."""

import asyncio
import csv
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from autosky_desktop.domain.errors import NotUnderstood
from autosky_desktop.system.writing import WholeFile
from autosky_desktop.words.counts import cell_separator

LIMIT = 200
"""Entries a page: what is worded in less than a frame."""

BOM = "\ufeff"
"""Without it, Excel on Windows takes UTF-8 for the code page of the computer."""

WIDE = "\uff1d\uff0b\uff0d\uff20"
FORMULA = re.compile(rf'(^|[;|\t\r\n])([\s"]*)(?=[=+\-@{WIDE}])')
"""A spreadsheet takes what begins so for something to work out; `WIDE` are those of East Asian
keyboards. Where the decimal sign is a comma, it begins another cell at each semicolon as well,
whatever stands in quotes.
"""
BLANK = ("\t", "\r", "\n")

Row = Sequence[str]


class ExportPage(Protocol):
    @property
    def next(self) -> str | None: ...


P = TypeVar("P", bound=ExportPage)


@dataclass(frozen=True)
class ExportSource(Generic[P]):
    """A record to export: it is read page by page, and each page made into rows under `heads`."""

    read: Callable[[Mapping[str, str]], Awaitable[P]]
    heads: Row
    rows: Callable[[P], list[Row]]


async def export(
    source: ExportSource[P], wanted: Mapping[str, str], target: Path, tell: Callable[[int], None]
) -> int:
    """Write everything that is `wanted`, newest first; returns how many entries that were.

    `tell` hears how many were written so far. Raises AutoskyError; then there is no file, or the
    one that was there before.
    """
    file = WholeFile(target)
    try:
        await asyncio.to_thread(file.write, BOM + lines([source.heads]))
        number = 0
        async for page in _pages(source, wanted):
            rows = source.rows(page)
            await asyncio.to_thread(file.write, lines(rows))
            number += len(rows)
            tell(number)
        await asyncio.to_thread(file.keep)
    finally:
        file.drop()
    return number


async def _pages(source: ExportSource[P], wanted: Mapping[str, str]) -> AsyncIterator[P]:
    asked, read = {"limit": str(LIMIT), **wanted}, set[str]()
    while True:
        page = await source.read(asked)
        yield page
        if page.next is None:
            return
        if page.next in read:
            raise NotUnderstood("the pages lead back to one that was read: they have no end")
        read.add(page.next)
        asked["cursor"] = page.next


def file_name(record: str, environment: str, now: datetime) -> str:
    """Name the file by what it holds, environment and day: activity ERP Production
    2026-11-24.csv.
    """
    safe = "".join(it if it.isalnum() or it in "-_ ." else "-" for it in environment)
    return f"{record} {safe} {now.astimezone():%Y-%m-%d}.csv"


def lines(rows: Iterable[Row]) -> str:
    """Return the rows as lines of CSV (RFC 4180), in which nothing is a formula."""
    text = StringIO()
    csv.writer(text, delimiter=cell_separator()).writerows(
        [harmless(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def harmless(cell: str) -> str:
    """Return the cell with an apostrophe before each part that a spreadsheet would compute."""
    text = f"'{cell}" if cell.startswith(BLANK) else cell
    return FORMULA.sub(r"\1\2'", text)
