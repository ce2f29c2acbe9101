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
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.publication import Check
from autosky_desktop.domain.reasons import CheckLevel
from autosky_desktop.ui.words import checks
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate
from autosky_desktop.ui.words.states import as_received
from autosky_desktop.ui.words.times import clock, day_and_month

_DEFECT = QT_TRANSLATE_NOOP(
    "error", "That did not work because of a defect in this program. The log says why."
)
_UNFORESEEN = QT_TRANSLATE_NOOP(
    "error", "Something went wrong that should not have. The log says what."
)
_INTERNAL = QT_TRANSLATE_NOOP(
    "error", "The control plane ran into an error. Its log says why. Try again."
)
_ENDED = QT_TRANSLATE_NOOP(
    "error", "The control plane on this computer stopped before it answered. The log says why."
)
TRUST_LOST = QT_TRANSLATE_NOOP(
    "connect", "The list of trusted servers cannot be read or written; the log says why. What "
    "could not be read was set aside."
)  # fmt: skip
UNEXPECTED = QT_TRANSLATE_NOOP("publishing", "The control plane ran into an unexpected error.")
_OF_THE_PLANE = "The log says more."
"""The end of the control plane's own text about a provider's defect."""
_NOT_WRITTEN = QT_TRANSLATE_NOOP("error", "The file could not be written. Choose another place.")


class Log(Enum):
    """The log that a sentence speaks of: the window's or the control plane's."""

    WINDOW = auto()
    PLANE = auto()


_LOGS = {
    ("error", _DEFECT): Log.WINDOW,
    ("error", _UNFORESEEN): Log.WINDOW,
    ("connect", TRUST_LOST): Log.WINDOW,
    ("error", _INTERNAL): Log.PLANE,
    ("error", _ENDED): Log.PLANE,
    ("publishing", UNEXPECTED): Log.PLANE,
    ("error", _OF_THE_PLANE): Log.PLANE,
}
"""The sentences, by their context, on which a log has more."""

CODES: Mapping[str, str] = {
    Code.UNAUTHENTICATED: QT_TRANSLATE_NOOP(
        "error", "The control plane does not accept the sign-in."
    ),
    Code.NOT_FOUND: QT_TRANSLATE_NOOP("error", "It is no longer there. Nothing was changed."),
    Code.NOT_ALLOWED_NOW: QT_TRANSLATE_NOOP(
        "error", "Its state does not allow that now ({state}). Nothing was changed."
    ),
    Code.PUBLICATION_RUNNING: QT_TRANSLATE_NOOP(
        "error", "{by} has been publishing version {version} since {since}. Nothing was changed."
    ),
    Code.VERSION_MOVED: QT_TRANSLATE_NOOP(
        "error", "Another version was published in the meantime. Nothing was changed; look again."
    ),
    Code.REASON_TO_WAIT: QT_TRANSLATE_NOOP(
        "error", "There is a reason to wait: {reason} Nothing was changed."
    ),
    Code.ALLOWANCE_USED: QT_TRANSLATE_NOOP(
        "error",
        "Users cannot be asked to reconnect again before {day}: this month's limit is used up. "
        "Nothing was changed.",
    ),
    Code.ALREADY_STARTED: QT_TRANSLATE_NOOP(
        "error", "It started at {since_or_at} and can no longer be moved. Nothing was changed."
    ),
    Code.ALREADY_ENDED: QT_TRANSLATE_NOOP(
        "error", "It has ended in the meantime. Nothing was changed."
    ),
    Code.TOO_LATE_TO_CANCEL: QT_TRANSLATE_NOOP(
        "error", "It is being finalized and can no longer be stopped. It ends in a moment."
    ),
    Code.NOTHING_TO_RETRY: QT_TRANSLATE_NOOP(
        "error", "There is nothing to try again: none of its steps failed. Nothing was changed."
    ),
    Code.NOT_HELD: QT_TRANSLATE_NOOP(
        "error", "It is no longer waiting for anybody. Nothing was changed; look again."
    ),
    Code.IMAGE_GONE: QT_TRANSLATE_NOOP(
        "error", "The image of that version is gone. Nothing was changed; publish another one."
    ),
    Code.CHANGED_MEANWHILE: QT_TRANSLATE_NOOP(
        "error", "Somebody else changed it in the meantime. Nothing was changed; look again."
    ),
    Code.SHUTDOWN_MOVED: QT_TRANSLATE_NOOP(
        "error", "The shutdown was moved to {at} in the meantime. Nothing was changed; look again."
    ),
    Code.SHUTDOWN_LIMIT: QT_TRANSLATE_NOOP(
        "error",
        "At present the control plane allows no shutdown later than {at}. Nothing was changed.",
    ),
    Code.PROVIDER_REFUSED: QT_TRANSLATE_NOOP(
        "error", "The provider refused: {detail} Nothing was changed."
    ),
    Code.PROVIDER_BUSY: QT_TRANSLATE_NOOP(
        "error", "The provider does not answer now. Try again in a minute."
    ),
    Code.STORAGE_FULL: QT_TRANSLATE_NOOP(
        "error", "The disk with the data folder is full. Nothing was changed. Free some space."
    ),
    Code.STORAGE_READ_ONLY: QT_TRANSLATE_NOOP(
        "error", "The data folder cannot be written. Nothing was changed. Check its permissions."
    ),
    Code.STORAGE_UNAVAILABLE: QT_TRANSLATE_NOOP(
        "error",
        "The control plane cannot use its database just now; another program may hold it. "
        "Try again in a minute.",
    ),
    Code.STORAGE_GONE: QT_TRANSLATE_NOOP(
        "error",
        "The control plane's data folder was moved or deleted while it was running: "
        "nothing can be saved any more. Put it back or quit, and start again.",
    ),
    Code.STORAGE_DAMAGED: QT_TRANSLATE_NOOP(
        "error",
        "The control plane's database is damaged. Quit, move the data folder away and start again.",
    ),
    Code.NOT_SCALING: QT_TRANSLATE_NOOP("error", "Only a scaling environment can be published."),
    Code.INVALID_REQUEST: _DEFECT,
    Code.KEY_MISSING: _DEFECT,
    Code.KEY_REUSED: _DEFECT,
    Code.INTERNAL: _INTERNAL,
}

STARTS: Mapping[str, str] = {
    "storage-full": QT_TRANSLATE_NOOP(
        "error", "The disk with the control plane's data folder is full. Free some space."
    ),
    "storage-read-only": QT_TRANSLATE_NOOP(
        "error",
        "The control plane cannot write its data folder or a database in it. Check who may "
        "write there.",
    ),
    "storage-unavailable": QT_TRANSLATE_NOOP(
        "error",
        "Its database cannot be used just now; another program, such as a backup, may hold it.",
    ),
    "storage-no-file": QT_TRANSLATE_NOOP(
        "error",
        "Where the control plane keeps a database there is something else, such as a folder or a "
        "link that leads nowhere. Move it away.",
    ),
    "storage-newer": QT_TRANSLATE_NOOP(
        "error",
        "The control plane's database was written by a newer version of Autosky Desktop. "
        "Update this one.",
    ),
    "storage-gone": QT_TRANSLATE_NOOP(
        "error",
        "The control plane's database was moved, deleted or emptied. Put it back into the data "
        "folder, or move that folder away to begin again.",
    ),
    "storage-damaged": QT_TRANSLATE_NOOP(
        "error",
        "The control plane's database is damaged. Move the data folder away and start again.",
    ),
    "no-port": QT_TRANSLATE_NOOP(
        "error",
        "The control plane found no free port on this computer. Close other programs and try "
        "again.",
    ),
    "endpoints-refused": QT_TRANSLATE_NOOP(
        "error",
        "The file given with --endpoints cannot be used: {detail}",
    ),
    "folder-held": QT_TRANSLATE_NOOP(
        "error",
        "Another Autosky Desktop holds the control plane's data folder and does not answer. "
        "Close that one.",
    ),
    "folder-refused": QT_TRANSLATE_NOOP(
        "error",
        "The control plane cannot use its data folder. Check that it is a folder of your own.",
    ),
}

WRITES: Mapping[str, str] = {
    "full": QT_TRANSLATE_NOOP(
        "error", "The disk is full. No file was created. Free some space or choose another place."
    ),
    "refused": QT_TRANSLATE_NOOP(
        "error", "You may not write there. No file was created. Choose another place."
    ),
    "gone": QT_TRANSLATE_NOOP(
        "error", "That folder is no longer there. No file was created. Choose another place."
    ),
}


def sentence(error: Exception) -> str:
    """Word any error for a person, an unforeseen one included."""
    if isinstance(error, Refused):
        return _refused(error.problem)
    if isinstance(error, Several):
        return "\n".join(f"{name}: {sentence(cause)}" for name, cause in error.causes.items())
    if isinstance(error, CannotStart):
        known = STARTS.get(error.reason, _ENDED)
        return translate("error", known).format(detail=error.detail)
    if isinstance(error, CannotWrite):
        return translate("error", WRITES.get(error.reason, _NOT_WRITTEN))
    if isinstance(error, AnswerLost):
        return translate(
            "error", "No answer came. It may still be done: look again when the connection is back."
        )
    if isinstance(error, Offline):
        return translate(
            "error", "The control plane does not answer. Try again when it is connected."
        )
    if isinstance(error, ProviderSilent):
        return translate(
            "error", "The provider does not answer. Nothing was asked for. Try again in a minute."
        )
    if isinstance(error, Busy):
        return translate("error", "The control plane is too busy. Try again in {n} s.").format(
            n=round(error.seconds)
        )
    if isinstance(error, NotUnderstood):
        return translate(
            "error", "The control plane's answer could not be read. Try again, or update."
        )
    if isinstance(error, AnotherPlane):
        return translate(
            "error",
            "Another control plane answers than the one this window shows. To work with it, quit "
            "and start Autosky Desktop again.",
        )
    if isinstance(error, AutoskyError):
        return translate("error", _DEFECT)
    return translate("error", _UNFORESEEN)


def log_of(text: str) -> Log | None:
    """Find the log to which the sentence sends a person; None when it names none."""
    return next((log for (of, it), log in _LOGS.items() if translate(of, it) in text), None)


def _refused(problem: Problem) -> str:
    known = CODES.get(problem.code)
    if known is None:
        return problem.detail or problem.title
    return translate("error", known).format(
        state=as_received(problem.state or "").lower(),
        version=problem.version,
        by=problem.by,
        since=clock(problem.since) if problem.since else "",
        at=clock(problem.at) if problem.at else translate("error", "another time"),
        since_or_at=_clock_of(problem.since or problem.at),
        day=day_and_month(problem.at) if problem.at else translate("error", "next month"),
        detail=_as_sentence(problem.detail),
        reason=_reason_to_wait(problem),
    )


def _reason_to_wait(problem: Problem) -> str:
    """Name the check that stands in the way: its code is the problem's detail."""
    return checks.reason_to_wait(
        Check(code=problem.detail, level=CheckLevel.WAIT, at=problem.at, version=problem.version)
    )


def _clock_of(moment: datetime | None) -> str:
    return clock(moment) if moment else translate("error", "its time")


def _as_sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
