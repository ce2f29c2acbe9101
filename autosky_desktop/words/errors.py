"""Errors as a person reads them: what did not happen, why, and what to do. The log has the rest."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto

from autosky_desktop.domain.errors import (
    AnotherPlane,
    AnswerLost,
    AutoskyError,
    Busy,
    CannotStart,
    CannotWrite,
    NotUnderstood,
    Offline,
    ProviderSilent,
    Refused,
    Several,
)
from autosky_desktop.domain.problem import Problem
from autosky_desktop.domain.publication import Check
from autosky_desktop.domain.reasons import CheckLevel
from autosky_desktop.words import checks, provider
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.people import role_name, whom_to_ask
from autosky_desktop.words.reasons import DEFECT, INTERNAL, UNEXPECTED, words_of
from autosky_desktop.words.states import state_inside
from autosky_desktop.words.times import clock_or_moment, day_and_month

_UNFORESEEN = N_("Something went wrong that should not have. The log says what.")
_ENDED = N_("The control plane on this computer stopped before it answered. The log says why.")
TRUST_LOST = N_(
    "The list of trusted servers cannot be read or written; the log says why. What "
    "could not be read was set aside."
)  # fmt: skip
_NOT_WRITTEN = N_("The file could not be written. Choose another place.")


class Log(Enum):
    """The log that a sentence speaks of: the window's or the control plane's."""

    WINDOW = auto()
    PLANE = auto()


_LOGS = {
    DEFECT: Log.WINDOW,
    _UNFORESEEN: Log.WINDOW,
    TRUST_LOST: Log.WINDOW,
    INTERNAL: Log.PLANE,
    _ENDED: Log.PLANE,
    UNEXPECTED: Log.PLANE,
    provider.UNFORESEEN: Log.PLANE,
    provider.NOT_KEPT: Log.PLANE,
}
"""The sentences on which a log has more."""


STARTS: Mapping[str, str] = {
    "storage-full": N_("The disk with the control plane's data folder is full. Free some space."),
    "storage-read-only": N_(
        "The control plane cannot write its data folder or a database in it. Check who may "
        "write there.",
    ),
    "storage-unavailable": N_(
        "Its database cannot be used just now; another program, such as a backup, may hold it.",
    ),
    "storage-no-file": N_(
        "Where the control plane keeps a database there is something else, such as a folder or a "
        "link that leads nowhere. Move it away.",
    ),
    "storage-newer": N_(
        "The control plane's database was written by a newer version of Autosky Desktop. "
        "Update this one.",
    ),
    "storage-gone": N_(
        "The control plane's database was moved, deleted or emptied. Put it back into the data "
        "folder, or start afresh.",
    ),
    "storage-damaged": N_(
        "The control plane's database is damaged. Put back a copy of the data folder, or start "
        "afresh.",
    ),
    "no-port": N_(
        "The control plane found no free port on this computer. Close other programs and try "
        "again.",
    ),
    "endpoints-refused": N_(
        "The file given with --endpoints cannot be used: {detail}",
    ),
    "folder-held": N_(
        "Another Autosky Desktop holds the control plane's data folder and does not answer. "
        "Close that one.",
    ),
    "folder-refused": N_(
        "The control plane cannot use its data folder. Check that it is a folder of your own.",
    ),
}

_AFRESH = ("storage-damaged", "storage-gone", "storage-no-file")
"""The words of `STARTS` for a data folder that will not mend by itself."""

WRITES: Mapping[str, str] = {
    "full": N_("The disk is full. No file was created. Free some space or choose another place."),
    "refused": N_("You may not write there. No file was created. Choose another place."),
    "gone": N_("That folder is no longer there. No file was created. Choose another place."),
}


def sentence(error: Exception, now: datetime | None = None) -> str:
    """Word any error for a person, an unforeseen one included. Times in it have their day, unless
    that is the one of `now`.
    """
    if isinstance(error, Refused):
        return _refused(error.problem, now)
    if isinstance(error, Several):
        return "\n".join(f"{name}: {sentence(cause, now)}" for name, cause in error.causes.items())
    if isinstance(error, CannotStart):
        known = STARTS.get(error.reason, _ENDED)
        return _(known).format(detail=error.detail)
    if isinstance(error, CannotWrite):
        return _(WRITES.get(error.reason, _NOT_WRITTEN))
    if isinstance(error, AnswerLost):
        return _("No answer came. It may still be done: look again when the connection is back.")
    if isinstance(error, Offline):
        return _("The control plane does not answer. Try again when it is connected.")
    if isinstance(error, ProviderSilent):
        return _("The provider does not answer. Nothing was asked for. Try again in a minute.")
    if isinstance(error, Busy):
        return _("The control plane is too busy. Try again in {n} s.").format(
            n=round(error.seconds)
        )
    if isinstance(error, NotUnderstood):
        return _("The control plane's answer could not be read. Try again, or update.")
    if isinstance(error, AnotherPlane):
        return _(
            "Another control plane answers than the one this window shows. To work with it, quit "
            "and start Autosky Desktop again.",
        )
    if isinstance(error, AutoskyError):
        return _(DEFECT)
    return _(_UNFORESEEN)


def begins_afresh(error: Exception | None) -> bool:
    """Return whether the control plane could start with an empty data folder, and not with its
    own.
    """
    return isinstance(error, CannotStart) and error.reason in _AFRESH


def log_of(text: str) -> Log | None:
    """Find the log to which the sentence sends a person; None when it names none."""
    return next((log for it, log in _LOGS.items() if _(it) in text), None)


def _refused(problem: Problem, now: datetime | None) -> str:
    known = words_of(problem.code).answer
    if not known:
        return problem.detail or problem.title
    return _(known).format(
        state=state_inside(problem.state or ""),
        version=problem.version,
        by=problem.by,
        role=role_name(problem.role),
        ask=whom_to_ask(problem.managers),
        since=clock_or_moment(problem.since, now=now) if problem.since else "",
        at=clock_or_moment(problem.at, now=now) if problem.at else _("another time"),
        since_or_at=_clock_of(problem.since or problem.at, now),
        day=day_and_month(problem.at) if problem.at else _("next month"),
        detail=_as_sentence(problem.detail),
        reason=_reason_to_wait(problem, now),
    )


def _reason_to_wait(problem: Problem, now: datetime | None) -> str:
    """Name the check that stands in the way: its code is the problem's detail."""
    return checks.reason_to_wait(
        Check(code=problem.detail, level=CheckLevel.WAIT, at=problem.at, version=problem.version),
        now=now,
    )


def _clock_of(moment: datetime | None, now: datetime | None) -> str:
    return clock_or_moment(moment, now=now) if moment else _("its time")


def _as_sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
