"""The activity record in words: what was asked for, by whom, and what came of it.

Only what is done is told as done: a shutdown "moved" was moved, the rest was "requested".
"""

from collections.abc import Mapping
from datetime import datetime

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.reasons import CLOCK, ZONE_RULES, PowerReason, Reason
from autosky_desktop.domain.wire import Word
from autosky_desktop.ui.widgets.status import StatusKind
from autosky_desktop.ui.words import counts, publishing
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate
from autosky_desktop.ui.words.mail import TROUBLES
from autosky_desktop.ui.words.states import Look, as_received, said
from autosky_desktop.ui.words.times import clock, day, duration_in_words, elapsed, moment

KINDS: Mapping[Word, str] = {
    ActivityKind.START: QT_TRANSLATE_NOOP("activity", "Starts"),
    ActivityKind.STOP: QT_TRANSLATE_NOOP("activity", "Stops"),
    ActivityKind.RESTART: QT_TRANSLATE_NOOP("activity", "Restarts"),
    ActivityKind.MOVE_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Moved shutdowns"),
    ActivityKind.SKIP_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Skipped shutdowns"),
    ActivityKind.CANCEL_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Cancelled shutdowns"),
    ActivityKind.SET_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Shutdowns that were set"),
    ActivityKind.HOLD_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Held shutdowns"),
    ActivityKind.SCHEDULED_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Scheduled shutdowns"),
    ActivityKind.PROVIDER_UPDATE: QT_TRANSLATE_NOOP("activity", "Provider updates"),
    ActivityKind.END_SESSIONS: QT_TRANSLATE_NOOP("activity", "Ended sessions"),
    ActivityKind.CONNECT: QT_TRANSLATE_NOOP("activity", "Connections"),
    ActivityKind.PUBLISH: QT_TRANSLATE_NOOP("activity", "Publications"),
    ActivityKind.SCHEDULE: QT_TRANSLATE_NOOP("activity", "Scheduled publications"),
    ActivityKind.MOVE_SCHEDULE: QT_TRANSLATE_NOOP("activity", "Moved publications"),
    ActivityKind.EDIT_SCHEDULE: QT_TRANSLATE_NOOP("activity", "Edited publications"),
    ActivityKind.CANCEL_PUBLICATION: QT_TRANSLATE_NOOP(
        "activity", "Stopped and cancelled publications"
    ),
    ActivityKind.RETRY_PUBLICATION: QT_TRANSLATE_NOOP("activity", "Publications tried again"),
    ActivityKind.GO_ON: QT_TRANSLATE_NOOP("activity", "Publications told to go on"),
    ActivityKind.GO_BACK: QT_TRANSLATE_NOOP("activity", "Returns to the previous version"),
    ActivityKind.SEND_MAIL: QT_TRANSLATE_NOOP("activity", "Emails"),
}
"""The kinds of entry by name, as the filter offers them."""

ASKED: Mapping[Word, str] = {
    ActivityKind.START: QT_TRANSLATE_NOOP("activity", "Start of {server}{hours} requested"),
    ActivityKind.STOP: QT_TRANSLATE_NOOP("activity", "Stop of {server} requested"),
    ActivityKind.RESTART: QT_TRANSLATE_NOOP("activity", "Restart of {server} requested"),
    ActivityKind.MOVE_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Move of the shutdown of {server} from {since} to {to} requested"
    ),
    ActivityKind.SKIP_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Skipping the shutdown of {server} at {since} requested"
    ),
    ActivityKind.CANCEL_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Cancelling the shutdown of {server} at {since} requested"
    ),
    ActivityKind.SET_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Shutdown of {server} at {to} requested"
    ),
    ActivityKind.HOLD_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Shutdown of {server} at {since} held for a publication"
    ),
    ActivityKind.SCHEDULED_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Scheduled shutdown of {server}"
    ),
    ActivityKind.PROVIDER_UPDATE: QT_TRANSLATE_NOOP("activity", "Provider update requested"),
    ActivityKind.END_SESSIONS: QT_TRANSLATE_NOOP("activity", "End of {sessions} requested{whose}"),
    ActivityKind.CONNECT: QT_TRANSLATE_NOOP("activity", "Connection to {server} as {account}"),
    ActivityKind.PUBLISH: QT_TRANSLATE_NOOP("activity", "Publication of version {version}"),
    ActivityKind.SCHEDULE: QT_TRANSLATE_NOOP("activity", "Publication for {to} requested"),
    ActivityKind.MOVE_SCHEDULE: QT_TRANSLATE_NOOP(
        "activity", "Move of the publication of {since} to {to} requested"
    ),
    ActivityKind.EDIT_SCHEDULE: QT_TRANSLATE_NOOP(
        "activity", "Change of the publication of {since} requested"
    ),
    ActivityKind.CANCEL_PUBLICATION: QT_TRANSLATE_NOOP(
        "activity", "Stop of the publication of version {version} requested"
    ),
    ActivityKind.RETRY_PUBLICATION: QT_TRANSLATE_NOOP(
        "activity", "Publication of version {version} tried again"
    ),
    ActivityKind.GO_ON: QT_TRANSLATE_NOOP(
        "activity", "Publication of version {version} told to go on"
    ),
    ActivityKind.GO_BACK: QT_TRANSLATE_NOOP(
        "activity", "Return from version {version} to the previous one requested"
    ),
    ActivityKind.SEND_MAIL: QT_TRANSLATE_NOOP("activity", "Email about version {version}"),
}

DONE: Mapping[Word, str] = {
    ActivityKind.MOVE_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Shutdown of {server} moved from {since} to {to}"
    ),
    ActivityKind.SKIP_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Shutdown of {server} at {since} skipped"
    ),
    ActivityKind.CANCEL_SHUTDOWN: QT_TRANSLATE_NOOP(
        "activity", "Shutdown of {server} at {since} cancelled"
    ),
    ActivityKind.SET_SHUTDOWN: QT_TRANSLATE_NOOP("activity", "Shutdown of {server} set to {to}"),
    ActivityKind.END_SESSIONS: QT_TRANSLATE_NOOP("activity", "{sessions} ended{whose}"),
    ActivityKind.SCHEDULE: QT_TRANSLATE_NOOP("activity", "Publication scheduled for {to}"),
    ActivityKind.MOVE_SCHEDULE: QT_TRANSLATE_NOOP(
        "activity", "Publication moved from {since} to {to}"
    ),
    ActivityKind.EDIT_SCHEDULE: QT_TRANSLATE_NOOP("activity", "Publication of {since} changed"),
    ActivityKind.CANCEL_PUBLICATION: QT_TRANSLATE_NOOP(
        "activity", "Publication of version {version} stopped"
    ),
    ActivityKind.RETRY_PUBLICATION: QT_TRANSLATE_NOOP(
        "activity", "Version {version} published after its publication was tried again"
    ),
    ActivityKind.GO_BACK: QT_TRANSLATE_NOOP(
        "activity", "Publication of version {version} stopped, to return to the previous one"
    ),
    ActivityKind.CONNECT: QT_TRANSLATE_NOOP(
        "activity", "Connection to {server} as {account}, {time}"
    ),
    ActivityKind.SEND_MAIL: QT_TRANSLATE_NOOP("activity", "Email about version {version} sent"),
}
"""The texts of entries that were done, where they differ from what was asked for."""

CALL_OFF = QT_TRANSLATE_NOOP(
    "activity", "Cancellation of the publication scheduled for {since} requested"
)
CALLED_OFF = QT_TRANSLATE_NOOP("activity", "Publication scheduled for {since} cancelled")
"""The text for a publication that had not begun: there was nothing to stop."""

NAMED = 3
"""The number of accounts that a sentence names; of more it tells how many."""

OUTCOMES: Mapping[Word, Look] = {
    Outcome.RUNNING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("activity", "Running")),
    Outcome.DONE: (StatusKind.OK, QT_TRANSLATE_NOOP("activity", "Done")),
    Outcome.FAILED: (StatusKind.BAD, QT_TRANSLATE_NOOP("activity", "Failed")),
    Outcome.REFUSED: (StatusKind.BAD, QT_TRANSLATE_NOOP("activity", "Refused")),
}

CANCELLED: Look = StatusKind.IDLE, QT_TRANSLATE_NOOP("activity", "Cancelled")
"""The look of whatever somebody stopped, as that has not failed."""

CONNECTED: Mapping[tuple[Word, str], Look] = {
    (Outcome.RUNNING, ""): (StatusKind.OK, QT_TRANSLATE_NOOP("activity", "Open")),
    (Outcome.DONE, ""): (StatusKind.OK, QT_TRANSLATE_NOOP("activity", "Closed")),
    (Outcome.DONE, ConnectionOutcome.LEFT): (
        StatusKind.IDLE, QT_TRANSLATE_NOOP("activity", "Left open")
    ),
}  # fmt: skip
"""The looks of connections, by outcome and reason, where these have a word of their own."""

REASONS: Mapping[str, str] = {
    Code.PROVIDER_REFUSED: QT_TRANSLATE_NOOP("activity", "The provider refused."),
    Code.PROVIDER_BUSY: QT_TRANSLATE_NOOP("activity", "The provider did not answer."),
    Code.NOT_ALLOWED_NOW: QT_TRANSLATE_NOOP("activity", "Its state did not allow that."),
    Code.SHUTDOWN_MOVED: QT_TRANSLATE_NOOP("activity", "It had been moved in the meantime."),
    Code.SHUTDOWN_LIMIT: QT_TRANSLATE_NOOP("activity", "No later shutdown was allowed."),
    Code.PUBLICATION_RUNNING: QT_TRANSLATE_NOOP("activity", "Another publication was running."),
    Code.VERSION_MOVED: QT_TRANSLATE_NOOP(
        "activity", "Another version was published in the meantime."
    ),
    Code.REASON_TO_WAIT: QT_TRANSLATE_NOOP("activity", "There was a reason to wait."),
    Code.NOT_FOUND: QT_TRANSLATE_NOOP("activity", "It was no longer there."),
    Code.UNAUTHENTICATED: QT_TRANSLATE_NOOP(
        "activity", "The control plane did not accept the sign-in."
    ),
    Code.INVALID_REQUEST: QT_TRANSLATE_NOOP("activity", "It could not be done as requested."),
    Code.KEY_MISSING: QT_TRANSLATE_NOOP("activity", "It could not be done as requested."),
    Code.KEY_REUSED: QT_TRANSLATE_NOOP("activity", "It could not be done as requested."),
    Code.NOT_SCALING: QT_TRANSLATE_NOOP("activity", "It is not a scaling environment."),
    Code.ALLOWANCE_USED: QT_TRANSLATE_NOOP(
        "activity", "No request to reconnect was left this month."
    ),
    Code.ALREADY_STARTED: QT_TRANSLATE_NOOP("activity", "It had already started."),
    Code.ALREADY_ENDED: QT_TRANSLATE_NOOP("activity", "It had already ended."),
    Code.TOO_LATE_TO_CANCEL: QT_TRANSLATE_NOOP("activity", "It was already being finalized."),
    Code.NOTHING_TO_RETRY: QT_TRANSLATE_NOOP("activity", "None of its steps had failed."),
    Code.NOT_HELD: QT_TRANSLATE_NOOP("activity", "It was not waiting for anybody."),
    Code.IMAGE_GONE: QT_TRANSLATE_NOOP("activity", "The image of that version was gone."),
    Code.CHANGED_MEANWHILE: QT_TRANSLATE_NOOP("activity", "Somebody else had changed it."),
    Code.STORAGE_FULL: QT_TRANSLATE_NOOP("activity", "The disk was full."),
    Code.STORAGE_UNAVAILABLE: QT_TRANSLATE_NOOP(
        "activity", "The control plane's storage could not be used."
    ),
    Code.STORAGE_GONE: QT_TRANSLATE_NOOP("activity", "The data folder was moved or deleted."),
    Code.STORAGE_DAMAGED: QT_TRANSLATE_NOOP("activity", "The control plane's database is damaged."),
    Code.STORAGE_READ_ONLY: QT_TRANSLATE_NOOP("activity", "The data folder could not be written."),
    Code.INTERNAL: QT_TRANSLATE_NOOP("activity", "The control plane ran into an unexpected error."),
    CLOCK: QT_TRANSLATE_NOOP("activity", "It was set by a clock that was ahead."),
    ZONE_RULES: QT_TRANSLATE_NOOP("activity", "The rules of its time zone have changed."),
    PowerReason.SERVER_GONE: QT_TRANSLATE_NOOP("activity", "The server was no longer there."),
    PowerReason.INTERRUPTED: QT_TRANSLATE_NOOP("activity", "It was interrupted."),
    PowerReason.NOT_REACHED: QT_TRANSLATE_NOOP(
        "activity", "Nothing came of it. The provider says:"
    ),
    ConnectionOutcome.LEFT: QT_TRANSLATE_NOOP("activity", "How it ended was not seen."),
    ConnectionOutcome.WRONG_PASSWORD: QT_TRANSLATE_NOOP(
        "activity", "The user or the password was refused."
    ),
    ConnectionOutcome.ACCOUNT_LOCKED: QT_TRANSLATE_NOOP("activity", "The account was locked."),
    ConnectionOutcome.UNREACHABLE: QT_TRANSLATE_NOOP("activity", "The server did not answer."),
    ConnectionOutcome.REFUSED: QT_TRANSLATE_NOOP("activity", "The server refused."),
    ConnectionOutcome.LOST: QT_TRANSLATE_NOOP("activity", "The connection was lost."),
    ConnectionOutcome.UNTRUSTED: QT_TRANSLATE_NOOP(
        "activity", "The server did not prove its identity."
    ),
    ConnectionOutcome.CLIENT_FAILED: QT_TRANSLATE_NOOP("activity", "The client failed."),
    ConnectionOutcome.CANCELLED: QT_TRANSLATE_NOOP("activity", "It was cancelled."),
    ConnectionOutcome.UNKNOWN: QT_TRANSLATE_NOOP("activity", "The reason is not known."),
}


def kind(word: str) -> str:
    """Name a kind of entry as the filter and the table call it."""
    known = KINDS.get(ActivityKind(word))
    return translate("activity", known) if known else as_received(word)


def what(entry: Activity) -> str:
    """Say what was asked for or done: Restart of WEB-ERP-PROD-01 requested. A kind that this
    version does not know is shown as it came.
    """
    word = ActivityKind(entry.kind)
    well = Outcome(entry.outcome) is Outcome.DONE and entry.reason in (None, CLOCK, ZONE_RULES)
    done = DONE.get(word) if well else None
    text = done or ASKED.get(word)
    if word is ActivityKind.CANCEL_PUBLICATION and entry.moved_from:
        text = CALLED_OFF if well else CALL_OFF
    if text is None:
        return _unknown(entry)
    number = translate("activity", "sessions")
    return translate("activity", text).format(
        server=entry.target or translate("activity", "the preparation server"),
        since=_at(entry.moved_from, entry.at),
        to=_at(entry.moved_to, entry.at),
        sessions=number if entry.count is None else counts.sessions(entry.count),
        version="?" if entry.version is None else entry.version,
        account=entry.account or translate("activity", "somebody"),
        whose=_whose(entry),
        hours=_hours(entry),
        time=_length(entry),
    )


def _hours(entry: Activity) -> str:
    """Say how long a started server is to run, where that was chosen; empty otherwise."""
    if entry.count is None or ActivityKind(entry.kind) is not ActivityKind.START:
        return ""
    return translate("activity", " for {hours}").format(hours=counts.hours(entry.count))


def in_full(entry: Activity) -> str:
    """Say what was asked for and, when it came to nothing, why."""
    why = reason(entry)
    return f"{what(entry)}. {why}" if why else what(entry)


def reason(entry: Activity) -> str:
    """Say why the entry came to nothing, in our words and the provider's."""
    word = entry.reason or ""
    known, trouble = REASONS.get(word), TROUBLES.get(MailTrouble(word))
    ours = translate("activity", known) if known else translate("mail", trouble or "")
    if word and not ours:
        ours = publishing.reason(word) or ("" if entry.detail else said(word))
    return " ".join(text for text in (ours, entry.detail) if text)


def by(entry: Activity) -> str:
    return entry.by if entry.by is not None else translate("activity", "By schedule")


def subject(entry: Activity) -> str:
    """Return the server that the entry is about, else the version; empty without either."""
    if entry.target or entry.version is None:
        return entry.target
    return translate("activity", "Version {version}").format(version=entry.version)


def result(entry: Activity, *, now: datetime, live: bool = True) -> Look:
    """Return the outcome with its look. When the line is lost (`live` False), nobody knows the
    outcome of what was under way.
    """
    outcome = Outcome(entry.outcome)
    if outcome is Outcome.RUNNING and not live:
        return StatusKind.UNKNOWN, translate("activity", "Not confirmed")
    shape, text = _look(entry)[0], outcome_word(entry)
    if not is_under_way(entry):
        return shape, text
    time = elapsed(entry.at, now)
    return shape, translate("activity", "{state}, {time}").format(state=text, time=time)


def outcome_word(entry: Activity) -> str:
    known = _look(entry)[1]
    return translate("activity", known) if known else as_received(entry.outcome)


def is_under_way(entry: Activity) -> bool:
    """Tell whether somebody waits for the entry's end: an open connection may last for days."""
    running = Outcome(entry.outcome) is Outcome.RUNNING
    return running and ActivityKind(entry.kind) is not ActivityKind.CONNECT


def when(entry: Activity, *, now: datetime) -> str:
    """Return the time of the entry: 18:32:29 for today, Fri 20 Nov 19:04 for an earlier day."""
    today = entry.at.astimezone().date() == now.astimezone().date()
    return clock(entry.at, seconds=True) if today else moment(entry.at, now=now)


def when_in_short(entry: Activity, *, now: datetime) -> str:
    """Return the time of the entry in short: 18:32:29 for today, Fri 20 Nov for an earlier day."""
    today = entry.at.astimezone().date() == now.astimezone().date()
    return clock(entry.at, seconds=True) if today else day(entry.at, now=now)


def _unknown(entry: Activity) -> str:
    """Describe an entry of a kind that came after this version."""
    text = translate("activity", "{what}, a kind of entry that this version does not know")
    if entry.target:
        text = translate(
            "activity", "{what} on {server}, a kind of entry that this version does not know"
        )
    return text.format(what=as_received(entry.kind), server=entry.target)


def _whose(entry: Activity) -> str:
    """Name the people whose sessions it was about, after a colon: ": ana, rui and 34 others on
    ERP-PROD-01". The column of accounts has all of them.
    """
    names = entry.account.split(", ") if entry.account else []
    if not names:
        return ""
    told = ", ".join(names[:NAMED])
    if (more := len(names) - NAMED) > 0:
        one, many = translate("activity", "1 other"), translate("activity", "{n} others")
        others = (one if more == 1 else many).format(n=more)
        told = translate("activity", "{names} and {others}").format(names=told, others=others)
    return translate("activity", ": {names} on {where}").format(names=told, where=entry.target)


def _look(entry: Activity) -> Look:
    outcome = Outcome(entry.outcome)
    if (outcome, entry.reason) == (Outcome.FAILED, Reason.CANCELLED):
        return CANCELLED
    known = OUTCOMES.get(outcome, (StatusKind.UNKNOWN, ""))
    if ActivityKind(entry.kind) is not ActivityKind.CONNECT:
        return known
    return CONNECTED.get((outcome, entry.reason or ""), known)


def _length(entry: Activity) -> str:
    if entry.ended_at is None:
        return translate("activity", "for an unknown time")
    return duration_in_words((entry.ended_at - entry.at).total_seconds())


def _at(time: datetime | None, then: datetime) -> str:
    """Return the time of a shutdown, with its day when that is another one than the entry's."""
    if time is None:
        return translate("activity", "no shutdown")
    same = time.astimezone().date() == then.astimezone().date()
    return clock(time) if same else moment(time, now=then, inside=True)
