"""Makes an email of what `words.mail` says of a publication that ended; pure."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from autosky_desktop.domain.mail import written_out
from autosky_desktop.domain.publication import Publication
from autosky_desktop.words import mail as words


def letter(
    run: Publication, environment: str, time_zone: str, *, sender: str, to: Sequence[str]
) -> EmailMessage:
    """Return what those addresses are told of a publication that ended; `environment` is its name.

    A letter that is sent twice, because the process died before it knew, has the same id twice:
    mail servers keep one.
    """
    message = _begun(sender, to)
    message["Subject"] = _line(words.subject(run, environment))
    if run.ended_at:
        message["Date"] = format_datetime(run.ended_at)
    message["Message-ID"] = _identity(run, sender)
    message.set_content(_text(words.facts(run, environment, time_zone)))
    return message


def mail_test(sender: str, to: str, at: datetime) -> EmailMessage:
    """Return the letter that somebody sends to themselves, to see whether it arrives."""
    message = _begun(sender, [to])
    message["Subject"] = words.mail_test_subject()
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=_domain(sender))
    message.set_content("".join(f"{line}\n" for line in words.mail_test()))
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


def _text(facts: Sequence[tuple[str, str]]) -> str:
    width = max(len(name) for name, _fact in facts) + 2
    return "".join(f"{name + ':':{width}}{_line(fact)}\n" for name, fact in facts if fact)


def _line(text: str) -> str:
    """Put the text on one line: nothing that somebody typed begins another header or fact."""
    return " ".join(text.split())
