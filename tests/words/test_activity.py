"""The record in words: nothing is told as done that was only asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.words import activity as words
from autosky_desktop.words.mail import trouble
from autosky_desktop.words.states import StatusKind

NOW = datetime(2026, 11, 24, 18, 33, 11, tzinfo=UTC)
BEFORE, AFTER = NOW.replace(hour=18, minute=0), NOW.replace(hour=19, minute=0)


def entry(kind: str, outcome: str = "done", **more: Any) -> Activity:
    usual: dict[str, Any] = {
        "target": "PREP-ERP-PROD-01", "moved_from": BEFORE, "moved_to": AFTER, "by": "ana",
    }  # fmt: skip
    return Activity(id="1", at=NOW, kind=kind, outcome=outcome, **{**usual, **more})


def clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M")


FROM_TO = f"from {clock(BEFORE)} to {clock(AFTER)}"


@pytest.mark.parametrize(
    ("it", "text"),
    [
        (entry("restart-server", target="WEB-ERP-PROD-01"), "Restart of WEB-ERP-PROD-01 requested"),
        (entry("start-server", "running"), "Start of PREP-ERP-PROD-01 requested"),
        (
            entry("move-shutdown"),
            f"Shutdown of PREP-ERP-PROD-01 moved {FROM_TO}",
        ),
        (
            entry("move-shutdown", "refused"),
            f"Move of the shutdown of PREP-ERP-PROD-01 {FROM_TO} requested",
        ),
        (entry("cancel-shutdown"), f"Shutdown of PREP-ERP-PROD-01 at {clock(BEFORE)} cancelled"),
        (entry("end-sessions", count=3), "3 sessions ended"),
        (entry("end-sessions", "running", count=1), "End of 1 session requested"),
        (
            entry("end-sessions", count=2, account="ana, rui", target="ERP-01"),
            "2 sessions ended: ana, rui on ERP-01",
        ),
        (
            entry("end-sessions", count=5, account="a, b, c, d, e", target="ERP-01, ERP-02"),
            "5 sessions ended: a, b, c and 2 others on ERP-01, ERP-02",
        ),
        (entry("publish", version=42), "Publication of version 42"),
        (
            entry("cancel-publication", version=42),
            f"Publication scheduled for {clock(BEFORE)} cancelled",
        ),
        (
            entry("cancel-publication", "refused", version=42),
            f"Cancellation of the publication scheduled for {clock(BEFORE)} requested",
        ),
        (
            entry("cancel-publication", version=42, moved_from=None),
            "Publication of version 42 stopped",
        ),
        (entry("provider-update", target=""), "Provider update requested"),
        (entry("start-server", target=""), "Start of the preparation server requested"),
        (
            entry("connect", "running", account="ERPPROD\\ana"),
            "Connection to PREP-ERP-PROD-01 as ERPPROD\\ana",
        ),
        (
            entry("connect", account="ana", ended_at=NOW + timedelta(minutes=64)),
            "Connection to PREP-ERP-PROD-01 as ana, 1 h 04 min",
        ),
        (
            entry("connect", account="ana", reason="left", ended_at=NOW + timedelta(days=7)),
            "Connection to PREP-ERP-PROD-01 as ana",
        ),
        (
            entry("defrost", target="FREEZER-1"),
            "Defrost on FREEZER-1, a kind of entry that this version does not know",
        ),
        (entry("defrost", target=""), "Defrost, a kind of entry that this version does not know"),
    ],
)
def test_what_was_asked_for_is_a_sentence(it: Activity, text: str) -> None:
    assert words.what(it) == text


def test_a_shutdown_on_another_day_says_which() -> None:
    told = words.what(entry("move-shutdown", moved_to=NOW + timedelta(days=1)))
    assert "to Wed 25 Nov" in told


@pytest.mark.parametrize("kind", [it for it in ActivityKind if it is not ActivityKind.UNKNOWN])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_kind_has_words_whatever_is_missing(kind: str, outcome: str) -> None:
    bare = Activity(id="1", at=NOW, kind=kind, outcome=outcome)
    assert "{" not in words.what(bare)
    assert "None" not in words.what(bare)
    assert words.kind(kind) != kind
    assert words.by(bare) == "By schedule"


def test_what_came_of_it_is_a_shape_and_a_word() -> None:
    late = NOW + timedelta(seconds=42)
    assert words.result(entry("x", "running"), now=late) == (StatusKind.BUSY, "Running, 42 s")
    lost = words.result(entry("x", "running"), now=late, live=False)
    assert lost == (StatusKind.UNKNOWN, "Not confirmed")
    assert words.result(entry("x"), now=late, live=False) == (StatusKind.OK, "Done")
    assert words.result(entry("x", "refused"), now=late) == (StatusKind.BAD, "Refused")
    assert words.result(entry("x", "melted"), now=late) == (StatusKind.UNKNOWN, "Melted")


def test_why_it_came_to_nothing_is_said_in_our_words_and_the_providers() -> None:
    refused = entry("start-server", "refused", reason="provider-refused", detail="No vCPU is left.")
    told = "Start of PREP-ERP-PROD-01 requested. The provider refused. No vCPU is left."
    assert words.in_full(refused) == told
    odd = entry("start-server", "refused", reason="too-late")
    assert (
        words.in_full(odd)
        == "Start of PREP-ERP-PROD-01 requested. The control plane says: Too late."
    )


@pytest.mark.parametrize(
    ("outcome", "reason", "shape", "word"),
    [
        ("running", None, StatusKind.OK, "Open"),
        ("done", None, StatusKind.OK, "Closed"),
        ("done", "left", StatusKind.IDLE, "Left open"),
        ("failed", "cancelled", StatusKind.IDLE, "Cancelled"),
        ("failed", "wrong-password", StatusKind.BAD, "Failed"),
        ("failed", "from-the-future", StatusKind.BAD, "Failed"),
        ("melted", None, StatusKind.UNKNOWN, "Melted"),
    ],
)
def test_what_came_of_a_connection(
    outcome: str, reason: str | None, shape: StatusKind, word: str
) -> None:
    it = entry("connect", outcome, reason=reason)
    assert words.result(it, now=NOW + timedelta(hours=30)) == (shape, word)
    assert words.outcome_word(it) == word


def test_an_open_connection_does_not_count_the_seconds() -> None:
    assert not words.is_under_way(entry("connect", "running"))
    assert words.is_under_way(entry("restart-server", "running"))
    lost = words.result(entry("connect", "running"), now=NOW, live=False)
    assert lost == (StatusKind.UNKNOWN, "Not confirmed")


@pytest.mark.parametrize("word", sorted(set(ConnectionOutcome) - {"open", "closed"}))
def test_every_end_of_a_connection_has_a_sentence(word: str) -> None:
    why = words.reason(entry("connect", "failed", reason=word))
    assert why.endswith(".")


def test_the_time_has_its_day_when_that_is_not_today() -> None:
    assert words.when(entry("x"), now=NOW) == NOW.astimezone().strftime("%H:%M:%S")
    assert words.when(entry("x"), now=NOW + timedelta(days=2)).startswith("Tue 24 Nov ")


@pytest.mark.parametrize(
    ("outcome", "reason", "detail", "told"),
    [
        ("running", None, "", "Email about version 42"),
        ("done", None, "", "Email about version 42 sent"),
        ("failed", "no-mail", "", "Email about version 42. No mail server was set."),
        (
            "failed", "mail-refused", "rui@erp.example (550 nobody here)",
            "Email about version 42. Not delivered to rui@erp.example (550 nobody here)",
        ),
        (
            "failed", "mail-sign-in", "535 bad",
            (
                "Email about version 42. "
                "The mail server did not accept the account or its password. 535 bad"
            ),
        ),
    ],
)  # fmt: skip
def test_an_email_is_told_in_words(
    outcome: str, reason: str | None, detail: str, told: str
) -> None:
    it = entry("send-mail", outcome, reason=reason, detail=detail, version=42)
    assert words.in_full(it) == told


@pytest.mark.parametrize("word", sorted(set(MailTrouble) - {"unknown"}))
def test_every_trouble_with_email_has_words(word: str) -> None:
    assert "-" not in words.reason(entry("send-mail", "failed", reason=word))
    assert trouble(word, "").endswith((".", "Not delivered to"))


def test_every_kind_can_be_chosen_in_the_filter() -> None:
    assert set(words.KINDS) == set(ActivityKind) - {ActivityKind.UNKNOWN}
    assert set(words.ASKED) == set(words.KINDS)


def test_a_start_is_told_with_the_hours_that_were_chosen() -> None:
    assert words.what(entry("start-server")) == "Start of PREP-ERP-PROD-01 requested"
    assert words.what(entry("start-server", count=1)) == (
        "Start of PREP-ERP-PROD-01 for 1 hour requested"
    )
    assert words.what(entry("start-server", count=6)) == (
        "Start of PREP-ERP-PROD-01 for 6 hours requested"
    )


@pytest.mark.parametrize("kind", ["publish", "retry-publication", "connect"])
def test_what_somebody_stopped_is_cancelled_and_has_not_failed(kind: str) -> None:
    stopped = entry(kind, "failed", reason="cancelled", version=42)
    assert words.result(stopped, now=NOW) == (StatusKind.IDLE, "Cancelled")
    assert words.in_full(stopped).endswith(". It was cancelled.")
    failed = entry(kind, "failed", reason="image-failed", version=42)
    assert words.result(failed, now=NOW) == (StatusKind.BAD, "Failed")


def test_the_last_word_of_what_was_tried_again_is_that_it_is_published() -> None:
    assert words.what(entry("retry-publication", version=42)) == (
        "Version 42 published after its publication was tried again"
    )
    running = entry("retry-publication", "running", version=42)
    assert words.what(running) == "Publication of version 42 tried again"
