"""The result of reading the provider in words: what changed, or why it could not be read."""

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.operation import Differences, Operation, OperationState
from autosky_desktop.domain.problem import Problem
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.language import _, ngettext


def outcome(operation: Operation) -> str:
    """Say what the update changed: 2 statuses, 1 address; Nothing has changed; or why it failed."""
    if OperationState(operation.state) is not OperationState.SUCCEEDED:
        return _failure(operation)
    return changed(operation.differences or Differences())


def changed(differences: Differences) -> str:
    parts = [_count(name, number) for name in PARTS if (number := getattr(differences, name))]
    return ", ".join(parts) or _("Nothing has changed")


PARTS = ("statuses", "addresses", "versions", "sessions", "appeared", "gone")


def _count(name: str, n: int) -> str:
    text = {
        "statuses": ngettext("{n} status", "{n} statuses", n),
        "addresses": ngettext("{n} address", "{n} addresses", n),
        "versions": ngettext("{n} version", "{n} versions", n),
        "sessions": ngettext("sessions of {n} instance", "sessions of {n} instances", n),
        "appeared": ngettext("{n} new", "{n} new", n),
        "gone": ngettext("{n} gone", "{n} gone", n),
    }[name]
    return text.format(n=n)


def _failure(operation: Operation) -> str:
    problem = Problem(
        type="", title=operation.detail, status=0, code=operation.reason or "",
        detail=operation.detail,
    )  # fmt: skip
    return sentence(Refused(problem)) or _("The provider could not be read.")
