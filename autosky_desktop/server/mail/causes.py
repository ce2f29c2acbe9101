"""Explains in a letter why a publication did not succeed."""

from collections.abc import Mapping

from autosky_desktop.domain.publication import Publication, StepName, StepState
from autosky_desktop.domain.reasons import Reason

STEPS: Mapping[str, str] = {
    StepName.VALIDATION: "Initial validation",
    StepName.STOP: "Stopping the preparation server",
    StepName.IMAGE: "Image creation",
    StepName.MODEL: "Model creation",
    StepName.REPLACEMENT: "Instance replacement",
    StepName.FINALIZATION: "Finalization",
}

CAUSES: Mapping[str, str] = {
    Reason.PROVIDER_BUSY: "the provider did not answer, however often it was asked",
    Reason.PROVIDER_REFUSED: "the provider refused",
    Reason.PREPARATION_MOVING: "the preparation server was neither running nor stopped",
    Reason.NO_PREPARATION_SERVER: "there is no preparation server",
    Reason.PREPARATION_DOES_NOT_STOP: "the preparation server did not stop",
    Reason.IMAGE_FAILED: "the image could not be made",
    Reason.IMAGE_GONE: "the image of that version is gone",
    Reason.REPLACEMENT_FAILED: "an instance could not be replaced",
    Reason.INSTANCES_FAILED: "some instances could not be replaced",
    Reason.DEADLINE_PASSED: "its deadline passed before it could start",
    Reason.ALLOWANCE_USED: "no request to reconnect was left this month",
    Reason.MISSED: "the control plane was not running, or its computer was asleep, when its time "
    "came",
    Reason.CALLED_OFF: "it was called off",
    Reason.GONE_BACK: "the previous version was published again instead",
    Reason.CANCELLED: "it was cancelled",
    Reason.INTERRUPTED: "it was interrupted and could not go on",
    Reason.UNEXPECTED: "the control plane ran into an unexpected error",
}


def cause(run: Publication) -> str:
    """Return the cause in our words and the provider's, empty when it came to a good end."""
    failed = next((step for step in run.steps if step.state == StepState.FAILED), None)
    if failed is None:
        return _sentence(_said(run.reason)) if run.reason else ""
    step = STEPS.get(failed.name, failed.name.replace("-", " "))
    why = _said(failed.reason) if failed.reason else "it failed"
    return " ".join(filter(None, (f"{_sentence(step)[:-1]}: {why}.", failed.detail)))


def _said(reason: str) -> str:
    return CAUSES.get(reason, reason.replace("-", " "))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
