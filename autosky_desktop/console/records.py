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
    home = lookups.environment(reached, environment)
    every = scheduled((await reached.details(home)).publications)
    if reached.output.json:
        reached.output.tell(every)
        return 0
    now = reached.now()
    reached.output.table(
        (words.ID, words.TIME, words.MODEL_HEAD, words.BY, words.NOTE_HEAD),
        (
            (
                it.id,
                when_named(it.scheduled_for, it.time_zone or "UTC", now)
                if it.scheduled_for
                else "",
                publishing.model(it.plan.model),
                it.publisher,
                publishing.note(it),
            )
            for it in every
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

    every = await _pages(page, wanted, limit)
    if reached.output.json:
        reached.output.tell(every)
        return 0
    heads = (words.ID, words.DATE, words.VERSION_HEAD, words.MODEL_HEAD, words.BY, words.TOOK)
    reached.output.table(
        (*heads, words.RESULT),
        (
            (
                it.id,
                clock_or_moment(begun(it), now=now),
                publishing.version(it),
                publishing.kind_of(it),
                it.publisher,
                states.took(it, now=now),
                states.publication_look(it),
            )
            for it in every
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

    every = await _pages(page, {}, limit)
    if reached.output.json:
        reached.output.tell(every)
        return 0
    reached.output.table(
        (words.TIME, words.WHAT, words.SUBJECT, words.BY, words.RESULT),
        (
            (
                activity_words.when(it, now=now),
                activity_words.what(it),
                activity_words.subject(it),
                activity_words.by(it),
                activity_words.result(it, now=now),
            )
            for it in every
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
