"""What goes on, is tried again or gone back from says what it does to people before it does it."""

from datetime import timedelta
from html import unescape
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.plan import Deadline, Hold, Options, Reconnection
from autosky_desktop.domain.publication import Allowance, Check, Preview, Publication
from autosky_desktop.ui.question import Question
from autosky_desktop.words import run_questions
from autosky_desktop.words.question import Ask
from tests.support.evening import NOW, Evening, a_publication, an_environment, an_evening
from tests.support.keys import press
from tests.support.person import Person
from tests.support.publishing import PREVIEW
from tests.ui.publish.run.test_runs import a_run, tell

ASKED = Reconnection(message="Please reconnect", minutes=10)
LEFT = Allowance(limit=4, used=2, resets_at=NOW + timedelta(days=7))
HURT = replace(PREVIEW, instances=11, sessions_end=33, sessions_stay=0)
ASKING = replace(PREVIEW, instances=11, sessions_asked=33, sessions_stay=0, allowance=LEFT)
KEPT = replace(PREVIEW, instances=11, sessions_asked=33, sessions_stay=33, allowance=LEFT)
REPLACED = {"instances_replaced": 1, "instances_total": 12}


def a_failed_run(**more: Any) -> Publication:
    """That failed as instances were replaced."""
    steps = a_publication("succeeded", "skipped", "succeeded", "succeeded", "failed", "pending")
    broken = [
        replace(it, reason="replacement-failed") if it.state == "failed" else it
        for it in steps.steps
    ]
    return a_run(**{"state": "failed", "steps": broken, "ended_at": NOW, **REPLACED, **more})


def a_held_run(**more: Any) -> Publication:
    usual = {"state": "waiting", "waiting_for": "go-on", "hold": Hold(first=1), **REPLACED}
    return a_run(**{**usual, **more})


def said(ask: Ask) -> str:
    return unescape(" ".join(f"{it.text} {it.explanation}" for it in ask.consequences))


def keep(minutes: int) -> dict[str, Any]:
    at = NOW + timedelta(minutes=minutes)
    return {"model": "keep-users-connected", "deadline": Deadline(at=at, reconnection=ASKED)}


DISCONNECTED = "33 sessions are disconnected</b> batch by batch. Unsaved work is lost and users get"
AT_ONCE = "33 sessions end at once.</b> Unsaved work is lost and users get no warning."
TEN_MINUTES = "33 users are asked to reconnect</b> and disconnected 10 min later."
USES = "Uses 1 of the 2 left."
LATER = (
    "Whoever is left today 19:33 is asked to reconnect and disconnected 10 minutes later; "
    "unsaved work is lost. That uses one of the month's requests."
)
HOW = [
    ({"model": "standard"}, HURT, [DISCONNECTED], "and end 33 sessions", True),
    ({"model": "optimized", "options": Options(terminate_sessions=True)}, HURT, [AT_ONCE],
     "and end 33 sessions", True),
    ({"model": "request-reconnection", "reconnection": ASKED}, ASKING, [TEN_MINUTES, USES],
     "and ask 33 users", False),
    (keep(60), KEPT, [LATER], "", False),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "preview", "told", "button", "hurts"), HOW)
@pytest.mark.parametrize("held", [True, False])
def test_what_is_left_is_told_as_the_whole_was(
    plan: dict[str, Any], preview: Preview, told: list[str], button: str, hurts: bool, held: bool
) -> None:
    run = a_held_run(**plan) if held else a_failed_run(**plan)
    ask = (run_questions.going_on if held else run_questions.retrying)(
        an_environment(), run, preview, NOW
    )
    for sentence in told:
        assert sentence in said(ask)
    assert ask.button == " ".join(filter(None, ("Go on" if held else "Try again", button)))
    assert (ask.hurts, ask.reason) == (hurts, "")
    assert "11 instances are replaced" in said(ask)
    assert "1 of 12 instances has the new version." in said(ask)
    assert ("After 1 instance it waits" in said(ask)) is False


def test_a_request_that_was_counted_is_not_said_to_be_used_again() -> None:
    counted = replace(ASKING, allowance=None)
    run = a_held_run(model="request-reconnection", reconnection=ASKED, asked_at=NOW)
    assert "Uses" not in said(run_questions.going_on(an_environment(), run, counted, NOW))
    late = a_held_run(**keep(60))
    ask = run_questions.going_on(an_environment(), late, replace(KEPT, allowance=None), NOW)
    assert "is asked to reconnect" in said(ask)
    assert "month's requests" not in said(ask)


def test_after_its_deadline_a_hold_says_that_users_are_asked_at_once() -> None:
    ask = run_questions.going_on(an_environment(), a_held_run(**keep(-5)), KEPT, NOW)
    assert TEN_MINUTES in said(ask)
    assert USES in said(ask)
    assert ask.button == "Go on and ask 33 users"


@pytest.mark.parametrize(
    ("waits", "done"),
    [("go-on", False), ("bake", False), ("switch", False), ("sessions", True), (None, True)],
)
def test_a_hold_or_a_switch_has_been_answered_once_it_waits_no_longer(
    waits: str | None, done: bool
) -> None:
    run = replace(a_held_run(), waiting_for=waits)
    assert run_questions.going_on(an_environment(), run, PREVIEW, NOW).done is done


def test_where_nobody_is_left_it_says_so() -> None:
    nobody = replace(PREVIEW, instances=0, sessions_stay=0)
    ask = run_questions.retrying(an_environment(), a_failed_run(model="standard"), nobody, NOW)
    assert "No session is open on what is still to be replaced." in said(ask)
    assert "No instance is left to be replaced." in said(ask)
    assert (ask.button, ask.hurts) == ("Try again", False)


def test_a_hold_that_is_still_to_come_is_told_when_it_is_tried_again() -> None:
    run = a_failed_run(model="standard", hold=Hold(first=2))
    ask = run_questions.retrying(an_environment(), run, HURT, NOW)
    assert "After 2 instances it waits until somebody presses Go on." in said(ask)


@pytest.mark.parametrize("word", [run_questions.retrying, run_questions.going_back])
def test_what_is_in_the_way_is_said_beside_the_button(word: Any) -> None:
    gone = replace(HURT, checks=[Check(code="image-gone", level="wait", version=41)])
    run = a_failed_run(model="standard") if word is run_questions.retrying else a_held_run()
    ask = word(an_environment(), run, gone, NOW)
    assert ask.reason == "The image of version 41 is gone. Publish another version."


async def shows(evening: Evening, me: Person, run: Publication, preview: Preview) -> None:
    await me.opens_tab("Publish")
    evening.plane.shown = preview
    tell(evening, run)


async def types_the_name() -> None:
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "ERP Production")


@pytest.mark.parametrize(
    ("run", "presses", "question", "agrees", "asked"),
    [
        (a_failed_run(model="standard"), "Try again", "Try the publication of version 42 again?",
         "Try again and end 33 sessions", "retry now"),
        (a_held_run(model="standard"), "Go on", "Go on with the publication of version 42?",
         "Go on and end 33 sessions", "go now on"),
        (a_held_run(model="standard"), "Return to version 41", "Return to version 41?",
         "Return and end 33 sessions", "go now back"),
    ],
)  # fmt: skip
async def test_in_production_no_session_ends_before_the_name_is_typed(
    qloop: object, me: Person, run: Publication, presses: str, question: str, agrees: str,
    asked: str,
) -> None:  # fmt: skip
    async with an_evening() as evening:
        await shows(evening, me, run, HURT)
        await me.presses(presses)
        await me.sees(question)
        await me.sees("33 sessions are disconnected</b> batch by batch.")
        await press(Qt.Key.Key_Return)
        assert not me.offers(agrees)
        assert evening.plane.asked == []
        await types_the_name()
        await me.presses(agrees)
        await me.no_longer_sees(question)
        assert evening.plane.asked == [asked]


async def test_the_question_follows_those_who_sign_in_and_out(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await shows(evening, me, a_failed_run(model="standard"), HURT)
        await me.presses("Try again")
        await me.sees("Try again and end 33 sessions")
        assert evening.plane.previews[-1].rest_of == "now"
        evening.plane.shown = replace(HURT, sessions_end=1)
        tell(evening, a_failed_run(model="standard", note="read again"))
        await me.sees("Now: 1 session is disconnected when its turn comes.")
        await me.sees("Try again and end 1 session")


async def test_nothing_is_asked_while_nobody_knows_what_it_would_touch(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await shows(evening, me, a_held_run(model="standard"), HURT)
        evening.plane.preview_error = Offline("gone")
        await me.presses("Go on")
        await me.sees("The control plane does not answer.")
        assert not isinstance(QApplication.activeModalWidget(), Question)
        evening.plane.preview_error = None
        await me.presses("Go on")
        await me.sees("Go on with the publication of version 42?")
        tell(evening, msgspec.structs.replace(a_run(model="standard"), note="somebody else did"))
        await me.sees("It is no longer waiting.")
        assert evening.plane.asked == []
