"""The record as a table for other programs, complete or not at all."""

import asyncio
import csv
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.activity import Activity
from autosky_desktop.system.writing import WholeFile

LIMIT = 200
"""Entries a page: what is worded in less than a frame."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for something to work out."""

Row = Sequence[str]


async def export_activity(
    intents: Intents,
    environment: str,
    wanted: Mapping[str, str],
    target: Path,
    heads: Row,
    row: Callable[[Activity], Row],
    tell: Callable[[int], None],
) -> int:
    """Write everything that is `wanted`, newest first; returns how many entries that are.

    `tell` hears how many were written so far. Raises AutoskyError; then there is no file, or the
    one that was there before.
    """
    file = await asyncio.to_thread(WholeFile, target)
    try:
        await asyncio.to_thread(file.write, lines([heads]))
        number = 0
        async for entries in _pages(intents, environment, wanted):
            await asyncio.to_thread(file.write, lines(map(row, entries)))
            number += len(entries)
            tell(number)
        await asyncio.to_thread(file.keep)
    finally:
        file.drop()
    return number


async def _pages(
    intents: Intents, environment: str, wanted: Mapping[str, str]
) -> AsyncIterator[list[Activity]]:
    asked = {"limit": str(LIMIT), **wanted}
    while True:
        page = await intents.activity(environment, asked)
        yield page.entries
        if page.next is None:
            return
        asked["cursor"] = page.next


def lines(rows: Iterable[Row]) -> str:
    """As RFC 4180 has them; nothing in them is a formula."""
    text = StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
