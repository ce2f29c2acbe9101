"""Preparation servers switch themselves off, but not under a publication."""

from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.server import Power
from autosky_desktop.server.workflows.journal import Ending, Journal

STAGING, PREPARATION = "erp-staging", "prep-erp-stg-01"
HOUR = 3600.0


async def preparation(parts):
    return (await parts.snapshot(STAGING)).servers[0]


def test_a_server_is_switched_off_when_its_moment_has_come(with_parts):
    async def story(parts):
        assert await parts.timer.act() == 4 * HOUR
        parts.time.goes_on(hours=3)
        assert await parts.timer.act() == HOUR
        assert (await preparation(parts)).status == "running"
        parts.time.goes_on(hours=1)
        assert await parts.timer.act() is None
        assert (await preparation(parts)).status == "stopping"
        assert (await preparation(parts)).shutdown is None

    with_parts(story)


def test_a_publication_holds_the_shutdown_until_it_ends(with_parts):
    async def story(parts):
        run = await parts.publisher.publish(
            STAGING, PublishRequest(expected_version=58), operator="ana", key="k"
        )
        parts.time.goes_on(hours=4)
        assert await parts.timer.act() is None
        held = await preparation(parts)
        assert (held.status, held.shutdown.held) == ("running", True)
        revision = (await parts.snapshot(STAGING)).environment.revision
        await parts.timer.act()
        assert (await parts.snapshot(STAGING)).environment.revision == revision

        failed = Ending(state="failed", reason="image-failed")
        await Journal(parts.engine, parts.recorder).end(run.id, "image-creation", failed)
        await parts.timer.act()
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_starting_again_sets_a_new_moment(with_parts):
    async def story(parts):
        await parts.switch.press(PREPARATION, Power.STOP, operator="ana", key="off")
        parts.time.goes_on(minutes=30)
        await parts.observer.read(STAGING)
        assert (await preparation(parts)).status == "stopped"
        server = await parts.switch.press(PREPARATION, Power.START, operator="ana", key="on")
        assert (server.shutdown.at - parts.time()).total_seconds() == 4 * HOUR

    with_parts(story)


def test_a_restart_leaves_the_moment_where_it_was(with_parts):
    async def story(parts):
        before = (await preparation(parts)).shutdown
        parts.time.goes_on(minutes=10)
        server = await parts.switch.press(PREPARATION, Power.RESTART, operator="ana", key="again")
        assert server.status == "restarting"
        assert server.shutdown == before

    with_parts(story)
