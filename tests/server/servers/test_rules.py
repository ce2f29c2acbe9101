"""What a start sets, and what a move makes of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import ScheduledShutdown, Server, ShutdownMove, ShutdownRequest
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.servers.rules import (
    ShutdownRules,
    as_read,
    at_start,
    is_started,
    moved,
    set_too_far,
)

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
NINETEEN = datetime(2026, 11, 23, 19, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RUN_TIME = ShutdownRules(run_hours=4, time_zone="UTC")
DAILY = ShutdownRules(run_hours=4, time_zone="UTC", daily_stop="19:00")
SERVER = Server(
    id="prep", name="PREP", role="preparation", status="running", since=MORNING,
    shutdown=ScheduledShutdown(at=MORNING + HOUR),
)  # fmt: skip


def shut_at(moment: datetime, **more) -> Server:
    return msgspec.structs.replace(SERVER, shutdown=ScheduledShutdown(at=moment, **more))


def move(server: Server, move: str, *, to=None, rules=RUN_TIME, now=MORNING, expected=None):
    assert server.shutdown or expected
    expected = expected or server.shutdown.at
    request = ShutdownRequest(move=ShutdownMove(move), expected=expected, to=to)
    return moved(server, request, rules, by="ana", now=now)


def refused(*args, **named) -> Refusal:
    with pytest.raises(Refusal) as caught:
        move(*args, **named)
    return caught.value


def test_a_start_sets_the_run_time_or_the_daily_stop_whichever_comes_first():
    assert at_start(RUN_TIME, MORNING) == ScheduledShutdown(at=MORNING + 4 * HOUR)
    early = at_start(DAILY, MORNING)
    assert (early.at, early.reason, early.skips_to) == (MORNING + 4 * HOUR, "run-time", NINETEEN)
    late = at_start(DAILY, NINETEEN - HOUR)
    assert (late.at, late.reason, late.skips_to) == (NINETEEN, "daily", NINETEEN + DAY)


def test_only_a_start_sets_it():
    stopped = msgspec.structs.replace(SERVER, status="stopped", shutdown=None)
    cancelled = msgspec.structs.replace(SERVER, shutdown=None)
    restarting = msgspec.structs.replace(cancelled, status="restarting")
    support = msgspec.structs.replace(SERVER, role="support")
    assert is_started(stopped, SERVER)
    assert is_started(None, SERVER)
    assert not is_started(cancelled, restarting)
    assert as_read(cancelled, restarting) is None
    assert not is_started(restarting, SERVER)
    assert as_read(restarting, SERVER) is None
    assert not is_started(SERVER, stopped)
    assert as_read(SERVER, stopped) is None
    assert not is_started(None, support)
    assert as_read(None, support) is None


def test_a_start_for_so_many_hours_still_ends_at_a_daily_stop_that_comes_before():
    assert at_start(RUN_TIME, MORNING, 1).at == MORNING + HOUR
    assert at_start(DAILY, MORNING, 9).at == MORNING + 9 * HOUR
    late = at_start(DAILY, MORNING, 11)
    assert (late.at, late.reason) == (NINETEEN, "daily")


RUNS_ON = msgspec.structs.replace(SERVER, shutdown=None)


def set_to(server: Server, to, *, rules=RUN_TIME, expected=None):
    request = ShutdownRequest(move=ShutdownMove.SET, expected=expected, to=to)
    return moved(server, request, rules, by="ana", now=MORNING)


def test_a_server_that_runs_without_a_shutdown_can_have_one_again():
    at = MORNING + 2 * HOUR
    assert set_to(RUNS_ON, at) == ScheduledShutdown(at=at, reason="moved", moved_by="ana")
    assert set_to(RUNS_ON, at, rules=DAILY).skips_to == NINETEEN
    assert set_to(RUNS_ON, MORNING + 30 * HOUR).at == MORNING + 12 * HOUR


@pytest.mark.parametrize("to", [None, MORNING, MORNING - HOUR, datetime(2026, 11, 23, 12)])
def test_it_is_set_to_a_moment_to_come(to):
    with pytest.raises(Refusal) as caught:
        set_to(RUNS_ON, to)
    assert caught.value.code is Code.INVALID_REQUEST


@pytest.mark.parametrize("status", ["stopped", "stopping", "deallocated"])
def test_none_is_set_for_a_server_that_is_not_on(status):
    with pytest.raises(Refusal) as caught:
        set_to(msgspec.structs.replace(RUNS_ON, status=status), MORNING + HOUR)
    assert (caught.value.code, caught.value.state) == (Code.NOT_ALLOWED_NOW, status)


def test_one_that_stands_is_not_set_anew():
    with pytest.raises(Refusal) as caught:
        set_to(SERVER, MORNING + 2 * HOUR)
    assert (caught.value.code, caught.value.at) == (Code.SHUTDOWN_MOVED, MORNING + HOUR)


def test_one_that_was_shown_is_set_to_an_earlier_moment():
    back = set_to(shut_at(NINETEEN + DAY), MORNING + 2 * HOUR, expected=NINETEEN + DAY)
    assert (back.at, back.reason, back.moved_from) == (
        MORNING + 2 * HOUR, "moved", NINETEEN + DAY,
    )  # fmt: skip


def test_a_daily_stop_that_was_skipped_is_had_again_as_it_was():
    skipped = move(shut_at(NINETEEN, reason="daily", skips_to=NINETEEN + DAY), "skip", rules=DAILY)
    assert skipped.at == NINETEEN + DAY
    again = set_to(
        msgspec.structs.replace(SERVER, shutdown=skipped), NINETEEN, rules=DAILY,
        expected=skipped.at,
    )  # fmt: skip
    assert again == ScheduledShutdown(at=NINETEEN, reason="daily", skips_to=NINETEEN + DAY)


def test_no_limit_cuts_short_a_daily_stop_that_is_had_again():
    assert NINETEEN + DAY > MORNING + 12 * HOUR
    assert set_to(RUNS_ON, NINETEEN + DAY, rules=DAILY).at == NINETEEN + DAY
    assert set_to(RUNS_ON, NINETEEN + DAY, rules=RUN_TIME).at == MORNING + 12 * HOUR


def test_none_is_set_for_a_support_server():
    with pytest.raises(Refusal) as caught:
        set_to(msgspec.structs.replace(RUNS_ON, role="support"), MORNING + HOUR)
    assert caught.value.code is Code.NOT_ALLOWED_NOW


def test_an_extension_says_who_moved_it_and_from_when():
    to = MORNING + 2 * HOUR
    assert move(SERVER, "extend", to=to) == ScheduledShutdown(
        at=to, reason="moved", moved_by="ana", moved_from=MORNING + HOUR
    )


def test_an_extension_reaches_at_most_twelve_hours_ahead_and_a_part_is_granted():
    granted = move(SERVER, "extend", to=MORNING + 30 * HOUR)
    assert granted.at == MORNING + 12 * HOUR


@pytest.mark.parametrize("gained", [timedelta(), timedelta(seconds=59), -HOUR])
def test_an_extension_the_limit_makes_worthless_is_refused_with_the_limit(gained):
    latest = MORNING + 12 * HOUR
    refusal = refused(shut_at(latest - gained), "extend", to=MORNING + 14 * HOUR)
    assert (refusal.code, refusal.at) == (Code.SHUTDOWN_LIMIT, latest)


@pytest.mark.parametrize(
    "to",
    [None, MORNING, MORNING + HOUR, (MORNING + 2 * HOUR).replace(tzinfo=None)],
    ids=["none", "now", "the same", "no zone"],
)
def test_an_extension_must_be_later_than_the_present_moment(to):
    assert refused(SERVER, "extend", to=to).code is Code.INVALID_REQUEST


def test_a_move_from_another_moment_than_the_present_one_is_refused_with_it():
    present = shut_at(MORNING + 3 * HOUR, moved_by="bea")
    refusal = refused(present, "cancel", expected=MORNING + HOUR)
    assert (refusal.code, refusal.at, refusal.by) == (
        Code.SHUTDOWN_MOVED, MORNING + 3 * HOUR, "bea",
    )  # fmt: skip


def test_skipping_jumps_to_the_next_daily_stop_and_keeps_the_schedule():
    before = msgspec.structs.replace(SERVER, shutdown=at_start(DAILY, NINETEEN - HOUR))
    after = move(before, "skip", rules=DAILY, now=NINETEEN - HOUR)
    assert (after.at, after.skips_to) == (NINETEEN + DAY, NINETEEN + 2 * DAY)
    assert (after.reason, after.moved_from) == ("moved", NINETEEN)


@pytest.mark.parametrize("late", [timedelta(0), HOUR, 3 * DAY - HOUR])
def test_skipping_what_was_held_for_over_a_day_stops_nothing_at_once(late):
    held = shut_at(NINETEEN, held=True, reason="daily", skips_to=NINETEEN + DAY)
    now = NINETEEN + DAY + late
    after = move(held, "skip", rules=DAILY, now=now)
    assert now < after.at <= now + DAY
    assert (after.at - NINETEEN) % DAY == timedelta(0)
    assert after.skips_to == after.at + DAY


def test_without_a_schedule_there_is_nothing_to_skip():
    assert refused(SERVER, "skip").code is Code.NOT_ALLOWED_NOW


def test_what_is_not_scheduled_cannot_be_moved():
    stopped = msgspec.structs.replace(SERVER, status="stopped", shutdown=None)
    for kind in ("extend", "skip", "cancel"):
        refusal = refused(stopped, kind, expected=MORNING)
        assert (refusal.code, refusal.state) == (Code.NOT_ALLOWED_NOW, "stopped")


@pytest.mark.parametrize("kind", ["extend", "cancel"])
def test_a_held_shutdown_can_be_moved_and_is_held_no_more(kind):
    now = MORNING + 2 * HOUR
    after = move(shut_at(MORNING + HOUR, held=True), kind, to=now + HOUR, now=now)
    assert after is None if kind == "cancel" else (after.at, after.held) == (now + HOUR, False)


@pytest.mark.parametrize(
    ("reason", "rules", "farthest"),
    [
        ("run-time", RUN_TIME, 4 * HOUR),
        ("daily", DAILY, 26 * HOUR),
        ("moved", RUN_TIME, 12 * HOUR),
        ("moved", DAILY, None),
        ("a word from the future", DAILY, None),
    ],
)
def test_only_a_clock_that_was_ahead_sets_it_further_than_its_reason_does(reason, rules, farthest):
    far = MORNING + (farthest or 400 * DAY)
    assert not set_too_far(ScheduledShutdown(at=far, reason=reason), rules, MORNING)
    farther = ScheduledShutdown(at=far + HOUR, reason=reason)
    assert set_too_far(farther, rules, MORNING) is (farthest is not None)
