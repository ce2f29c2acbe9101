"""The emails in words: how a publication ended, a test that emails arrive, and why one failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from autosky_desktop.domain.mail import MailTrouble
from autosky_desktop.domain.publication import Publication, PublicationState, StepState
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.domain.wire import Word
from autosky_desktop.words import publishing, states
from autosky_desktop.words.language import N_, NP_, _, pgettext
from autosky_desktop.words.reasons import words_of
from autosky_desktop.words.scheduling import clock_named, in_zone
from autosky_desktop.words.times import at_clock, date_in_short, duration_in_words

TROUBLES: Mapping[Word, str] = {
    MailTrouble.NO_SERVER: N_("No mail server was set."),
    MailTrouble.UNREACHABLE: N_("The mail server did not answer."),
    MailTrouble.NO_ENCRYPTION: N_("The connection to the mail server could not be encrypted."),
    MailTrouble.CERTIFICATE: N_("This computer does not trust the certificate of the mail server."),
    MailTrouble.SIGN_IN: N_("The mail server did not accept the account or its password."),
    MailTrouble.SENDER: N_("The mail server did not accept the sender."),
    MailTrouble.RECIPIENTS: N_("Not delivered to"),
    MailTrouble.FAILED: N_("The mail server did not accept the email."),
}
"""The reasons. Addresses follow `mail-refused`; the mail server's words follow the others."""

REMEDIES: Mapping[Word, str] = {
    MailTrouble.UNREACHABLE: N_("Check its name, its port and the encryption."),
    MailTrouble.NO_ENCRYPTION: N_("Check the port: STARTTLS is usual at 587, TLS at 465."),
    MailTrouble.CERTIFICATE: N_(
        "Use the server name that the certificate is for, or have your system trust whoever "
        "issued it.",
    ),
    MailTrouble.SIGN_IN: N_(
        "Many providers want an app password here instead of the one you sign in with."
    ),
    MailTrouble.SENDER: N_("Most servers only accept the address of the account itself."),
}
SUBJECTS: Mapping[Word, str] = {
    PublicationState.SUCCEEDED: N_("{environment}: version {version} published"),
    PublicationState.FAILED: N_("{environment}: version {version} not published"),
    PublicationState.CANCELLED: N_("{environment}: version {version} cancelled"),
}

RESULTS: Mapping[Word, str] = {
    PublicationState.SUCCEEDED: NP_("result", "published"),
    PublicationState.FAILED: NP_("result", "not published"),
    PublicationState.CANCELLED: NP_("result", "cancelled"),
}

ASKED_FOR: Mapping[str, str] = {
    Reason.CALLED_OFF: N_("It was called off."),
    Reason.GONE_BACK: N_("The previous version was published again instead."),
    Reason.CANCELLED: N_("It was cancelled."),
}
"""The causes that somebody asked for: the window says who, beside them."""


def trouble(code: str, detail: str) -> str:
    """Say why an email did not leave, with what the mail server said, and what can be done."""
    word = MailTrouble(code)
    known = TROUBLES.get(word, TROUBLES[MailTrouble.FAILED])
    first = _(known)
    if detail:
        end = "" if detail.endswith((".", "!", "?")) else "."
        first = f"{first} {detail}{end}"
    remedy = REMEDIES.get(word)
    return f"{first} {_(remedy)}" if remedy else first


def subject(run: Publication, environment: str) -> str:
    """Word the subject of the email about a publication: ERP Production: version 42 published."""
    known = SUBJECTS.get(PublicationState(run.state))
    text = _(known) if known else _("{environment}: version {version} ended")
    return text.format(environment=environment, version=run.version)


def facts(run: Publication, environment: str, time_zone: str) -> Sequence[tuple[str, str]]:
    """List what the email tells of a publication that ended, each fact after its name; a fact that
    is empty is not known. Moments are in `time_zone`, and named after it.
    """
    return (
        (_("Environment"), environment),
        (_("Version"), _version(run)),
        (_("Model"), publishing.model(run.plan.model)),
        (_("Result"), _result(run)),
        (_("Cause"), cause(run, time_zone)),
        (_("Publisher"), run.publisher),
        (_("Started"), _moment(run.started_at, time_zone)),
        (_("Ended"), _moment(run.ended_at, time_zone)),
        (_("Duration"), _duration(run)),
        (_("Sessions ended"), str(run.sessions_ended)),
        (_("Note"), run.note),
    )


def cause(run: Publication, time_zone: str) -> str:
    """Say why a publication did not succeed, with the provider's own words when it gave some; empty
    when it came to a good end.
    """
    failed = next((it for it in run.steps if StepState(it.state) is StepState.FAILED), None)
    if failed is None:
        return _not_begun(run, time_zone)
    return _("{step}: {why}").format(
        step=states.step_name(failed.name), why=publishing.failure(failed)
    )


def _not_begun(run: Publication, time_zone: str) -> str:
    reason = run.reason or ""
    if reason in ASKED_FOR:
        return _(ASKED_FOR[reason])
    if words_of(reason).end:
        return publishing.ended_early(run, time_zone)
    return publishing.in_short(reason, "")


def mail_test_subject() -> str:
    return _("Autosky Desktop: test email")


def mail_test() -> Sequence[str]:
    """Return the lines of the email that somebody sends to themselves."""
    return (
        _("This email was sent from the settings of Autosky Desktop."),
        _("You can be told in the same way when a publication ends."),
    )


def _result(run: Publication) -> str:
    known = RESULTS.get(PublicationState(run.state))
    return pgettext("result", known) if known else run.state


def _version(run: Publication) -> str:
    if not run.replaces:
        return str(run.version)
    return _("{version}, after {earlier}").format(version=run.version, earlier=run.replaces)


def _moment(at: datetime | None, time_zone: str) -> str:
    if at is None:
        return ""
    day = date_in_short(in_zone(at, time_zone), year=True)
    return at_clock(day, clock_named(at, time_zone))


def _duration(run: Publication) -> str:
    if not (run.started_at and run.ended_at):
        return ""
    return duration_in_words((run.ended_at - run.started_at).total_seconds())
