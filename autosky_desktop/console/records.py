"""The commands that list what is planned, what was published and what happened."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import click

from autosky_desktop.actions.paging import LIMIT
from autosky_desktop.console import lookups
from autosky_desktop.console.reach import Reached, reaching
from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.publication import Publication, begun, scheduled
from autosky_desktop.words import activity as activity_words
from autosky_desktop.words import console as words
from autosky_desktop.words import publishing, states
from autosky_desktop.words.scheduling import when_named
from autosky_desktop.words.times import clock_or_moment

MANY = click.IntRange(1, 100_000)
USUAL = 20

Row = TypeVar("Row", Publication, Activity)


@click.command("schedule", help=words.SCHEDULE)
@click.argument("environment")
@reaching
async def schedule(reached: Reached, environment: str) -> int:
    home, now = lookups.environment(reached, environment), reached.now()
    reached.output.listing(
        scheduled((await reached.details(home)).publications),
        (words.ID, words.TIME, words.MODEL_HEAD, words.BY, words.NOTE_HEAD),
        lambda it: (
            it.id,
            when_named(begun(it), it.time_zone or "UTC", now),
            publishing.model(it.plan.model),
            it.publisher,
            publishing.note(it),
        ),
    )
    return 0


@click.command("history", help=words.HISTORY)
@click.argument("environment")
@click.option("--limit", type=MANY, default=USUAL, show_default=True, help=words.LIMIT)
@click.option("--search", default="", metavar="TEXT", help=words.SEARCH)
@reaching
async def history(reached: Reached, environment: str, limit: int, search: str) -> int:
    home, now = lookups.environment(reached, environment), reached.now()
    wanted = {"search": search} if search else {}

    async def page(more: Mapping[str, str]) -> tuple[Sequence[Publication], str | None]:
        found = await reached.plane.history(home.id, more)
        return found.publications, found.next

    heads = (words.ID, words.DATE, words.VERSION_HEAD, words.MODEL_HEAD, words.BY, words.TOOK)
    reached.output.listing(
        await _pages(page, wanted, limit),
        (*heads, words.RESULT),
        lambda it: (
            it.id,
            clock_or_moment(begun(it), now=now),
            publishing.version(it),
            publishing.kind_of(it),
            it.publisher,
            states.took(it, now=now),
            states.publication_look(it),
        ),
    )
    return 0


@click.command("activity", help=words.ACTIVITY)
@click.argument("environment")
@click.option("--limit", type=MANY, default=USUAL, show_default=True, help=words.LIMIT)
@reaching
async def activity(reached: Reached, environment: str, limit: int) -> int:
    home, now = lookups.environment(reached, environment), reached.now()

    async def page(more: Mapping[str, str]) -> tuple[Sequence[Activity], str | None]:
        found = await reached.plane.activity(home.id, more)
        return found.entries, found.next

    reached.output.listing(
        await _pages(page, {}, limit),
        (words.TIME, words.WHAT, words.SUBJECT, words.BY, words.RESULT),
        lambda it: (
            activity_words.when(it, now=now),
            activity_words.what(it),
            activity_words.subject(it),
            activity_words.by(it),
            activity_words.result(it, now=now),
        ),
    )
    return 0


async def _pages(
    page: Callable[[Mapping[str, str]], Awaitable[tuple[Sequence[Row], str | None]]],
    wanted: Mapping[str, str],
    limit: int,
) -> list[Row]:
    """Read the first `limit` rows, page by page."""
    every: list[Row] = []
    cursor: str | None = ""
    while cursor is not None and len(every) < limit:
        asked = {**wanted, "limit": str(min(LIMIT, limit - len(every)))}
        rows, cursor = await page({**asked, "cursor": cursor} if cursor else asked)
        every += rows
    return every[:limit]
