"""The errors that an operator can be told, by what can be done about each.

AutoskyError
├── Offline          no answer came back: try again
│   └── AnswerLost   it may have been done all the same: look, or send the same again
├── ProviderSilent   the provider was to be read first: nothing was sent, try again
├── Busy             the answer was: later; try again after `seconds`
├── NotUnderstood    an answer came back that is no answer: try again, then update
├── Refused          the answer was no: `problem.code` says why
│   └── SignedOut    the token is no longer good: sign in
├── AnotherPlane     who answers is not the control plane that this window is of
├── Several          of several requests these failed
├── CannotStart      the control plane on this computer did not start: `reason` says why
├── CannotWrite      a file here could not be written: `reason` says why
└── Unexpected       a defect of ours: the log has the details
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the control plane's process is started before what messages are made of
    from autosky_desktop.domain.problem import Problem


class AutoskyError(Exception):
    """Base of all errors that are told to the operator."""


class Offline(AutoskyError):
    """The control plane was not heard, and nothing was changed."""


class AnswerLost(Offline):
    """A request that changes something was sent and not answered: it may be done or not."""


class ProviderSilent(AutoskyError):
    """The provider, which had to be read first, did not answer: nothing was sent."""


class Busy(AutoskyError):
    """The control plane had too much to do: it did nothing, and says how many seconds to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.0f} s")
        self.seconds = seconds


class NotUnderstood(AutoskyError):
    """The answer could not be read as one of the control plane's."""


class Refused(AutoskyError):
    """The control plane refused the request and said why."""

    def __init__(self, problem: "Problem") -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail}")
        self.problem = problem


class SignedOut(Refused):
    """The control plane does not accept the token, or no longer does."""


class AnotherPlane(AutoskyError):
    """Another control plane answers in place of the one that this window shows."""


class Several(AutoskyError):
    """Some of several requests failed: `causes` are the errors, by the name of what failed."""

    def __init__(self, causes: Mapping[str, Exception]) -> None:
        super().__init__("; ".join(f"{name}: {cause}" for name, cause in causes.items()))
        self.causes = causes


def may_be_done(error: Exception) -> bool:
    """Return whether what was asked for, or some of it, may be done although it failed."""
    if isinstance(error, Several):
        return any(may_be_done(cause) for cause in error.causes.values())
    return isinstance(error, AnswerLost)


class CannotStart(AutoskyError):
    """The embedded control plane ended before it answered. `reason` is a word of `Startup`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class CannotWrite(AutoskyError):
    """A file on this computer could not be written. `reason` is full, refused, gone or unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unexpected(AutoskyError):
    """An error that is a defect in this program."""
