"""One is one and many are many, in every sentence with a number of people or machines."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import (
    Deadline,
    Hold,
    Model,
    Options,
    Plan,
    PublishRequest,
    Reconnection,
)
from autosky_desktop.domain.publication import Allowance, Check, Publication
from autosky_desktop.words import checks, counts, impact, publishing, reminding, running
from autosky_desktop.words import sessions as instances
from autosky_desktop.words.publish_question import question
from tests.support.evening import a_publication, an_environment
from tests.support.publishing import PREVIEW

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ASKED = Reconnection(message="Please reconnect", minutes=1)
NONE = replace(PREVIEW, sessions_end=0, sessions_asked=0, sessions_stay=0, instances=1)
ERP: Environment = an_environment()


def asked(model: Model, number: int, **options: Any) -> str:
    """Every sentence of the question, and of the form's facts."""
    plan = Plan(model=model, **options)
    request, ends = PublishRequest(expected_version=42, plan=plan), plan.ends_sessions
    preview = replace(
        NONE,
        instances=number,
        sessions_end=number if ends else 0,
        sessions_asked=number if model is Model.RECONNECT else 0,
        sessions_stay=number if not ends and model is not Model.RECONNECT else 0,
        capacity_left=number,
        allowance=Allowance(limit=4, used=4 - number, resets_at=NOW),
    )
    ask = question(ERP, preview, request, "ana", NOW)
    said = [f"{it.text} {it.explanation}" for it in ask.consequences]
    facts = [
        impact.sessions(preview, plan, "UTC", NOW),
        impact.instances(preview, plan),
        impact.capacity(preview) or ("", ""),
    ]
    said += [" ".join(fact) for fact in facts]
    assert preview.allowance
    text = " | ".join([*said, ask.button, impact.uses(preview.allowance)])
    return text.replace("<b>", "").replace("</b>", "")


WRONG = (
    "1 sessions", "1 users", "1 instances", "1 minutes", "1 hours", "1 session are",
    "1 session stay ", "1 session end ", "1 user are", "1 instance are", "1 stay ", "1 end ",
    "1 of the 1", "1 of 1 take ", "2 session ", "2 instance ", "2 user ",
    "2 stays", "2 ends", "2 sessions ends", "2 users is",
)  # fmt: skip
APART = "When it was stopped, instances differed:"
PLANS: list[tuple[Model, dict[str, object]]] = [
    (Model.OPTIMIZED, {}),
    (Model.OPTIMIZED, {"options": Options(terminate_sessions=True)}),
    (Model.STANDARD, {}),
    (Model.KEEP, {}),
    (Model.KEEP, {"deadline": Deadline(at=NOW + timedelta(hours=2), reconnection=ASKED)}),
    (Model.RECONNECT, {"reconnection": ASKED}),
]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(("model", "plan"), PLANS)
def test_what_is_asked_before_publishing(
    model: Model, plan: dict[str, object], number: int
) -> None:
    said = asked(model, number, **plan)
    assert not [wrong for wrong in WRONG if wrong in said], said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 instance already has version 41 and keeps it; the others keep version 40."),
        (2, "2 instances already have version 41 and keep it; the others keep version 40."),
    ],
)
def test_what_stopping_leaves(number: int, said: str) -> None:
    assert running.replaced_so_far(a_publication(instances_replaced=number)) == said


@pytest.mark.parametrize(
    ("state", "new", "total", "said"),
    [
        ("cancelled", 9, 12, f"{APART} 9 were on version 42, 3 on version 41."),
        ("cancelled", 1, 12, f"{APART} 1 was on version 42, 11 on version 41."),
        ("cancelled", 12, 12, "When it was stopped, every instance had version 42 already."),
        ("cancelled", 0, 12, ""),
        ("succeeded", 12, 12, ""),
    ],
)  # fmt: skip
def test_what_was_stopped_says_which_instances_have_which_version(
    state: str, new: int, total: int, said: str
) -> None:
    run = a_publication(
        state=state, version=42, replaces=41, instances_replaced=new, instances_total=total
    )
    assert running.what_failed(run) == said


def test_where_every_instance_is_replaced_none_keeps_the_old_version() -> None:
    done = a_publication(
        "failed", state="failed", version=42, instances_replaced=12, instances_total=12
    )
    every = "Every instance has version 42 already, and keeps it."
    assert running.what_failed(done).endswith(every)
    assert running.replaced_so_far(done) == every


def test_a_hold_after_one() -> None:
    held = a_publication(
        state="waiting", ended_at=None, waiting_for="go-on", hold=Hold(first=1),
        instances_replaced=1, instances_total=12,
    )  # fmt: skip
    assert running.waiting(held, NOW).startswith("1 of 12 instances has the new version.")


def test_where_there_is_one_instance_it_is_not_counted() -> None:
    of_one = {"instances_total": 1, "version": 41, "replaces": 40}
    held = a_publication(
        state="waiting", ended_at=None, waiting_for="go-on", hold=Hold(first=1),
        instances_replaced=1, **of_one,
    )  # fmt: skip
    assert running.waiting(held, NOW).startswith("The only instance has the new version.")
    assert running.replaced_so_far(held) == (
        "The only instance already has version 41 and keeps it."
    )
    failed = a_publication("failed", state="failed", instances_replaced=0, **of_one)
    assert running.what_failed(failed).endswith("The only instance keeps version 40.")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 user was asked to reconnect at"),
        (118, "118 users were asked to reconnect at"),
        (None, "Users were asked to reconnect at"),
    ],
)
def test_who_was_asked_lately(count: int | None, said: str) -> None:
    it = Check(code="asked-recently", level="warn", at=NOW, count=count)
    assert checks.check(it).startswith(said)


def test_one_minute_before() -> None:
    assert reminding.minutes((1,)) == "1 minute before"
    assert reminding.minutes((2,)) == "2 minutes before"


@pytest.mark.parametrize(
    ("said", "one", "many"),
    [
        (publishing.and_ask, "ask 1 user to reconnect…", "ask 2 users to reconnect…"),
        (publishing.tried_again, "tried again once", "tried again 2 times"),
        (counts.minutes_then_go_on, "1 minute, then go on", "2 minutes, then go on"),
        (lambda n: instances.still_on(n, "41"), "1 session is still on", "2 sessions are still on"),
        (lambda n: instances.spoken(3, n, 41), "3 running, 1 session,", "3 running, 2 sessions,"),
        (lambda n: instances.in_one_line(3, n, 41), "<b>1</b> session &", "<b>2</b> sessions &"),
        (
            lambda n: publishing.not_whole(of_two(n)),
            "1 of 2 instances was",
            "2 of 2 instances were",
        ),
    ],
)
def test_what_cards_and_buttons_count(said: Callable[[int], str], one: str, many: str) -> None:
    assert one in said(1)
    assert many in said(2)


@pytest.mark.parametrize("say", [instances.spoken, instances.in_one_line])
def test_where_nothing_is_published_there_is_no_version(say: Callable[..., str]) -> None:
    assert "None" not in say(0, None, None)
    assert "–" in say(0, 5, None)


def of_two(replaced: int) -> Publication:
    return a_publication(instances_replaced=replaced, instances_total=2)


def test_a_number_of_sessions_that_is_not_reported_is_a_dash() -> None:
    assert instances.spoken(3, None, 41) == "Instances: 3 running, – sessions, version 41"


def test_the_impact_in_short_names_who_is_hit_hardest() -> None:
    hit = replace(NONE, instances=2, sessions_end=1, sessions_stay=5)
    assert impact.in_short(hit) == ("<b>2</b> instances", "<b>1</b> session ends")
    asked = replace(hit, instances=1, sessions_asked=2)
    assert impact.in_short(asked) == ("<b>1</b> instance", "<b>2</b> users asked")
    assert impact.in_short(NONE)[1] == "no session open"
    assert impact.in_short(replace(NONE, sessions_stay=3))[1] == "<b>3</b> sessions stay"


def test_instances_that_start_are_told_beside_those_that_are_replaced() -> None:
    plan = Plan()

    def told(number: int, added: int) -> tuple[str, str, str]:
        preview = replace(NONE, instances=number, instances_added=added)
        said = question(ERP, preview, PublishRequest(expected_version=42, plan=plan), "ana", NOW)
        layers = next(it for it in said.consequences if it.icon == "layers")
        return " ".join(impact.instances(preview, plan)), impact.in_short(preview)[0], layers.text

    assert told(0, 0) == ("None running", "<b>0</b> instances", "No instance is running.")
    assert told(0, 1) == ("1 starts", "<b>1</b> instance starts", "1 instance starts.")
    assert told(0, 2) == ("2 start", "<b>2</b> instances start", "2 instances start.")
    assert told(1, 1)[0] == "1 replaced, and 1 more starts"
    assert told(1, 2) == (
        "1 replaced, and 2 more start", "<b>1</b> instance",
        "1 instance is replaced. 2 instances start.",
    )  # fmt: skip
