"""The cloud is told of scheduled shutdowns, so that they happen with this computer off as well."""

import asyncio
from datetime import datetime, timedelta

from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.server import ShutdownMove, ShutdownRequest
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from autosky_desktop.server.servers.kept_shutdowns import LATER, ShutdownKeeper
from tests.support.people import ANA

STAGING, PREPARATION = "erp-staging", "prep-erp-stg-01"


class CloudOfOwnClock:
    """A cloud that switches servers off by itself. `set` is when, by server; `told` how often."""

    def __init__(self) -> None:
        self.set: dict[str, datetime] = {}
        self.told: list[tuple[str, datetime | None]] = []
        self.fails: list[Exception] = []
        self.hangs: set[str] = set()
        self.asks = True

    async def keep(self, environment: str, server: str, at: datetime | None) -> bool | None:
        if environment in self.hangs:
            await asyncio.Event().wait()
        if environment != STAGING or not self.asks:
            return None
        if self.fails:
            raise self.fails.pop()
        self.told.append((server, at))
        if at is None:
            self.set.pop(server, None)
        else:
            self.set[server] = at
        return at is not None


def keeper(parts, cloud):
    return ShutdownKeeper(parts.engine, cloud.keep, parts.unit_of_work, parts.bus, parts.time)


async def looks(keeper):
    """Look until there is nothing to tell any more; the last answer."""
    while True:
        wait = await keeper.act()
        if not keeper._telling:
            return wait
        await asyncio.gather(*keeper._telling.values())


async def shutdown(parts, environment=STAGING):
    return (await parts.snapshot(environment)).servers[0].shutdown


async def moves(parts, move, to=None):
    request = ShutdownRequest(move=move, expected=(await shutdown(parts)).at, to=to)
    await parts.shutdown_commands.move(PREPARATION, request, principal=ANA, key=str(to))


def test_the_cloud_s_moment_is_a_little_later_and_moves_with_ours(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        keeps = keeper(parts, cloud)
        await looks(keeps)
        first = await shutdown(parts)
        assert (first.kept, cloud.set) == (True, {PREPARATION: first.at + LATER})
        later = first.at + timedelta(hours=1)
        await moves(parts, ShutdownMove.EXTEND, later)
        assert (await shutdown(parts)).kept is None
        await looks(keeps)
        assert ((await shutdown(parts)).kept, cloud.set) == (True, {PREPARATION: later + LATER})
        await moves(parts, ShutdownMove.CANCEL)
        await looks(keeps)
        assert (await shutdown(parts), cloud.set) == (None, {})

    with_parts(story)


def test_it_is_told_once_however_often_there_is_news(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        keeps = keeper(parts, cloud)
        for _ in range(5):
            assert await looks(keeps) is None
        assert len(cloud.told) == 1

    with_parts(story)


def test_where_no_cloud_is_asked_nothing_is_said_of_it(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        cloud.asks = False
        keeps = keeper(parts, cloud)
        await looks(keeps)
        before = await parts.snapshot(STAGING)
        await looks(keeps)
        assert before.servers[0].shutdown.kept is None
        assert await parts.snapshot(STAGING) == before

    with_parts(story)


def test_a_server_that_we_switched_off_is_not_switched_off_again(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        keeps = keeper(parts, cloud)
        await looks(keeps)
        parts.time.goes_on(hours=4)
        await looks(keeps)
        assert cloud.set  # ours is due, and may fail
        await parts.timer.act()
        assert (await shutdown(parts)) is None
        await looks(keeps)
        assert cloud.set == {}

    with_parts(story)


def test_a_publication_takes_it_back_until_it_has_ended(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        keeps = keeper(parts, cloud)
        await looks(keeps)
        run = await parts.publisher.publish(
            STAGING, PublishRequest(expected_version=58), principal=ANA, key="k"
        )
        await looks(keeps)
        assert ((await shutdown(parts)).kept, cloud.set) == (False, {})
        failed = StepEnding(state="failed", reason="image-failed")
        journal = Journal(parts.engine, parts.unit_of_work, lambda: None)
        await journal.end(run.id, "image-creation", failed)
        await looks(keeps)
        assert ((await shutdown(parts)).kept, list(cloud.set)) == (True, [PREPARATION])

    with_parts(story)


def test_what_was_cancelled_before_a_crash_is_taken_back_at_the_next_start(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        await looks(keeper(parts, cloud))
        await moves(parts, ShutdownMove.CANCEL)
        await looks(keeper(parts, cloud))
        assert cloud.set == {}

    with_parts(story)


def test_a_cloud_that_refuses_is_told_and_tried_again(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        cloud.fails = [ProviderBusy("later")]
        keeps = keeper(parts, cloud)
        assert await looks(keeps) == 60.0
        assert (await shutdown(parts)).kept is False
        assert await looks(keeps) == 60.0
        assert cloud.told == []
        parts.time.goes_on(minutes=2)
        cloud.fails = [ProviderRefused("no right")]
        assert await looks(keeps) == 900.0
        parts.time.goes_on(minutes=16)
        assert await looks(keeps) is None
        assert (await shutdown(parts)).kept is True

    with_parts(story)


def test_a_cloud_that_hangs_keeps_no_other_from_hearing(with_parts):
    async def story(parts):
        cloud = CloudOfOwnClock()
        cloud.hangs = {"erp-production"}
        keeps = keeper(parts, cloud)
        assert await keeps.act() == 60.0
        await keeps._telling[PREPARATION]
        assert cloud.set
        await keeps.close()

    with_parts(story)
