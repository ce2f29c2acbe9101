"""The sentences about the people on the instances, and about ending their sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from autosky_desktop.domain.session import Session, SessionList, SessionsEnded
from autosky_desktop.ui.words import counts
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import clock, day


def read(found: SessionList, shown: int) -> str:
    """Say how many sessions were read and when: 37 sessions, read 18:33:11. It also says how many
    are shown.
    """
    at = clock(found.read_at, seconds=True)
    if not found.sessions:
        return translate("sessions", "No session is open, read {time}.").format(time=at)
    all_of_them = counts.sessions(len(found.sessions))
    if shown < len(found.sessions):
        text = translate("sessions", "{n} of {sessions}, read {time}.")
    else:
        text = translate("sessions", "{sessions}, read {time}.")
    return text.format(n=shown, sessions=all_of_them, time=at)


def question(chosen: Sequence[Session], environment: str) -> str:
    if len(chosen) == 1:
        text = translate("sessions", "End the session of {account} in {environment}?")
        return text.format(account=chosen[0].account, environment=environment)
    text = translate("sessions", "End {sessions} in {environment}?")
    return text.format(sessions=counts.sessions(len(chosen)), environment=environment)


def end(number: int) -> str:
    """Name the button that ends so many sessions: End session, End 3 sessions."""
    if number == 1:
        return translate("sessions", "End session")
    return translate("sessions", "End {sessions}").format(sessions=counts.sessions(number))


def result(came: SessionsEnded, accounts: Mapping[str, str]) -> str:
    """Say what came of ending sessions: 2 sessions ended. Already gone: ana."""
    one, many = (
        translate("sessions", "{n} session ended."),
        translate("sessions", "{n} sessions ended."),
    )
    number = len(came.ended)
    said = (one if number == 1 else many).format(n=number)
    if not came.gone:
        return said
    names = ", ".join(sorted(accounts.get(key, key) for key in came.gone))
    gone = translate("sessions", "Already gone: {accounts}.").format(accounts=names)
    return f"{said} {gone}" if number else gone


def since(session: Session, now: datetime) -> str:
    """Return the time of sign-in: 18:02, or Mon 23 Nov 18:02 when that was another day."""
    if session.since.astimezone().date() == now.astimezone().date():
        return clock(session.since)
    return f"{day(session.since, now=now)} {clock(session.since)}"
