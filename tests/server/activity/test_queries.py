"""Pages of the record when much happened at one moment."""

import pytest

from autosky_desktop.domain.server import Power
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.queries import ActivityQuery
from autosky_desktop.server.refusal import Refusal
from tests.support.people import ANA

PRODUCTION, PREPARATION = "erp-production", "prep-erp-prod-01"


async def refused(parts, times: int) -> None:
    for number in range(times):
        with pytest.raises(Refusal):
            await parts.power_commands.switch(
                PREPARATION, Power.STOP, principal=ANA, key=f"{number}"
            )


async def walked(parts, limit: int) -> list[str]:
    seen, cursor = [], None
    while True:
        async with parts.engine.connect() as connection:
            page = await activities.page(
                connection, PRODUCTION, ActivityQuery(limit=limit, cursor=cursor)
            )
        seen += [entry.id for entry in page.entries]
        if page.next is None:
            return seen
        cursor = int(page.next)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_entries_of_one_moment_are_each_on_one_page(with_parts, limit):
    async def story(parts):
        await refused(parts, 7)
        everything = [entry.id for entry in (await parts.snapshot(PRODUCTION)).activity]
        assert len(everything) == len(set(everything)) == 7
        assert await walked(parts, limit) == everything

    with_parts(story)


def test_a_clock_that_was_put_back_loses_no_entry(with_parts):
    async def story(parts):
        await refused(parts, 2)
        parts.time.goes_on(hours=-1)
        await refused(parts, 2)
        assert len(await walked(parts, 1)) == 4

    with_parts(story)


def test_a_cursor_that_never_was_leads_nowhere(with_parts):
    async def story(parts):
        await refused(parts, 1)
        async with parts.engine.connect() as connection:
            page = await activities.page(connection, PRODUCTION, ActivityQuery(limit=5, cursor=99))
        assert (page.entries, page.next) == ([], None)
        assert page.people == ["ana"]

    with_parts(story)
