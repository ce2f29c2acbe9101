"""The activity record in words: what was asked for, by whom, and what came of it.

Only what is done is told as done: a shutdown "moved" was moved, the rest was "requested".
"""

from collections.abc import Mapping
from datetime import datetime

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.domain.reasons import CLOCK, ZONE_RULES, PowerReason, Reason
from autosky_desktop.domain.wire import Word
from autosky_desktop.words import publishing
from autosky_desktop.words.language import N_, NP_, _, ngettext, pgettext
from autosky_desktop.words.mail import TROUBLES
from autosky_desktop.words.reasons import words_of
from autosky_desktop.words.states import Look, StatusKind, as_received, said
from autosky_desktop.words.times import clock, day, duration_in_words, elapsed, moment

KINDS: Mapping[Word, str] = {
    ActivityKind.START: N_("Starts"),
    ActivityKind.STOP: N_("Stops"),
    ActivityKind.RESTART: N_("Restarts"),
    ActivityKind.MOVE_SHUTDOWN: N_("Moved shutdowns"),
    ActivityKind.SKIP_SHUTDOWN: N_("Skipped shutdowns"),
    ActivityKind.CANCEL_SHUTDOWN: N_("Cancelled shutdowns"),
    ActivityKind.SET_SHUTDOWN: N_("Shutdowns that were set"),
    ActivityKind.HOLD_SHUTDOWN: N_("Held shutdowns"),
    ActivityKind.SCHEDULED_SHUTDOWN: N_("Scheduled shutdowns"),
    ActivityKind.PROVIDER_UPDATE: N_("Provider updates"),
    ActivityKind.END_SESSIONS: N_("Ended sessions"),
    ActivityKind.CONNECT: N_("Connections"),
    ActivityKind.PUBLISH: N_("Publications"),
    ActivityKind.SCHEDULE: N_("Scheduled publications"),
    ActivityKind.MOVE_SCHEDULE: N_("Moved publications"),
    ActivityKind.EDIT_SCHEDULE: N_("Edited publications"),
    ActivityKind.CANCEL_PUBLICATION: N_("Stopped and cancelled publications"),
    ActivityKind.RETRY_PUBLICATION: N_("Publications tried again"),
    ActivityKind.GO_ON: N_("Publications told to go on"),
    ActivityKind.GO_BACK: N_("Returns to the previous version"),
    ActivityKind.SEND_MAIL: N_("Emails"),
    ActivityKind.ADD_ENVIRONMENT: N_("Added environments"),
    ActivityKind.EDIT_ENVIRONMENT: N_("Changed settings"),
    ActivityKind.PAUSE_ENVIRONMENT: N_("Paused environments"),
    ActivityKind.RESUME_ENVIRONMENT: N_("Resumed environments"),
    ActivityKind.REMOVE_ENVIRONMENT: N_("Removed environments"),
}
"""The kinds of entry by name, as the filter offers them."""

ASKED: Mapping[Word, str] = {
    ActivityKind.START: N_("Start of {server} requested"),
    ActivityKind.STOP: N_("Stop of {server} requested"),
    ActivityKind.RESTART: N_("Restart of {server} requested"),
    ActivityKind.MOVE_SHUTDOWN: N_(
        "Move of the shutdown of {server} from {since} to {to} requested"
    ),
    ActivityKind.SKIP_SHUTDOWN: N_("Skipping the shutdown of {server} at {since} requested"),
    ActivityKind.CANCEL_SHUTDOWN: N_("Cancelling the shutdown of {server} at {since} requested"),
    ActivityKind.SET_SHUTDOWN: N_("Shutdown of {server} at {to} requested"),
    ActivityKind.HOLD_SHUTDOWN: N_("Shutdown of {server} at {since} held for a publication"),
    ActivityKind.SCHEDULED_SHUTDOWN: N_("Scheduled shutdown of {server}"),
    ActivityKind.PROVIDER_UPDATE: N_("Provider update requested"),
    ActivityKind.END_SESSIONS: N_("End of sessions requested"),
    ActivityKind.CONNECT: N_("Connection to {server} as {account}"),
    ActivityKind.PUBLISH: N_("Publication of version {version}"),
    ActivityKind.SCHEDULE: N_("Publication for {to} requested"),
    ActivityKind.MOVE_SCHEDULE: N_("Move of the publication of {since} to {to} requested"),
    ActivityKind.EDIT_SCHEDULE: N_("Change of the publication of {since} requested"),
    ActivityKind.CANCEL_PUBLICATION: N_("Stop of the publication of version {version} requested"),
    ActivityKind.RETRY_PUBLICATION: N_("Publication of version {version} tried again"),
    ActivityKind.GO_ON: N_("Publication of version {version} told to go on"),
    ActivityKind.GO_BACK: N_("Return from version {version} to the previous one requested"),
    ActivityKind.SEND_MAIL: N_("Email about version {version}"),
    ActivityKind.ADD_ENVIRONMENT: N_("Addition of the environment {server} requested"),
    ActivityKind.EDIT_ENVIRONMENT: N_("Change of the settings of {server} requested"),
    ActivityKind.PAUSE_ENVIRONMENT: N_("Pause of the environment {server} requested"),
    ActivityKind.RESUME_ENVIRONMENT: N_("Resumption of the environment {server} requested"),
    ActivityKind.REMOVE_ENVIRONMENT: N_("Removal of the environment {server} requested"),
}

DONE: Mapping[Word, str] = {
    ActivityKind.MOVE_SHUTDOWN: N_("Shutdown of {server} moved from {since} to {to}"),
    ActivityKind.SKIP_SHUTDOWN: N_("Shutdown of {server} at {since} skipped"),
    ActivityKind.CANCEL_SHUTDOWN: N_("Shutdown of {server} at {since} cancelled"),
    ActivityKind.SET_SHUTDOWN: N_("Shutdown of {server} set to {to}"),
    ActivityKind.END_SESSIONS: N_("Sessions ended"),
    ActivityKind.SCHEDULE: N_("Publication scheduled for {to}"),
    ActivityKind.MOVE_SCHEDULE: N_("Publication moved from {since} to {to}"),
    ActivityKind.EDIT_SCHEDULE: N_("Publication of {since} changed"),
    ActivityKind.CANCEL_PUBLICATION: N_("Publication of version {version} stopped"),
    ActivityKind.RETRY_PUBLICATION: N_(
        "Version {version} published after its publication was tried again"
    ),
    ActivityKind.GO_BACK: N_(
        "Publication of version {version} stopped, to return to the previous one"
    ),
    ActivityKind.CONNECT: N_("Connection to {server} as {account}, {time}"),
    ActivityKind.SEND_MAIL: N_("Email about version {version} sent"),
    ActivityKind.ADD_ENVIRONMENT: N_("Environment {server} added"),
    ActivityKind.EDIT_ENVIRONMENT: N_("Settings of {server} changed"),
    ActivityKind.PAUSE_ENVIRONMENT: N_("Environment {server} paused"),
    ActivityKind.RESUME_ENVIRONMENT: N_("Environment {server} resumed"),
    ActivityKind.REMOVE_ENVIRONMENT: N_("Environment {server} removed"),
}
"""The texts of entries that were done, where they differ from what was asked for."""

CALL_OFF = N_("Cancellation of the publication scheduled for {since} requested")
CALLED_OFF = N_("Publication scheduled for {since} cancelled")
"""The text for a publication that had not begun: there was nothing to stop."""

NAMED = 3
"""The number of accounts that a sentence names; of more it tells how many."""

OUTCOMES: Mapping[Word, Look] = {
    Outcome.RUNNING: (StatusKind.BUSY, NP_("activity", "Running")),
    Outcome.DONE: (StatusKind.OK, NP_("activity", "Done")),
    Outcome.FAILED: (StatusKind.BAD, NP_("activity", "Failed")),
    Outcome.REFUSED: (StatusKind.BAD, NP_("activity", "Refused")),
}

CANCELLED: Look = StatusKind.IDLE, NP_("activity", "Cancelled")
"""The look of whatever somebody stopped, as that has not failed."""

CONNECTED: Mapping[tuple[Word, str], Look] = {
    (Outcome.RUNNING, ""): (StatusKind.OK, NP_("activity", "Open")),
    (Outcome.DONE, ""): (StatusKind.OK, NP_("activity", "Closed")),
    (Outcome.DONE, ConnectionOutcome.LEFT): (
        StatusKind.IDLE, NP_("activity", "Left open")
    ),
}  # fmt: skip
"""The looks of connections, by outcome and reason, where these have a word of their own."""

REASONS: Mapping[str, str] = {
    CLOCK: N_("It was set by a clock that was ahead."),
    ZONE_RULES: N_("The rules of its time zone have changed."),
    PowerReason.SERVER_GONE: N_("The server was no longer there."),
    PowerReason.INTERRUPTED: N_("It was interrupted."),
    PowerReason.NOT_REACHED: N_("Nothing came of it. The provider says:"),
    ConnectionOutcome.LEFT: N_("How it ended was not seen."),
    ConnectionOutcome.WRONG_PASSWORD: N_("The user or the password was refused."),
    ConnectionOutcome.ACCOUNT_LOCKED: N_("The account was locked."),
    ConnectionOutcome.UNREACHABLE: N_("The server did not answer."),
    ConnectionOutcome.REFUSED: N_("The server refused."),
    ConnectionOutcome.LOST: N_("The connection was lost."),
    ConnectionOutcome.UNTRUSTED: N_("The server did not prove its identity."),
    ConnectionOutcome.CLIENT_FAILED: N_("The client failed."),
    ConnectionOutcome.CANCELLED: N_("It was cancelled."),
    ConnectionOutcome.UNKNOWN: N_("The reason is not known."),
}
"""The reasons that the record alone tells."""


def kind(word: str) -> str:
    """Name a kind of entry as the filter and the table call it."""
    known = KINDS.get(ActivityKind(word))
    return _(known) if known else as_received(word)


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
    return (_counted(entry, done=well) or _(text)).format(
        server=entry.target or _("the preparation server"),
        since=_at(entry.moved_from, entry.at),
        to=_at(entry.moved_to, entry.at),
        n=entry.count,
        version="?" if entry.version is None else entry.version,
        account=entry.account or _("somebody"),
        whose=_whose(entry),
        time=_length(entry),
    )


def _counted(entry: Activity, *, done: bool) -> str:
    """Word an entry that has a number: hours to run, or sessions; empty for another one."""
    n, word = entry.count, ActivityKind(entry.kind)
    if n is None:
        return ""
    if word is ActivityKind.START:
        return ngettext(
            "Start of {server} for {n} hour requested",
            "Start of {server} for {n} hours requested",
            n,
        )
    if word is not ActivityKind.END_SESSIONS:
        return ""
    if done and entry.account:
        return ngettext(
            "{n} session ended: {whose} on {server}", "{n} sessions ended: {whose} on {server}", n
        )
    if done:
        return ngettext("{n} session ended", "{n} sessions ended", n)
    if entry.account:
        return ngettext(
            "End of {n} session requested: {whose} on {server}",
            "End of {n} sessions requested: {whose} on {server}",
            n,
        )
    return ngettext("End of {n} session requested", "End of {n} sessions requested", n)


def in_full(entry: Activity) -> str:
    """Say what was asked for and, when it came to nothing, why."""
    why = reason(entry)
    return f"{what(entry)}. {why}" if why else what(entry)


def reason(entry: Activity) -> str:
    """Say why the entry came to nothing, in our words and the provider's."""
    word = entry.reason or ""
    known = REASONS.get(word) or words_of(word).record or TROUBLES.get(MailTrouble(word))
    ours = _(known) if known else ""
    if word and not ours:
        ours = publishing.reason(word) or ("" if entry.detail else said(word))
    return " ".join(text for text in (ours, entry.detail) if text)


def by(entry: Activity) -> str:
    return entry.by if entry.by is not None else _("By schedule")


def subject(entry: Activity) -> str:
    """Return the server that the entry is about, else the version; empty without either."""
    if entry.target or entry.version is None:
        return entry.target
    return _("Version {version}").format(version=entry.version)


def result(entry: Activity, *, now: datetime, live: bool = True) -> Look:
    """Return the outcome with its look. When the line is lost (`live` False), nobody knows the
    outcome of what was under way.
    """
    outcome = Outcome(entry.outcome)
    if outcome is Outcome.RUNNING and not live:
        return StatusKind.UNKNOWN, _("Not confirmed")
    shape, text = _look(entry)[0], outcome_word(entry)
    if not is_under_way(entry):
        return shape, text
    time = elapsed(entry.at, now)
    return shape, _("{state}, {time}").format(state=text, time=time)


def outcome_word(entry: Activity) -> str:
    known = _look(entry)[1]
    return pgettext("activity", known) if known else as_received(entry.outcome)


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
    text = _("{what}, a kind of entry that this version does not know")
    if entry.target:
        text = _("{what} on {server}, a kind of entry that this version does not know")
    return text.format(what=as_received(entry.kind), server=entry.target)


def _whose(entry: Activity) -> str:
    """Name the people whose sessions it was about: ana, rui and 34 others. The column of accounts
    has all of them.
    """
    names = entry.account.split(", ")
    told = ", ".join(names[:NAMED])
    if (more := len(names) - NAMED) <= 0:
        return told
    text = ngettext("{names} and {n} other", "{names} and {n} others", more)
    return text.format(names=told, n=more)


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
        return _("for an unknown time")
    return duration_in_words((entry.ended_at - entry.at).total_seconds())


def _at(time: datetime | None, then: datetime) -> str:
    """Return the time of a shutdown, with its day when that is another one than the entry's."""
    if time is None:
        return _("no shutdown")
    same = time.astimezone().date() == then.astimezone().date()
    return clock(time) if same else moment(time, now=then, inside=True)
