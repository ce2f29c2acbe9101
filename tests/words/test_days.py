"""A time that is not today's is said with its day, in errors, checks, menus and reasons."""

from datetime import UTC, datetime, timedelta

import pytest

from autosky_desktop.domain.connecting import ConnectRequest
from autosky_desktop.domain.endpoint import Route
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.publication import Check
from autosky_desktop.domain.reasons import CheckCode
from autosky_desktop.words import checks, connecting_menu, publishing, times
from autosky_desktop.words.errors import sentence
from tests.support.connecting import an_endpoint
from tests.support.evening import ERP, a_publication, a_support_server

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOCK = times.clock(NOON)
DAYS = [
    (NOON + HOUR, CLOCK),
    (NOON + 48 * HOUR, f"Tue 24 Nov {CLOCK}"),
    (None, f"Tue 24 Nov {CLOCK}"),
]


def refused(code: Code, detail: str = "") -> Refused:
    return Refused(
        Problem(
            type="about:blank", title="", status=409, code=code.value, detail=detail, by="ana",
            since=NOON, at=NOON, version=42,
        )
    )  # fmt: skip


@pytest.mark.parametrize(("now", "said"), DAYS)
@pytest.mark.parametrize(
    ("code", "sentence_with"),
    [
        (Code.PUBLICATION_RUNNING, "ana has been publishing version 42 since {time}."),
        (Code.ALREADY_STARTED, "It started at {time} and"),
        (Code.SHUTDOWN_MOVED, "The shutdown was moved to {time} in the meantime."),
        (Code.SHUTDOWN_LIMIT, "allows no shutdown later than {time}."),
    ],
)
def test_a_refusal(code: Code, sentence_with: str, now: datetime | None, said: str) -> None:
    assert sentence_with.format(time=said) in sentence(refused(code), now)


@pytest.mark.parametrize(("now", "said"), DAYS)
def test_a_refusal_for_a_reason_to_wait(now: datetime | None, said: str) -> None:
    error = refused(Code.REASON_TO_WAIT, CheckCode.SCHEDULE_CLASH.value)
    assert f"Another publication is planned for {said}." in sentence(error, now)


@pytest.mark.parametrize(("now", "said"), DAYS)
def test_a_check(now: datetime | None, said: str) -> None:
    found = Check(code=CheckCode.SHUTDOWN_IN_RUN.value, level="warn", at=NOON)
    assert checks.check(found, now=now) == f"Shutdown at {said} falls within this run"


def test_a_check_of_a_time_that_was_typed_goes_by_the_day_of_its_zone() -> None:
    """22:00 UTC on Tuesday is Wednesday in Tokyo, and so is the hour after it."""
    late = NOON + 10 * HOUR
    found = Check(code=CheckCode.DEADLINE_PASSED.value, level="wait", at=late)
    same, next_day = late + HOUR, late + 20 * HOUR
    passed = "The deadline of {} (Asia/Tokyo) has passed"
    assert checks.check(found, "Asia/Tokyo", same) == passed.format("07:00")
    assert checks.check(found, "Asia/Tokyo", next_day) == passed.format("Wed 25 Nov 07:00")
    assert checks.check(found, "Asia/Tokyo") == passed.format("Wed 25 Nov 07:00")
    assert checks.reason_to_wait(found, "Asia/Tokyo", same).startswith(passed.format("07:00"))


@pytest.mark.parametrize(("now", "said"), DAYS)
def test_who_publishes_already(now: datetime | None, said: str) -> None:
    run = a_publication(started_at=NOON, ended_at=None, state="running")
    assert f"since {said}." in publishing.already_running(run, now)


@pytest.mark.parametrize(("now", "said"), [it for it in DAYS if it[0]])
def test_an_open_connection(now: datetime, said: str) -> None:
    server = a_support_server()
    request = ConnectRequest(
        environment=ERP, server=server, endpoint=an_endpoint(server.id), account="ana",
        way=Route.PRIVATE,
    )  # fmt: skip
    assert connecting_menu.close(request, NOON, now).endswith(f"open since {said}")
    assert connecting_menu.is_open(request, NOON, now).endswith(f"open since {said}")
