"""Which warning falls due when, of which shutdown, and that none is given twice."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.domain.environment import Preparation
from autosky_desktop.domain.reminders import (
    Kind,
    Reminder,
    WarningsGiven,
    Watched,
    due_reminders,
    ended,
    next_check,
    watched,
)
from autosky_desktop.domain.server import ScheduledShutdown
from tests.support.evening import an_environment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTES = (60, 30, 10, 2)


def about_to_stop(stops: float, **more: object) -> Watched:
    """A server that stops so many minutes after noon."""
    it = Watched(
        server="prep",
        name="PREP-01",
        environment="erp",
        at=NOON + timedelta(minutes=stops),
        minutes=MINUTES,
    )
    return msgspec.structs.replace(it, **more)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def told(*looks: tuple[float, Watched]) -> list[tuple[str, int]]:
    """What is said when somebody looks at these minutes after noon, at these servers."""
    memory: dict[str, WarningsGiven] = {}
    said: list[Reminder] = []
    for minute, server in looks:
        new, memory = due_reminders([server], memory, now=at(minute))
        said += new
    return [(it.kind, it.ahead) for it in said]


def test_each_warning_is_given_once_when_its_time_comes() -> None:
    server = about_to_stop(60)
    looks = [(minute / 2, server) for minute in range(130)]
    assert told(*looks) == [("soon", 60), ("soon", 30), ("soon", 10), ("soon", 2)]


def test_after_a_sleep_one_warning_speaks_for_all_it_overtook() -> None:
    assert told((0, about_to_stop(1))) == [("soon", 2)]


def test_an_extended_run_is_warned_of_afresh() -> None:
    extended = about_to_stop(69)
    assert told((0, about_to_stop(9)), (1, extended), (9, extended)) == [("soon", 10), ("soon", 60)]
    assert told((0, about_to_stop(9)), (1, about_to_stop(11))) == [("soon", 10), ("soon", 10)]


def test_of_a_moment_that_has_passed_it_is_said_once_that_nobody_was_told() -> None:
    server = about_to_stop(60)
    assert told((0, server), (61, server), (62, server)) == [("soon", 60), ("missed", 0)]


def test_who_was_told_last_has_missed_nothing() -> None:
    server = about_to_stop(60)
    assert told((59, server), (61, server)) == [("soon", 2)]


def test_a_server_that_a_publication_keeps_on_is_mentioned_once() -> None:
    held = about_to_stop(5, held=True)
    assert told((0, held), (4, held), (6, held)) == [("held", 0)]


def test_a_clock_set_back_repeats_nothing_and_loses_nothing_that_comes_again() -> None:
    server = about_to_stop(60)
    assert told((51, server), (46, server), (51, server)) == [("soon", 10)]
    wrong = told((59, server), (-30, server), (0, server), (30, server), (50, server), (58, server))
    assert wrong == [("soon", 2), ("soon", 60), ("soon", 30), ("soon", 10)]


def test_nobody_who_wants_no_warning_gets_one() -> None:
    silent = about_to_stop(1, minutes=())
    assert told((0, silent), (2, silent)) == []
    assert next_check([silent], now=NOON) is None


def test_the_next_look_is_when_something_falls_due_and_not_before() -> None:
    assert next_check([about_to_stop(61), about_to_stop(45)], now=NOON) == at(1)
    assert next_check([about_to_stop(45)], now=NOON) == at(15)
    assert next_check([about_to_stop(1)], now=NOON) == at(1)
    assert next_check([], now=NOON) is None


def test_an_alarm_stands_while_a_shutdown_does_as_the_clock_may_have_been_wrong() -> None:
    assert next_check([about_to_stop(-1)], now=NOON)


def test_what_ended_while_nobody_looked_is_missed_and_what_was_called_off_is_not() -> None:
    _, memory = due_reminders([about_to_stop(90)], {}, now=NOON)
    missed, after = ended(memory, [], ["erp"], now=at(91))
    assert [it.kind for it in missed] == [Kind.MISSED]
    assert after == {}
    assert ended(memory, [], ["erp"], now=at(30)) == ([], {})
    assert ended(memory, [], [], now=at(91)) == ([], memory), "an environment not heard of yet"


@pytest.mark.parametrize("status", ["stopped", "running", "stopping", "word-of-the-future"])
def test_a_stopped_server_is_not_warned_of(status: str) -> None:
    prep = Preparation(
        id="prep", name="PREP-01", status=status, shutdown=ScheduledShutdown(at=at(5))
    )
    assert bool(watched(an_environment(preparation=prep), MINUTES)) is (status != "stopped")


def test_no_preparation_server_or_no_shutdown_is_nothing_to_warn_of() -> None:
    assert watched(an_environment(), MINUTES) is None
    assert watched(an_environment(preparation=None), MINUTES) is None


looks = st.lists(
    st.tuples(st.floats(-200, 200), st.sampled_from([20.0, 60.0, 61.5, 120.0]), st.booleans()),
    max_size=60,
)


@given(looks)
def test_in_any_order_of_times_and_moves_nothing_is_said_twice_or_at_a_wrong_time(
    steps: list[tuple[float, float, bool]],
) -> None:
    memory: dict[str, WarningsGiven] = {}
    said: set[tuple[str, int]] = set()
    moment: datetime | None = None
    for minute, stops, held in steps:
        server = about_to_stop(stops, held=held)
        if server.at != moment:
            moment, said = server.at, set()
        new, memory = due_reminders([server], memory, now=at(minute))
        assert len(new) <= 1
        for it in new:
            assert (it.kind, it.ahead) not in said
            said.add((it.kind, it.ahead))
            if it.kind == Kind.SOON:
                assert stops - it.ahead <= minute + 1e-6
                assert minute < stops
        assert due_reminders([server], memory, now=at(minute)) == ([], memory)


@given(st.lists(st.floats(-100, 59.9), min_size=1, max_size=30))
def test_after_any_look_the_most_urgent_warning_that_has_passed_was_given_or_spoken_for(
    minutes: list[float],
) -> None:
    memory: dict[str, WarningsGiven] = {}
    server = about_to_stop(60)
    for minute in minutes:
        _, memory = due_reminders([server], memory, now=at(minute))
        if passed := [it for it in MINUTES if 60 - it <= minute]:
            assert min(passed) in memory["erp/prep"].said + memory["erp/prep"].overtaken


def test_two_environments_that_name_one_server_are_each_told_of_once() -> None:
    """Each of its own shutdown: none takes the place of the other's, look after look."""
    one, other = about_to_stop(60), about_to_stop(45, environment="crm")
    memory: dict[str, WarningsGiven] = {}
    said: list[tuple[str, int]] = []
    for minute in range(65):
        new, memory = due_reminders([one, other], memory, now=at(minute))
        said += [(it.of.environment, it.ahead) for it in new]
        gone, memory = ended(memory, [one, other], ["erp", "crm"], now=at(minute))
        assert not gone
    assert [it for it in said if it[0] == "erp"] == [("erp", it) for it in MINUTES]
    assert [it for it in said if it[0] == "crm"] == [("crm", it) for it in MINUTES]


def test_what_was_told_is_known_from_a_version_that_kept_it_by_the_server() -> None:
    _, memory = due_reminders([about_to_stop(60)], {}, now=at(0))
    [it] = memory.values()
    new, after = due_reminders([about_to_stop(60)], {"prep": it}, now=at(1))
    assert (new, after) == ([], memory)
