"""Sentences that an administrator reads: states, times, errors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.environment import Publishing
from autosky_desktop.domain.errors import CannotStart, NotUnderstood, Offline, Refused, Unexpected
from autosky_desktop.domain.plan import Deadline, Plan, Reconnection
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.server import Server
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.words import publishing, running, scheduling, states, times
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.states import StatusKind
from tests.support.evening import a_publication, an_environment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_server(status: str, ago: int = 0) -> Server:
    since = NOON - timedelta(seconds=ago)
    return Server(id="db", name="DB", role="support", status=status, since=since)


def test_an_environment_whose_version_only_waits_for_its_time_publishes_nothing_now() -> None:
    run = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOON)
    busy = states.environment_look(an_environment(publishing=run), now=NOON)
    assert busy == (StatusKind.BUSY, "Publishing 5 of 6")
    prepared = an_environment(publishing=replace(run, prepared=True))
    assert states.environment_look(prepared, now=NOON) == (StatusKind.OK, "Prepared")


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        ("running", StatusKind.OK, "Running"),
        ("stopped", StatusKind.IDLE, "Stopped"),
        ("restarting", StatusKind.BUSY, "Restarting, 42 s"),
        ("hibernating", StatusKind.UNKNOWN, "Hibernating"),
        ("", StatusKind.UNKNOWN, ""),
    ],
)
def test_a_state_is_a_word_and_a_shape(status: str, kind: StatusKind, text: str) -> None:
    assert states.server_look(a_server(status, ago=42), now=NOON) == (kind, text)


def test_it_is_said_when_the_deadline_came_and_nobody_could_be_asked() -> None:
    deadline = Deadline(at=NOON, reconnection=Reconnection(message="{version}"))
    run = a_publication(
        state="waiting", ended_at=None, waiting_for="sessions", sessions_left=3,
        deadline=deadline, deadline_refused="allowance-used",
    )  # fmt: skip
    said = running.waiting(run, NOON + timedelta(minutes=5))
    assert said.startswith(
        f"Nobody is asked to reconnect: when the deadline of {times.clock(NOON)} came, "
    )
    assert "3 sessions" in said


def test_a_state_that_is_not_confirmed_any_more_says_so() -> None:
    restarting, unknown = (states.server_was(it, "18:21") for it in ("restarting", "half-awake"))
    assert restarting == (StatusKind.UNKNOWN, "Was restarting, 18:21")
    assert unknown == (StatusKind.UNKNOWN, "Was half awake, 18:21")
    assert states.image_was("creating", "18:21")[1] == "Was being created, 18:21"
    assert states.image_was(None, "18:21")[1] == "Was not reported, 18:21"


@pytest.mark.parametrize(
    ("seconds", "table", "words"),
    [(8, "0:08", "8 s"), (862, "14:22", "14 min 22 s"), (3864, "1:04:24", "1 h 04 min")],
)
def test_durations_in_tables_and_in_words(seconds: int, table: str, words: str) -> None:
    assert times.duration(seconds) == table
    assert times.duration_in_words(seconds) == words


@pytest.mark.parametrize(
    ("here", "said"),
    [("Etc/UTC", "12:00 (UTC)"), ("BRT3", "12:00 (UTC)"), ("Asia/Karachi", "12:00")],
)
def test_a_time_here_has_the_name_of_its_zone_beside_one_of_another(
    monkeypatch: pytest.MonkeyPatch, here: str, said: str
) -> None:
    monkeypatch.setattr(times, "zone", lambda: here)
    monkeypatch.setattr(scheduling, "zone", lambda: here)
    assert scheduling.named_here("12:00", NOON, "") == "12:00"
    assert scheduling.named_here("12:00", NOON, "Asia/Karachi") == said


@pytest.mark.parametrize(
    ("minutes", "text"), [(0.2, "1 min"), (27.9, "27 min"), (222, "3 h 42 min")]
)
def test_a_countdown_has_whole_minutes(minutes: float, text: str) -> None:
    assert times.countdown(NOON + timedelta(minutes=minutes), NOON) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (42, "42 s"), (185, "3 min 05 s"), (3599, "59 min 59 s"), (6006, "1 h 40 min")],
)
def test_the_time_so_far_counts_seconds_for_an_hour(seconds: int, text: str) -> None:
    assert times.elapsed(NOON - timedelta(seconds=seconds), NOON) == text


def test_today_is_said_as_today() -> None:
    assert times.moment(NOON, now=NOON + timedelta(hours=1)).startswith("Today ")
    assert times.moment(NOON - timedelta(days=4), now=NOON).startswith("Fri 20 Nov ")
    assert " 2025 " in times.moment(NOON - timedelta(days=365), now=NOON)


def test_what_was_or_is_on_another_day_has_its_day() -> None:
    begun = a_publication(started_at=NOON, ended_at=None, state="waiting")
    assert running.story(begun, NOON + HOUR).startswith(
        f"Started {times.clock(NOON, seconds=True)}"
    )
    assert running.story(begun, NOON + 48 * HOUR).startswith("Started Tue 24 Nov ")
    until = Deadline(at=NOON, reconnection=Reconnection(message="Please."))
    kept = replace(begun, plan=Plan(model="keep-users-connected", deadline=until))
    for since, day in ((HOUR, ""), (48 * HOUR, "Tue 24 Nov ")):
        told = f"The deadline of {day}{times.clock(NOON)} has passed"
        assert running.at_the_deadline(kept, NOON + since).startswith(told)
        assert running.cannot_retry(kept, NOON + since).startswith(told)
        refused = replace(kept, deadline_refused="allowance-used", waiting_for="sessions")
        came = f"when the deadline of {day}{times.clock(NOON)} came"
        assert came in running.waiting(refused, NOON + since)
    ahead = running.at_the_deadline(kept, NOON - 48 * HOUR)
    assert ahead.startswith(f"Whoever is left at Tue 24 Nov {times.clock(NOON)}, in 48 h 00 min,")
    held = replace(begun, waiting_for="bake", waits_until=NOON)
    assert f"by itself at Tue 24 Nov {times.clock(NOON)}, in " in running.waiting(
        held, NOON - 40 * HOUR
    )


def test_a_publication_that_waits_for_its_database_says_so() -> None:
    said = running.waiting(
        a_publication(state="queued", ended_at=None, waiting_for="storage"), NOON
    )
    assert said.startswith("The control plane cannot use the database that it needs for publish")


def a_problem(code: str, **more: object) -> Refused:
    given: dict[str, Any] = {"type": "about:blank", "title": "Title", "detail": "Detail", **more}
    return Refused(Problem(status=409, code=code, **given))


@pytest.mark.parametrize("code", list(Code))
def test_every_code_of_the_contract_has_a_sentence(code: Code) -> None:
    text = sentence(a_problem(code, by="ana", since=NOON, version=42, state="starting"))
    assert text.endswith(".")
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("role", ["viewer", "operator", "manager", "weatherman"])
def test_the_role_that_is_missing_is_named(role: str) -> None:
    told = sentence(a_problem(Code.FORBIDDEN, role=role))
    assert told == f"That takes the role of {role}. Nothing was changed."


@pytest.mark.parametrize(
    ("managers", "told"),
    [
        (["Ana"], "Ask Ana for it."),
        (["Ana", "Rui"], "Ask Ana or Rui for it."),
        (["Ana", "Rui", "Bea", "Zoe"], "Ask Ana, Rui or Bea for it."),
    ],
)
def test_who_may_give_a_role_is_named(managers: list[str], told: str) -> None:
    said = sentence(a_problem(Code.FORBIDDEN, role="operator", managers=managers))
    assert said.endswith(f" Nothing was changed. {told}")


def test_a_code_from_the_future_is_told_in_the_servers_words() -> None:
    assert sentence(a_problem("weather")) == "Detail"


def test_who_holds_the_environment_is_named() -> None:
    told = sentence(a_problem(Code.PUBLICATION_RUNNING, by="ana", since=NOON, version=42))
    assert told.startswith("ana has been publishing version 42 since ")


@pytest.mark.parametrize(
    "word",
    [
        "folder-refused",
        "folder-held",
        "no-port",
        *(it.word for it in StorageError.__subclasses__()),
    ],
)
def test_every_reason_not_to_start_has_a_sentence_of_its_own(word: str) -> None:
    unknown = sentence(CannotStart("weather"))
    assert sentence(CannotStart(word)) != unknown


@pytest.mark.parametrize("error", [Offline(), NotUnderstood(), Unexpected(), ValueError("x")])
def test_every_other_error_has_a_sentence(error: Exception) -> None:
    assert sentence(error).endswith(".")


@pytest.mark.parametrize(
    ("word", "detail", "told"),
    [
        ("image-failed", "", "The image could not be made."),
        ("image-failed", "No\n  space.", "The image could not be made. No space."),
        ("newer-word", "", "The control plane says: Newer word."),
        ("newer-word", "No space.", "No space."),
        ("", "", ""),
    ],
)
def test_why_a_publication_failed_is_told_in_short(word: str, detail: str, told: str) -> None:
    assert publishing.in_short(word, detail) == told


def test_a_long_reason_is_cut_where_there_is_little_room() -> None:
    told = publishing.in_short("image-failed", "x" * 500)
    assert (len(told), told[:32], told[-2:]) == (160, "The image could not be made. xxx", "x…")
    assert len(publishing.in_short("", "y" * 160)) == 160
    assert publishing.in_short("", "y" * 160).endswith("y")
