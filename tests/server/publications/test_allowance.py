"""The monthly limit holds, whatever comes at the same time and wherever the clock is set."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from autosky_desktop.domain.local_time import month
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.db import schema
from autosky_desktop.server.publications import allowance
from autosky_desktop.server.publications.rules import blank_steps
from autosky_desktop.server.refusal import Refusal
from tests.support.cloud import MORNING

STAGING, PAYROLL, ZONE = "erp-staging", "payroll", "America/Sao_Paulo"
LIMIT = 4
BLANK = Publication(
    id="0", version=58, plan=Plan(model="request-reconnection"), state="running",
    publisher="Ana", requested_by="ana", requested_at=MORNING, steps=blank_steps(),
)  # fmt: skip


async def ask(parts, identity: str, environment: str = STAGING, **fields) -> bool:
    """Whether a publication that asks users to reconnect was let through."""
    try:
        async with parts.unit_of_work.transaction(environment) as transaction:
            await transaction.publication(replace(BLANK, id=identity, **fields))
            await allowance.use(transaction, identity)
    except Refusal as refusal:
        return refusal.code != "allowance-used"
    return True


async def left(parts, environment: str = STAGING, at: datetime | None = None) -> int | None:
    async with parts.engine.connect() as connection:
        found = await allowance.allowance(connection, environment, at or parts.time())
    return found.left if found else None


def test_so_many_a_month_and_no_more(with_parts):
    async def story(parts):
        assert [await ask(parts, str(n)) for n in range(6)] == [True] * LIMIT + [False] * 2
        assert await left(parts) == 0
        assert await left(parts, PAYROLL) == LIMIT

    with_parts(story)


def test_all_at_once_are_no_more_than_one_after_the_other(with_parts):
    async def story(parts):
        came = await asyncio.gather(*(ask(parts, str(n)) for n in range(12)))
        assert sum(came) == LIMIT

    with_parts(story)


def test_the_same_one_counts_once(with_parts):
    async def story(parts):
        assert [await ask(parts, "same") for _ in range(6)] == [True] * 6
        assert await left(parts) == LIMIT - 1

    with_parts(story)


def test_the_month_is_the_zone_s_and_the_refusal_says_when_it_ends(with_parts):
    async def story(parts):
        parts.time.now = datetime(2026, 12, 1, 2, 59, tzinfo=UTC)  # 23:59 of November there
        for number in range(LIMIT):
            await ask(parts, str(number))
        with pytest.raises(Refusal) as refused:
            async with parts.unit_of_work.transaction(STAGING) as transaction:
                await allowance.refuse_when_used(transaction)
        assert refused.value.at == datetime(2026, 12, 1, 3, tzinfo=UTC)
        parts.time.goes_on(minutes=1)
        assert await ask(parts, "december")

    with_parts(story)


def test_one_that_ended_before_anybody_was_asked_costs_nothing(with_parts):
    async def story(parts):
        await ask(parts, "a", ended_at=MORNING)
        await ask(parts, "b", ended_at=MORNING, asked_at=MORNING)
        assert await left(parts) == LIMIT - 1

    with_parts(story)


def test_what_cost_nothing_counts_when_it_is_tried_again(with_parts):
    async def story(parts):
        assert await ask(parts, "a")
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(replace(BLANK, id="a", ended_at=parts.time()))
        assert [await ask(parts, str(n)) for n in range(LIMIT)] == [True] * LIMIT
        with pytest.raises(Refusal):
            async with parts.unit_of_work.transaction(STAGING) as transaction:
                await allowance.use(transaction, "a")
        parts.time.goes_on(minutes=40 * 24 * 60)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await allowance.use(transaction, "a")
            await transaction.publication(replace(BLANK, id="a"))
        assert await left(parts) == LIMIT - 1

    with_parts(story)


def test_without_a_limit_there_is_none(with_parts):
    async def story(parts):
        async with parts.unit_of_work.without_events() as connection:
            await connection.execute(update(schema.environment).values(monthly_reconnections=None))
        assert all([await ask(parts, str(number)) for number in range(9)])
        assert await left(parts) is None

    with_parts(story)


def test_a_clock_set_back_brings_no_month_back(with_parts):
    async def story(parts):
        for number in range(LIMIT):
            await ask(parts, str(number))
        parts.time.now -= timedelta(days=40)
        assert not await ask(parts, "october")
        assert await left(parts) == 0

    with_parts(story)


@pytest.mark.parametrize("asked", [1, LIMIT])
@pytest.mark.parametrize("days", [50, 365, 20_000])
def test_a_clock_that_was_ahead_once_locks_no_month_when_it_is_right(with_parts, asked, days):
    async def story(parts):
        right = parts.time()
        parts.time.goes_on(days=days)
        for number in range(asked):
            assert await ask(parts, f"ahead {number}")
        for month_later in range(13):
            parts.time.now = right + timedelta(days=31 * month_later)
            if abs((parts.time() - right).days - days) > 60:
                assert await left(parts) == LIMIT
                assert await ask(parts, f"then {month_later}")
                assert await left(parts) == LIMIT - 1

    with_parts(story)


def test_a_count_that_lies_a_little_ahead_counts_and_says_until_when(with_parts):
    async def story(parts):
        parts.time.goes_on(days=10)  # of December
        for number in range(LIMIT):
            await ask(parts, str(number))
        parts.time.goes_on(days=-10)
        async with parts.engine.connect() as connection:
            found = await allowance.allowance(connection, STAGING, parts.time())
        assert (found.left, found.resets_at) == (0, datetime(2027, 1, 1, 3, tzinfo=UTC))
        parts.time.now = found.resets_at
        assert await left(parts) == LIMIT

    with_parts(story)


@pytest.mark.parametrize("seed", range(20))
def test_no_month_ever_counts_more_than_its_limit(with_parts, seed):
    """The clock jumps by hours, on and back, and a few ask at the same time in between."""
    chance = random.Random(seed)

    async def story(parts):
        for step in range(20):
            parts.time.now = MORNING + timedelta(hours=chance.randint(-70 * 24, 70 * 24))
            people = range(chance.randint(1, 4))
            await asyncio.gather(*(ask(parts, f"{step}-{who}") for who in people))
        counted = schema.publication.c.counted_at
        query = select(counted).where(counted.is_not(None)).order_by(schema.publication.c.number)
        async with parts.engine.connect() as connection:
            times = (await connection.scalars(query)).all()
        months = [month(at, ZONE)[0] for at in times]
        assert max(map(months.count, months)) <= LIMIT

    with_parts(story)
