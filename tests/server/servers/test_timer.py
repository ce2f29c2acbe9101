"""Preparation servers switch themselves off, but not under a publication."""

from datetime import timedelta

from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.server import Power, ShutdownMove, ShutdownRequest
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from autosky_desktop.server.servers.timer import ShutdownTimer
from tests.support.people import ANA

STAGING, PREPARATION = "erp-staging", "prep-erp-stg-01"
HOUR = 3600.0


async def preparation(parts):
    return (await parts.snapshot(STAGING)).servers[0]


async def tries(parts):
    """What came of each time it was to be switched off, oldest first."""
    entries = (await parts.snapshot(STAGING)).activity
    found = [it for it in entries if it.kind == "scheduled-shutdown"]
    return [(it.outcome, it.reason) for it in reversed(found)]


def still_read_as(word):
    """The cloud does what it is told, and goes on telling of the preparation server as this."""
    return Faults(status_words={PREPARATION: word})


async def looks_often(parts, *, times=20):
    """As the news of others make it; the last answer."""
    for _ in range(times):
        wait = await parts.timer.act()
    return wait


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
            STAGING, PublishRequest(expected_version=58), principal=ANA, key="k"
        )
        parts.time.goes_on(hours=4)
        assert await parts.timer.act() is None
        held = await preparation(parts)
        assert (held.status, held.shutdown.held) == ("running", True)
        revision = (await parts.snapshot(STAGING)).environment.revision
        await parts.timer.act()
        assert (await parts.snapshot(STAGING)).environment.revision == revision

        failed = StepEnding(state="failed", reason="image-failed")
        await Journal(parts.engine, parts.unit_of_work, lambda: None).end(
            run.id, "image-creation", failed
        )
        await parts.timer.act()
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_it_looks_again_when_the_first_of_all_is_due(with_parts):
    async def story(parts):
        other = (await parts.snapshot("erp-production")).environment.preparation
        assert other.status == "stopped"
        parts.time.goes_on(minutes=10)
        await parts.power_commands.switch(other.id, Power.START, principal=ANA, key="on")
        wait = await parts.timer.act()
        due = []
        for name in ("erp-production", STAGING, "payroll"):
            shown = (await parts.snapshot(name)).environment.preparation
            if shown and shown.shutdown:
                due.append(shown.shutdown.at)
        assert len(set(due)) > 1
        assert parts.time() + timedelta(seconds=wait) == min(due)

    with_parts(story)


def test_starting_again_sets_a_new_moment(with_parts):
    async def story(parts):
        await parts.power_commands.switch(PREPARATION, Power.STOP, principal=ANA, key="off")
        parts.time.goes_on(minutes=30)
        await parts.poller.read(STAGING)
        assert (await preparation(parts)).status == "stopped"
        server = await parts.power_commands.switch(
            PREPARATION, Power.START, principal=ANA, key="on"
        )
        assert (server.shutdown.at - parts.time()).total_seconds() == 4 * HOUR

    with_parts(story)


def test_a_restart_leaves_the_moment_where_it_was(with_parts):
    async def story(parts):
        before = (await preparation(parts)).shutdown
        parts.time.goes_on(minutes=10)
        server = await parts.power_commands.switch(
            PREPARATION, Power.RESTART, principal=ANA, key="again"
        )
        assert server.status == "restarting"
        assert server.shutdown == before

    with_parts(story)


def test_a_stop_that_was_accepted_is_written_down_once_however_long_it_is_not_seen(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = Faults(busy_every=1)
        await looks_often(parts)
        assert await tries(parts) == [("failed", "provider-busy")]

        parts.provider.faults = still_read_as("running")
        parts.time.goes_on(minutes=1)
        assert await looks_often(parts) == 60.0
        assert await tries(parts) == [("failed", "provider-busy"), ("running", None)]

        parts.provider.faults = Faults()
        parts.time.goes_on(seconds=50)
        await parts.poller.read(STAGING)
        assert await parts.timer.act() is None
        assert await tries(parts) == [("failed", "provider-busy"), ("done", None)]

    with_parts(story)


def test_a_provider_that_has_no_time_is_asked_once_a_minute(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = Faults(busy_next=2)
        await looks_often(parts)
        assert (await preparation(parts)).status == "running"
        for seconds in (59, 1, 59):  # the second call comes after the first minute
            parts.time.goes_on(seconds=seconds)
            await looks_often(parts)
            assert (await preparation(parts)).status == "running"
        parts.time.goes_on(seconds=1)
        assert await looks_often(parts) is None
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_a_server_that_never_stops_is_told_to_less_and_less_often(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = still_read_as("running")
        for _ in range(24 * 60):
            await parts.timer.act()
            parts.time.goes_on(minutes=1)
        came = await tries(parts)
        assert set(came) == {("failed", "not-reached")}
        assert 20 < len(came) < 40

    with_parts(story)


def test_between_two_tries_that_change_nothing_people_can_move_the_shutdown(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = still_read_as("running")
        for _ in range(3):
            parts.time.goes_on(minutes=1)
            await parts.timer.act()
        at = (await preparation(parts)).shutdown.at
        request = ShutdownRequest(move=ShutdownMove.CANCEL, expected=at)
        server = await parts.shutdown_commands.move(PREPARATION, request, principal=ANA, key="no")
        assert server.shutdown is None

    with_parts(story)


def test_a_server_that_somebody_switched_on_meanwhile_is_switched_off_by_the_next_try(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = still_read_as("running")
        await parts.timer.act()
        parts.time.goes_on(minutes=1)
        await parts.provider.power(STAGING, PREPARATION, Power.START, key="the cloud's console")
        parts.time.goes_on(minutes=2)
        parts.provider.faults = Faults()
        assert await parts.timer.act() is None
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_a_try_of_a_process_that_died_is_gone_on_with(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        parts.provider.faults = still_read_as("running")
        await parts.timer.act()
        successor = ShutdownTimer(
            parts.engine, parts.provider, parts.poller, parts.unit_of_work, parts.activity_log,
            parts.bus, parts.time,
        )  # fmt: skip
        await successor.act()
        assert await tries(parts) == [("running", None)]

    with_parts(story)


def test_a_clock_that_is_put_back_after_a_try_does_not_put_off_the_next(with_parts):
    async def story(parts):
        parts.time.goes_on(days=30)
        parts.provider.faults = Faults(busy_next=1)
        await parts.timer.act()
        parts.time.now -= timedelta(days=29)
        assert await parts.timer.act() is None
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_a_word_that_we_do_not_know_is_neither_off_nor_on(with_parts):
    async def story(parts):
        parts.time.goes_on(hours=4)
        await parts.timer.act()
        parts.time.goes_on(minutes=1)
        parts.provider.faults = still_read_as("deallocated")
        await parts.poller.read(STAGING)
        assert (await preparation(parts)).shutdown is None
        parts.time.goes_on(hours=20)
        await parts.provider.power(STAGING, PREPARATION, Power.START, key="the cloud's console")
        parts.provider.faults = Faults()
        await parts.poller.read(STAGING)
        assert (await preparation(parts)).shutdown.at == parts.time() + timedelta(hours=4)
        assert await tries(parts) == [("done", None)]
        parts.time.goes_on(hours=4)
        assert await parts.timer.act() is None
        assert (await preparation(parts)).status == "stopping"

    with_parts(story)


def test_what_nobody_foresaw_of_one_server_leaves_the_others_their_moment(with_parts):
    async def story(parts):
        await parts.power_commands.switch("prep-payroll-01", Power.START, principal=ANA, key="on")
        broken = parts.provider.power

        async def power(environment, *args, **more):
            if environment == STAGING:
                raise AssertionError("nobody foresaw that")
            await broken(environment, *args, **more)

        parts.provider.power = power
        parts.time.goes_on(hours=12)
        await parts.poller.read_all(["payroll"])
        await parts.timer.act()
        assert (await parts.snapshot("payroll")).servers[0].status == "stopping"
        assert (await preparation(parts)).status == "running"

    with_parts(story)


def test_a_shutdown_that_was_set_by_a_clock_that_was_ahead_is_set_anew(with_parts):
    async def story(parts):
        parts.time.goes_on(days=365)
        await parts.power_commands.switch(PREPARATION, Power.STOP, principal=ANA, key="off")
        parts.time.goes_on(minutes=5)
        await parts.poller.read(STAGING)
        await parts.power_commands.switch(PREPARATION, Power.START, principal=ANA, key="on")
        ahead = (await preparation(parts)).shutdown.at
        parts.time.goes_on(days=-365)
        await parts.timer.act()
        at = (await preparation(parts)).shutdown.at
        assert at == parts.time() + timedelta(hours=4)
        revision = (await parts.snapshot(STAGING)).environment.revision
        await looks_often(parts)
        assert (await parts.snapshot(STAGING)).environment.revision == revision
        entries = (await parts.snapshot(STAGING)).activity
        moves = [it for it in entries if it.kind == "move-shutdown"]
        assert [(it.by, it.reason, it.moved_from, it.moved_to) for it in moves] == [
            (None, "clock-put-back", ahead, at)
        ]

    with_parts(story)


def test_a_clock_that_is_ahead_by_as_much_twice_is_put_right_twice(with_parts):
    async def story(parts):
        begun = parts.time()
        for attempt in range(2):
            key = f"attempt {attempt}"
            parts.time.goes_on(days=365)
            await parts.power_commands.switch(
                PREPARATION, Power.STOP, principal=ANA, key=f"off {key}"
            )
            parts.time.goes_on(minutes=5)
            await parts.poller.read(STAGING)
            await parts.power_commands.switch(
                PREPARATION, Power.START, principal=ANA, key=f"on {key}"
            )
            parts.time.goes_on(minutes=5)
            await parts.poller.read(STAGING)
            parts.time.goes_on(seconds=(begun - parts.time()).total_seconds())
            await parts.timer.act()
            at = (await preparation(parts)).shutdown.at
            assert at - parts.time() == timedelta(hours=4)
        entries = (await parts.snapshot(STAGING)).activity
        moves = [it for it in entries if it.kind == "move-shutdown"]
        assert [it.reason for it in moves] == ["clock-put-back"] * 2
        assert len({it.moved_from for it in moves}) == 1

    with_parts(story)
