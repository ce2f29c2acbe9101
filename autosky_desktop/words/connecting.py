"""Connections in words: why none came and what to do, how one ended, what the steps are called."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from autosky_desktop.domain.connecting import (
    Advice,
    CannotConnect,
    ConnectStep,
    HostCheck,
    Name,
    Trouble,
)
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Presence, Protocol
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.publication import StepState
from autosky_desktop.words.client_failures import CLIENT, RDP, SSH, TUNNEL
from autosky_desktop.words.errors import TRUST_LOST
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.names import shown
from autosky_desktop.words.secrets import sentence
from autosky_desktop.words.times import clock, duration, elapsed, moment

LATE = 2
"""The multiple of the usual time after which a step is said to take long."""

SILENT = 30
"""Seconds in which a server usually answers once it runs."""

ASKING = 2
"""Seconds after which a terminal that signs nobody in is likely to ask."""

PROTOCOLS: Mapping[Protocol, str] = {
    Protocol.RDP: N_("Remote Desktop"),
    Protocol.SSH: N_("SSH"),
}

REASONS: Mapping[Protocol, Mapping[str, str]] = {Protocol.RDP: RDP, Protocol.SSH: SSH}

WHY: Mapping[StrEnum, str] = {
    Trouble.NOT_STARTED: N_("{server} was not started. {more}"),
    Trouble.STOPPED_AGAIN: N_(
        "{server} stopped again while it was starting. Recent activity says who or what "
        "stopped it."
    ),
    Trouble.GONE: N_(
        "{server} is no longer there: the provider does not report it any more."
    ),
    Trouble.HOSTILE: N_(
        "This cannot be right, so nothing was sent: {more}. Correct it, or ask whoever runs "
        "the control plane.",
    ),
    Trouble.NO_ADDRESS: N_(
        "{server} has no address now. Force a provider update, then try again."
    ),
    Trouble.SIMULATED: N_(
        "Nothing answers at {address}, because {server} is simulated: this is the demo, "
        "and there is no machine behind it. Nothing was sent."
    ),
    Trouble.CHANGED: N_(
        "{server} is not what it was: it shows a different fingerprint. Nothing was sent. "
        "Somebody may be intercepting the connection, or the server was set up anew. Only "
        "if you know that it was, forget its fingerprint in Settings, under Trusted "
        "servers, and connect again.",
    ),
    Trouble.NAMED_OTHERWISE: N_(
        "What answers is not {server}: it shows a different fingerprint from the one the "
        "control plane names. Nothing was sent. Ask whoever runs the control plane.",
    ),
    Trouble.UNTRUSTWORTHY: N_(
        "{server} could not show who it is, so nothing was sent. {more}"
    ),
    Trouble.NO_CLIENT: N_(
        "No {client} client is installed. {more}"
    ),
    Trouble.NO_TERMINAL: N_(
        "{client} is installed, but no terminal was found to open it in. {more}"
    ),
    Trouble.NO_TUNNEL: N_("The tunnel to {server} was not opened. {more}"),
    Trouble.NO_CONSOLE: N_(
        "The console of {server} cannot be shown on this computer. Install {more}, then try again."
    ),
    Trouble.NO_SECRET: N_("There is no password to sign in with. {more}"),
    Trouble.FAILED: N_("The connection was not opened. {more}"),
    ConnectionOutcome.WRONG_PASSWORD: N_(
        "The server refused this user or password."
    ),
    ConnectionOutcome.ACCOUNT_LOCKED: N_(
        "The account {account} is locked or may not sign in there. Ask whoever manages "
        "the accounts; trying again may lock it for longer."
    ),
    ConnectionOutcome.UNREACHABLE: N_(
        "{server} could not be reached at {address}. Check your network or VPN, or "
        "choose another address."
    ),
    ConnectionOutcome.REFUSED: N_(
        "{server} refused the connection. It may be full, or allow no sign-in from "
        "here; the user and the password may also be wrong."
    ),
    ConnectionOutcome.LOST: N_(
        "The connection to {server} was lost. Programs in it usually go on; connect "
        "again to get back to them."
    ),
    ConnectionOutcome.UNTRUSTED: N_(
        "{server} showed the client a different fingerprint from before, so nothing was "
        "sent. Try again; if it happens again, ask whoever manages the server."
    ),
    ConnectionOutcome.CLIENT_FAILED: N_(
        "The {client} client on this computer failed. Test it in Settings, or "
        "choose another one."
    ),
    ConnectionOutcome.CANCELLED: N_("The connection was cancelled."),
}  # fmt: skip
"""The reasons, each with what to do. `{more}` is another sentence, or the name of a field."""

FIELDS: Mapping[str, str] = {
    "account": N_("user"),
    "address": N_("address of the server"),
    "port": N_("port of the server"),
    "gateway": N_("gateway"),
    "protocol": N_("protocol"),
    "fingerprint": N_("fingerprint that is named for the server"),
    "name": N_("name of the server"),
    "console": N_("console that the control plane names"),
    "tunnel": N_("tunnel that the control plane names"),
    "server": N_("server in the control plane's answer"),
}

REFUSED_VALUES: Mapping[str, str] = {
    "ssh-account": N_(
        "OpenSSH accepts no user with a quote, a bracket, or one of ; & < > | in the "
        "name, so nothing was sent. Ask whoever manages {server} for another user."
    ),
    "address-number": N_(
        "{address} is a number that programs read in different ways, so nothing was "
        "sent. Have the address of {server} written as four numbers, such as 10.20.0.31."
    ),
    "gateway-number": N_(
        "The gateway of {server} is a number that programs read in different ways, so "
        "nothing was sent. Have it written as four numbers, such as 10.20.0.31."
    ),
}  # fmt: skip
"""The values that a server may have, and that are not sent nevertheless."""

MORE: Mapping[str, str] = {
    "pins": TRUST_LOST,
    "gateway": N_(
        "Behind a gateway a server can only be recognized by a fingerprint that the "
        "control plane names, and it names none. Choose another address, or have the "
        "fingerprint named."
    ),
    "not-rdp": N_("What answers there uses another protocol."),
    "not-ssh": N_("What answers there uses another protocol."),
    "no-tls": N_(
        "It offers no encryption. Switch on TLS or network level authentication there."
    ),
    "old-tls": N_(
        "It only offers old encryption (TLS 1.0 or 1.1, or weak keys), which clients no "
        "longer accept. Switch on TLS 1.2 there."
    ),
    "gone": N_("The keychain no longer has it. Enter it."),
    "unforeseen": N_(
        "Something unexpected went wrong. The log has the details."
    ),
}  # fmt: skip
"""The meanings of a probe's words, as a sentence after the reason."""

QUIET = frozenset({
    ConnectionOutcome.CLOSED, ConnectionOutcome.LEFT, ConnectionOutcome.CANCELLED,
    ConnectionOutcome.OPEN,
})  # fmt: skip
"""The outcomes that nobody has to be told of."""

AGAIN = frozenset({
    Trouble.HOSTILE, Trouble.CHANGED, Trouble.NAMED_OTHERWISE, Trouble.GONE, Trouble.SIMULATED,
    ConnectionOutcome.ACCOUNT_LOCKED,
})  # fmt: skip
"""The troubles for which the window offers no second try, as it would not help."""


def protocol(word: str) -> str:
    known = PROTOCOLS.get(Protocol(word))
    return _(known) if known else word


FAILED_WITH_CODE = N_(
    "The {client} client on this computer failed (code {code}). Test it in Settings, or choose "
    "another one.",
)

REFUSED_THROUGH = N_(
    "{through}, or {server} behind it, refused the connection. A user or a password may "
    "be wrong, including the one that {through} itself asks for.",
)


def why(
    trouble: CannotConnect,
    *,
    server: str,
    address: str = "",
    account: str = "",
    word: str = "rdp",
    through: str = "",
) -> str:
    """Say why there is no session, and what to do.

    Where a gateway was looked at, the sentence is about that; `through` is the gateway that leads
    to the server, where that is the way.
    """
    look = trouble.cause
    if isinstance(look, HostCheck) and look.gateway:
        server = look.host
    text = WHY.get(trouble.trouble) or WHY[Trouble.FAILED]
    if trouble.trouble is Trouble.HOSTILE:
        text = REFUSED_VALUES.get(trouble.reason, text)
    reasons = REASONS.get(Protocol(word), {})
    if trouble.trouble is ConnectionOutcome.CLIENT_FAILED and trouble.reason:
        text = CLIENT.get(trouble.reason, reasons.get(trouble.reason, FAILED_WITH_CODE))
    else:
        text = reasons.get(trouble.reason, text)
    if trouble.trouble is ConnectionOutcome.REFUSED and through and trouble.reason not in SSH:
        text = REFUSED_THROUGH
    return (
        _(text)
        .format(
            server=shown(server),
            address=address,
            account=shown(account),
            through=through,
            client=protocol(word),
            code=trouble.reason,
            more=_more(trouble),
        )
        .rstrip()
    )


def ended(
    outcome: ConnectionOutcome, *, server: str, account: str, word: str = "rdp", reason: str = ""
) -> str:
    """Say how a session that was open has ended."""
    return why(CannotConnect(outcome, reason), server=server, account=account, word=word)


def _more(trouble: CannotConnect) -> str:
    if trouble.trouble is Trouble.HOSTILE:
        return _(FIELDS.get(trouble.reason, trouble.reason))
    if trouble.trouble is Trouble.NO_CONSOLE:
        return trouble.reason
    if trouble.trouble is Trouble.NO_TUNNEL and trouble.reason:
        return _(TUNNEL.get(trouble.reason, ""))
    if trouble.trouble is Trouble.NO_TUNNEL and isinstance(trouble.cause, Refused):
        return trouble.cause.problem.detail or sentence(trouble.cause)  # why the cloud does not
    if isinstance(trouble.cause, Exception):
        return sentence(trouble.cause)
    if trouble.trouble in (Trouble.NO_CLIENT, Trouble.NO_TERMINAL):
        return _("Install one: “{command}”.").format(command=trouble.reason)
    return _(MORE.get(trouble.reason, ""))


def install(advice: Advice) -> str:
    """Say what to install where there is no client, and how."""
    if advice.terminal:
        text = _("SSH is installed, but no terminal was found to open it in. {install}")
        return text.format(install=_install_it(advice))
    if advice.command:
        text = _("None is installed. Install {package}: {command}")
        return text.format(package=advice.package, command=advice.command)
    return _("None is installed. Install {package}.").format(package=advice.package)


def _install_it(advice: Advice) -> str:
    if advice.command:
        return _("Install one: {command}").format(command=advice.command)
    return _("Install {package}.").format(package=advice.package)


def step_name(step: ConnectStep, *, account: str, word: str) -> str:
    done = step.state is StepState.SUCCEEDED
    if step.name is Name.REQUEST:
        return _("Start requested") if step.since else _("Start")
    if step.name is Name.STARTING:
        running = _("Server is running")
        return running if done else _("Server is starting")
    if step.name is Name.TUNNEL:
        return _("The tunnel is open") if done else _("Open the tunnel")
    if step.name is Name.ANSWERING:
        answers = _("It answers")
        return answers if done else _("Wait until it answers")
    text = _("Open {client} as {account}")
    return text.format(client=protocol(word), account=shown(account))


def step_time(step: ConnectStep, *, address: str, port: int, word: str, now: datetime) -> str:
    """Say when the step ended, or how long it has taken so far and usually takes, or what it is
    about.
    """
    if step.state is StepState.SUCCEEDED and step.until:
        return _done(step)
    if step.state is StepState.RUNNING and step.since and step.name is not Name.REQUEST:
        taken = duration((now - step.since).total_seconds())
        if step.usual:
            text = _("{time} so far, usually {usual}")
            return text.format(time=taken, usual=duration(step.usual))
        return _("{time} so far").format(time=taken)
    if step.name is Name.ANSWERING:
        text = _("{client} on {address}, port {port}")
        return text.format(client=protocol(word), address=address, port=port)
    return _("In its own window") if step.name is Name.OPENING else ""


def _done(step: ConnectStep) -> str:
    assert step.since
    assert step.until
    if step.name is Name.REQUEST:
        at = clock(step.until, seconds=True)
        return _("{time}, accepted").format(time=at)
    taken = duration((step.until - step.since).total_seconds())
    return _("After {time}").format(time=taken)


def late(step: ConnectStep, now: datetime) -> str:
    """Say that a step is late: once it takes twice its usual time, or nobody has answered for long.
    Empty before.
    """
    if step.since is None or step.state is not StepState.RUNNING:
        return ""
    answering = step.name is Name.ANSWERING
    usual = SILENT if answering else step.usual
    if usual is None or (now - step.since).total_seconds() < LATE * usual:
        return ""
    text = _("Still starting after {time}. You can go on waiting.")
    if answering:
        text = _(
            "Nothing has answered for {time}, although it is running. A firewall may be in "
            "the way, or another address may lead there. You can go on waiting.",
        )  # fmt: skip
    return text.format(time=elapsed(step.since, now))


def asks_there(step: ConnectStep, now: datetime, *, word: str, fetches: bool = False) -> str:
    """Point to another window that may wait for an answer: a terminal may ask the person, who looks
    here, and so may whatever has the password (`fetches`). Empty when neither does.
    """
    opening = step.name is Name.OPENING and step.state is StepState.RUNNING
    if not opening or step.since is None or (now - step.since).total_seconds() < ASKING:
        return ""
    if fetches:
        return _(
            "The password has not come yet. If your keychain or password manager asks "
            "for something, answer it there.",
        )  # fmt: skip
    if Protocol(word) is not Protocol.SSH:
        return ""
    return _(
        "If the terminal or your key agent asks for something, answer it there."
    )  # fmt: skip


def present(people: list[Presence] | None, now: datetime) -> str:
    """Say who else is signed in, and since when; empty when that is not told or nobody is."""
    one = _("{account} since {time}")
    named = [
        one.format(account=shown(it.account), time=moment(it.since, now=now, inside=True))
        for it in people or ()
    ]
    if not named:
        return ""
    return _("Signed in there now: {people}.").format(people=", ".join(named))
