"""Why a publication failed is a sentence in the letter, whatever the reason."""

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.mail.causes import CAUSES, STEPS, cause
from tests.support.evening import a_publication
from tests.support.reasons import SKIPPED


def test_every_reason_and_step_has_words():
    assert set(Reason) - SKIPPED - {Reason.UNKNOWN} == set(CAUSES)
    assert {step.name for step in a_publication().steps} == set(STEPS)


@pytest.mark.parametrize(
    ("reason", "detail", "said"),
    [
        ("image-failed", "No space is left.",
         "Image creation: the image could not be made. No space is left."),
        ("solar-flare", None, "Image creation: solar flare."),
    ],
)  # fmt: skip
def test_a_step_that_failed_is_named_with_its_cause(reason, detail, said):
    run = a_publication(state="failed")
    steps = [*run.steps]
    steps[2] = replace(steps[2], state="failed", reason=reason, detail=detail)
    assert cause(replace(run, steps=steps)) == said


def test_one_that_never_began_says_why():
    missed = a_publication(state="failed", reason="missed")
    asleep = "The control plane was not running, or its computer was asleep,"
    assert cause(missed) == f"{asleep} when its time came."
    assert cause(a_publication()) == ""
