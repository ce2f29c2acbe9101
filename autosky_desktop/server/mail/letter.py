"""Writes the letter at the end of a publication from what is known of it; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from autosky_desktop.domain.local_time import name_here, zone_here
from autosky_desktop.domain.mail import written_out
from autosky_desktop.domain.plan import Model
from autosky_desktop.domain.publication import Publication, PublicationState
from autosky_desktop.server.mail.causes import cause

MODELS = {
    Model.OPTIMIZED: "Optimized",
    Model.STANDARD: "Standard",
    Model.KEEP: "Keep users connected",
    Model.RECONNECT: "Request user reconnection",
}
RESULTS = {
    PublicationState.SUCCEEDED: "published",
    PublicationState.FAILED: "not published",
    PublicationState.CANCELLED: "cancelled",
}


def letter(
    run: Publication, environment: str, time_zone: str, *, sender: str, to: Sequence[str]
) -> EmailMessage:
    """Return what those addresses are told of a publication that ended; `environment` is its name.

    A letter that is sent twice, because the process died before it knew, has the same id twice:
    mail servers keep one.
    """
    message = _begun(sender, to)
    result = RESULTS.get(PublicationState(run.state), run.state)
    message["Subject"] = _line(f"{environment}: version {run.version} {result}")
    if run.ended_at:
        message["Date"] = format_datetime(run.ended_at)
    message["Message-ID"] = _identity(run, sender)
    message.set_content(_text(run, environment, time_zone, result))
    return message


def trial(sender: str, to: str, at: datetime) -> EmailMessage:
    """Return the letter that somebody sends to themselves, to see whether it arrives."""
    message = _begun(sender, [to])
    message["Subject"] = "Autosky Desktop: test email"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=_domain(sender))
    message.set_content(
        "This email was sent from the settings of Autosky Desktop.\n"
        "You can be told in the same way when a publication ends.\n"
    )
    return message


def _begun(sender: str, to: Sequence[str]) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = [_address(email) for email in to]
    message["Auto-Submitted"] = "auto-generated"
    return message


def _identity(run: Publication, sender: str) -> str:
    end = int(run.ended_at.timestamp()) if run.ended_at else 0
    return f"<{run.id}.{end}@{_domain(sender)}>"


def _address(text: str) -> Address:
    name, _, domain = written_out(text).rpartition("@")
    return Address(username=name, domain=domain)


def _domain(sender: str) -> str:
    return _address(sender).domain


def _text(run: Publication, environment: str, time_zone: str, result: str) -> str:
    facts = (
        ("Environment", environment),
        ("Version", _version(run)),
        ("Model", MODELS.get(Model(run.plan.model), run.plan.model)),
        ("Result", result),
        ("Cause", cause(run)),
        ("Publisher", run.publisher),
        ("Started", _moment(run.started_at, time_zone)),
        ("Ended", _moment(run.ended_at, time_zone)),
        ("Duration", _duration(run)),
        ("Sessions ended", str(run.sessions_ended)),
        ("Note", run.note),
    )
    width = max(len(name) for name, _ in facts) + 2
    return "".join(f"{name + ':':{width}}{_line(fact)}\n" for name, fact in facts if fact)


def _version(run: Publication) -> str:
    return f"{run.version}, after {run.replaces}" if run.replaces else str(run.version)


def _moment(at: datetime | None, time_zone: str) -> str:
    if at is None:
        return ""
    return f"{at.astimezone(zone_here(time_zone)):%Y-%m-%d %H:%M} ({name_here(time_zone)})"


def _duration(run: Publication) -> str:
    if not (run.started_at and run.ended_at):
        return ""
    minutes, seconds = divmod(round((run.ended_at - run.started_at) / timedelta(seconds=1)), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _line(text: str) -> str:
    """Put the text on one line: nothing that somebody typed begins another header or fact."""
    return " ".join(text.split())
