"""An email says why a publication failed in a sentence, and when by the clocks of its zone."""

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.reasons import Reason
from autosky_desktop.words.mail import cause
from tests.support.evening import NOW, a_publication
from tests.support.reasons import SKIPPED

ZONE = "America/Sao_Paulo"


@pytest.mark.parametrize("reason", sorted(set(Reason) - SKIPPED - {Reason.UNKNOWN}))
def test_every_reason_has_words(reason):
    said = cause(a_publication(state="failed", reason=str(reason), steps=[]), ZONE)
    assert said.endswith(".")
    assert "control plane says" not in said


@pytest.mark.parametrize(
    ("reason", "detail", "said"),
    [
        ("image-failed", "No space is left.",
         "Image creation: The image could not be made. No space is left."),
        ("solar-flare", None, "Image creation: The control plane says: Solar flare."),
    ],
)  # fmt: skip
def test_a_step_that_failed_is_named_with_its_cause(reason, detail, said):
    run = a_publication(state="failed")
    steps = [*run.steps]
    steps[2] = replace(steps[2], state="failed", reason=reason, detail=detail)
    assert cause(replace(run, steps=steps), ZONE) == said


def test_one_that_never_began_says_why():
    missed = a_publication(state="failed", reason="missed", scheduled_for=NOW)
    assert cause(missed, ZONE) == (
        "It was missed: the control plane was not running, or its computer was asleep, at 15:33 "
        f"({ZONE}) or when its turn came. Nothing was changed."
    )
    assert cause(a_publication(), ZONE) == ""
