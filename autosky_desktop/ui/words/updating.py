"""The result of reading the provider in words: what changed, or why it could not be read."""

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.operation import Differences, Operation, OperationState
from autosky_desktop.domain.problem import Problem
from autosky_desktop.ui.words.errors import sentence
from autosky_desktop.ui.words.language import translate


def outcome(operation: Operation) -> str:
    """Say what the update changed: 2 statuses, 1 address; Nothing has changed; or why it failed."""
    if OperationState(operation.state) is not OperationState.SUCCEEDED:
        return _failure(operation)
    return changed(operation.differences or Differences())


def changed(differences: Differences) -> str:
    parts = [_count(name, number) for name in PARTS if (number := getattr(differences, name))]
    return ", ".join(parts) or translate("updating", "Nothing has changed")


PARTS = ("statuses", "addresses", "versions", "sessions", "appeared", "gone")


def _count(name: str, number: int) -> str:
    one, many = {
        "statuses": (translate("updating", "{n} status"), translate("updating", "{n} statuses")),
        "addresses": (translate("updating", "{n} address"), translate("updating", "{n} addresses")),
        "versions": (translate("updating", "{n} version"), translate("updating", "{n} versions")),
        "sessions": (
            translate("updating", "sessions of {n} instance"),
            translate("updating", "sessions of {n} instances"),
        ),
        "appeared": (translate("updating", "{n} new"), translate("updating", "{n} new")),
        "gone": (translate("updating", "{n} gone"), translate("updating", "{n} gone")),
    }[name]
    return (one if number == 1 else many).format(n=number)


def _failure(operation: Operation) -> str:
    problem = Problem(
        type="", title=operation.detail, status=0, code=operation.reason or "",
        detail=operation.detail,
    )  # fmt: skip
    return sentence(Refused(problem)) or translate("updating", "The provider could not be read.")
