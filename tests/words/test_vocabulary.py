"""No word of the contract reaches a person as it travels on the wire."""

import importlib
import pkgutil
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from autosky_desktop import domain
from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.change import ChangeKind
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.demo import Fault
from autosky_desktop.domain.endpoint import Protocol, TunnelKind
from autosky_desktop.domain.environment import InstanceState, Label, ProviderTrouble
from autosky_desktop.domain.environment_settings import Capability, CheckState, FieldKind
from autosky_desktop.domain.inbox import News
from autosky_desktop.domain.links import Place
from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.domain.operation import OperationKind, OperationState
from autosky_desktop.domain.people import HolderKind, Role
from autosky_desktop.domain.plan import Model
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import (
    Check,
    PublicationState,
    StepName,
    StepState,
    WaitingFor,
)
from autosky_desktop.domain.reasons import CheckCode, CheckLevel, PowerReason, Reason
from autosky_desktop.domain.reminders import Kind
from autosky_desktop.domain.server import ImageState, ServerRole, ServerState, ShutdownReason
from autosky_desktop.domain.sign_in import PasswordFault, SignInWay
from autosky_desktop.domain.wire import Word
from autosky_desktop.ui.activity.export_button import row
from autosky_desktop.words import (
    activity,
    adding,
    checks,
    demo,
    errors,
    mail,
    publishing,
    reasons,
    reminding,
    states,
)
from tests.support.evening import a_publication
from tests.support.reasons import SKIPPED

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOT_TOLD = {Reason.CALLED_OFF, Reason.GONE_BACK, Reason.CANCELLED}
"""Said by who asked for it: nothing failed."""
WHY = Collection[str]

SAID: Mapping[type[Word], Collection[str]] = {
    ServerState: states.LOOKS,
    ImageState: states.IMAGES,
    PublicationState: states.PUBLICATIONS,
    StepState: states.STEP_STATES,
    StepName: states.STEP_NAMES,
    Label: states.LABELS,
    InstanceState: states.INSTANCES,
    Model: publishing.MODELS,
    Outcome: activity.OUTCOMES,
    ActivityKind: activity.KINDS,
    CheckCode: checks.CHECKS,
    ShutdownReason: reminding.REASONS,
    PowerReason: activity.REASONS,
    Reason: {*reasons.REASONS, *publishing.REASONS, *NOT_TOLD},
    MailTrouble: mail.TROUBLES,
    ProviderTrouble: states.TROUBLES,
    Fault: demo.FAULTS,
    Capability: adding.CAPABILITIES,
    CheckState: adding.CHECK_KINDS,
    ConnectionOutcome: {*activity.REASONS, ConnectionOutcome.OPEN, ConnectionOutcome.CLOSED},
}
"""Where the words for each vocabulary stand."""

ELSEWHERE = {
    WaitingFor, News, Kind, Protocol,  # in whole sentences, with tests of their own
    ChangeKind, Place, OperationKind, OperationState,  # decide, and are never shown
    ServerRole, CheckLevel, FieldKind, TunnelKind, Role, HolderKind,
    SignInWay, PasswordFault,
}  # fmt: skip


def vocabularies() -> set[type[Word]]:
    for module in pkgutil.iter_modules(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
    return set(Word.__subclasses__())


def an_entry(**more: object) -> Activity:
    usual = Activity(id="a", at=NOON, kind="publish", outcome="failed", by="ana")
    return replace(usual, **more)


def test_every_vocabulary_has_its_words_or_a_reason_to_have_none() -> None:
    assert vocabularies() == {*SAID, *ELSEWHERE}


@pytest.mark.parametrize(
    ("vocabulary", "word"),
    [(which, word) for which in SAID for word in which if word != "unknown"],
)
def test_every_word_has_words(vocabulary: type[Word], word: Word) -> None:
    assert word in SAID[vocabulary]


def test_no_check_is_worded_that_nothing_says() -> None:
    assert {*checks.CHECKS, *checks.SOLUTIONS} <= {*CheckCode}


@pytest.mark.parametrize("word", [it for it in ActivityKind if it != "unknown"])
def test_every_kind_of_activity_is_a_sentence(word: ActivityKind) -> None:
    said = activity.what(an_entry(kind=word.value, outcome="done"))
    assert word.value not in said
    assert "does not know" not in said


@pytest.mark.parametrize(
    "code", [*Code, *PowerReason, *MailTrouble, *sorted(set(Reason) - SKIPPED - NOT_TOLD)]
)
def test_every_reason_in_the_record_is_a_sentence_of_ours(code: str) -> None:
    if code == "unknown":
        return
    said = activity.reason(an_entry(reason=str(code)))
    assert said
    assert not said.startswith("The control plane says")


@pytest.mark.parametrize("code", [it for it in CheckCode if it != "unknown"])
def test_a_refusal_says_what_stands_in_the_way(code: CheckCode) -> None:
    problem = errors.Problem(
        type="x", title="no", status=409, code=Code.REASON_TO_WAIT, detail=code, at=NOON, version=41
    )
    said = errors.sentence(errors.Refused(problem))
    assert code.value not in said or "-" not in code
    assert said.endswith("Nothing was changed.")


def test_a_word_from_the_future_is_readable() -> None:
    entry = an_entry(kind="archive-environment", outcome="half-done", reason="solar-flare")
    run = a_publication(state="failed", reason="solar-flare")
    step = replace(run.steps[0], name="warm-up", state="put-off", reason="solar-flare")
    said = [
        *row(entry),
        activity.what(replace(entry, target="ERP-01")),
        publishing.why_failed(run),
        publishing.failure(step),
        publishing.model("blue-green"),
        states.step_name(step.name),
        states.step_state(step.state),
        states.state_word("half-asleep"),
        states.instance_state("half-asleep"),
        checks.check(Check(code="solar-flare", level="warn")),
    ]
    assert not [
        text for text in said if "-" in text.replace("2026-11-24", "").replace("ERP-01", "")
    ]
    assert "The control plane says: Solar flare." in said
