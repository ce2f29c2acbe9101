"""What is read from the provider is recorded once, and told once."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from autosky_desktop.domain.environment import Instance
from autosky_desktop.server.db import schema
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.providers.provider import Observed, ProviderRefused, RefusalKind
from autosky_desktop.server.providers.simulated import Faults

PRODUCTION, STAGING = "erp-production", "erp-staging"
NOTHING_PUBLISHED = "point-of-sale"
BUSY = "Rate exceeded: too many requests, try again later."


async def kinds_after(parts, position):
    async with parts.engine.connect() as connection:
        rows = await events.after(connection, position, 1000)
    return [row.kind for row in rows]


def test_reading_again_what_is_known_tells_nothing(with_parts):
    async def story(parts):
        before = await parts.snapshot(PRODUCTION)
        await parts.poller.read(PRODUCTION)
        assert await parts.snapshot(PRODUCTION) == before

    with_parts(story)


def test_what_ran_before_anything_was_published_from_here_is_version_0(with_parts):
    async def story(parts):
        really = parts.provider.read

        async def read(environment: str) -> Observed:
            unmarked = Instance(id="i-pos-1", name="POS-01", status="available", version=0)
            return replace(await really(environment), instances=[unmarked])

        assert (await parts.snapshot(NOTHING_PUBLISHED)).environment.current_version is None
        parts.provider.read = read
        await parts.poller.read(NOTHING_PUBLISHED)
        assert (await parts.snapshot(NOTHING_PUBLISHED)).environment.current_version == 0

    with_parts(story)


def test_a_confirmation_is_told_at_most_every_quarter_of_a_minute(with_parts):
    async def story(parts):
        position = (await parts.snapshot(PRODUCTION)).last_event
        parts.time.goes_on(seconds=14)
        await parts.poller.read(PRODUCTION)
        assert await kinds_after(parts, position) == []
        parts.time.goes_on(seconds=1)
        await parts.poller.read(PRODUCTION)
        assert await kinds_after(parts, position) == ["environment"]
        assert (await parts.snapshot(PRODUCTION)).environment.confirmed_at == parts.time()

    with_parts(story)


def test_a_clock_that_was_ahead_and_is_put_back_is_confirmed_anew(with_parts):
    async def story(parts):
        parts.time.goes_on(days=40)
        await parts.poller.read_all([PRODUCTION])
        parts.time.goes_on(days=-40)
        await parts.poller.read_all([PRODUCTION])
        assert (await parts.snapshot(PRODUCTION)).environment.confirmed_at == parts.time()

    with_parts(story)


def test_a_confirmation_wakes_who_passes_it_on_and_nobody_who_would_act_on_it(with_parts):
    async def story(parts):
        listening = parts.bus.listening
        with listening() as acting, listening(to_confirmations=True) as passing_on:
            parts.time.goes_on(seconds=15)
            await parts.poller.read(PRODUCTION)
            assert (acting.is_set(), passing_on.is_set()) == (False, True)
            parts.provider.faults = Faults(busy_every=1)
            await parts.poller.read_all([PRODUCTION])
            assert acting.is_set()

    with_parts(story)


def test_revisions_of_an_environment_follow_without_a_gap(with_parts):
    async def story(parts):
        table = schema.event
        query = select(table.c.revision).where(table.c.environment == PRODUCTION)
        async with parts.engine.connect() as connection:
            revisions = list((await connection.scalars(query.order_by(table.c.id))).all())
        assert revisions == list(range(1, len(revisions) + 1))
        environment = (await parts.snapshot(PRODUCTION)).environment
        assert environment.revision == revisions[-1]

    with_parts(story)


def test_a_provider_that_is_busy_leaves_what_was_known_and_is_quoted_once(with_parts):
    async def story(parts):
        before = await parts.snapshot(PRODUCTION)
        parts.provider.faults = Faults(busy_every=1)
        parts.time.goes_on(minutes=5)
        for _ in range(3):
            await parts.poller.read_all([PRODUCTION])
        after = await parts.snapshot(PRODUCTION)
        assert (after.servers, after.instances) == (before.servers, before.instances)
        assert after.environment.confirmed_at == before.environment.confirmed_at
        assert (after.environment.unreachable, after.environment.trouble) == (BUSY, "unreachable")
        assert await kinds_after(parts, before.last_event) == ["environment"]
        parts.provider.faults = Faults()
        await parts.poller.read_all([PRODUCTION])
        assert (await parts.snapshot(PRODUCTION)).environment.unreachable is None

    with_parts(story)


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        (RefusalKind.CREDENTIALS, "credentials"),
        (RefusalKind.NOT_PERMITTED, "not-permitted"),
        (RefusalKind.QUOTA, "quota"),
        (RefusalKind.NO_CAPACITY, "no-capacity"),
        (RefusalKind.IN_USE, "unknown"),
    ],
)
def test_the_kind_of_a_refusal_is_told_until_it_is_read_again(with_parts, kind, trouble):
    async def story(parts):
        async def refuse(_environment):
            raise ProviderRefused("No.", kind=kind)

        reading, parts.provider.read = parts.provider.read, refuse
        await parts.poller.read_all([PRODUCTION])
        told = (await parts.snapshot(PRODUCTION)).environment
        assert (told.unreachable, told.trouble) == ("No.", trouble)
        assert bool(told.remedy) is (trouble != "unknown")
        parts.provider.read = reading
        await parts.poller.read_all([PRODUCTION])
        told = (await parts.snapshot(PRODUCTION)).environment
        assert (told.unreachable, told.trouble, told.remedy) == (None, None, None)

    with_parts(story)


def test_a_word_nobody_knows_is_recorded_as_it_came(with_parts):
    async def story(parts):
        parts.provider.faults = Faults(status_words={"prep-erp-prod-01": "hibernating"})
        await parts.poller.read(PRODUCTION)
        snapshot = await parts.snapshot(PRODUCTION)
        assert snapshot.servers[0].status == "hibernating"
        assert snapshot.environment.preparation is not None
        assert snapshot.environment.preparation.status == "hibernating"

    with_parts(story)


def test_sessions_nobody_reported_are_not_zero(with_parts):
    async def story(parts):
        parts.provider.faults = Faults(sessions_unreported=True)
        await parts.poller.read(PRODUCTION)
        assert (await parts.snapshot(PRODUCTION)).environment.sessions is None

    with_parts(story)


def test_old_events_are_forgotten_but_never_the_newest(with_parts):
    async def story(parts):
        last = (await parts.snapshot(PRODUCTION)).last_event
        parts.time.goes_on(hours=25)
        await parts.unit_of_work.purge()
        async with parts.engine.connect() as connection:
            assert await events.exists(connection, last - 1) is False
            assert await events.last_id(connection) == last

    with_parts(story)


def test_what_was_confirmed_by_a_clock_that_was_ahead_is_confirmed_by_the_right_one(with_parts):
    async def story(parts):
        parts.time.goes_on(days=365)
        await parts.poller.read(PRODUCTION)
        parts.time.goes_on(days=-365)
        await parts.poller.read(PRODUCTION)
        assert (await parts.snapshot(PRODUCTION)).environment.confirmed_at == parts.time()

    with_parts(story)


@pytest.mark.parametrize("kind", ["servers", "instances"])
def test_what_two_environments_name_as_theirs_stays_where_it_was_first(with_parts, kind):
    """Until that one has it no longer."""

    async def story(parts):
        read_really = parts.provider.read
        lent = getattr(await read_really(STAGING), kind)[-1:]
        before = getattr(await parts.snapshot(STAGING), kind)
        ours = getattr(await parts.snapshot(PRODUCTION), kind)
        lends = True

        async def read(environment: str) -> Observed:
            observed = await read_really(environment)
            has = getattr(observed, kind)
            if environment == PRODUCTION:
                return replace(observed, **{kind: [*has, *lent]})
            return observed if lends else replace(observed, **{kind: has[:-1]})

        parts.provider.read = read
        for _ in range(2):
            await parts.poller.read_all([PRODUCTION, STAGING])
        assert getattr(await parts.snapshot(STAGING), kind) == before
        told = await parts.snapshot(PRODUCTION)
        assert getattr(told, kind) == ours
        assert told.environment.unreachable == (
            f"It tells of {lent[0].id} as its own, which is in another environment ({STAGING})."
        )
        with pytest.raises(ProviderRefused):
            await parts.poller.read(PRODUCTION)
        lends = False
        await parts.poller.read_all([STAGING])
        await parts.poller.read_all([PRODUCTION])
        left = [it for it in before if it.id != lent[0].id]
        assert getattr(await parts.snapshot(STAGING), kind) == left
        assert lent[0].id in [it.id for it in getattr(await parts.snapshot(PRODUCTION), kind)]

    with_parts(story)
