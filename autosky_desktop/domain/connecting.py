"""A connection from this computer to a server, as far as it is told: the steps to it, who
answers there, and why it may not come about.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Endpoint, Route
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.publication import StepState
from autosky_desktop.domain.server import Server, ServerState


class Trouble(StrEnum):
    """A reason why there is no session, besides the outcomes of a client."""

    NOT_STARTED = "not-started"
    STOPPED_AGAIN = "stopped-again"
    GONE = "gone"
    HOSTILE = "hostile"
    NO_ADDRESS = "no-address"
    SIMULATED = "simulated"
    CHANGED = "changed"
    NAMED_OTHERWISE = "named-otherwise"
    UNTRUSTWORTHY = "untrustworthy"
    DECLINED = "declined"
    NO_CLIENT = "no-client"
    NO_TERMINAL = "no-terminal"
    NO_TUNNEL = "no-tunnel"
    NO_CONSOLE = "no-console"
    NO_SECRET = "no-secret"  # noqa: S105 - a word
    FAILED = "failed"


class CannotConnect(Exception):
    """The connection cannot be made. `reason` is a client's, a probe's or a keychain's own word,
    `cause` has more of it.
    """

    def __init__(
        self, trouble: Trouble | ConnectionOutcome, reason: str = "", cause: object = None
    ) -> None:
        super().__init__(f"{trouble} {reason}".strip())
        self.trouble = trouble
        self.reason = reason
        self.cause = cause


class TrustVerdict(StrEnum):
    """The comparison of what a server shows with what is known. `named-otherwise`: the control
    plane says that the server shows something else. `named-anew`: it says the same as the server,
    and this computer knew something else. `renewed`: it names nothing, and the certificate that
    this computer knew has run out.
    """

    SAME = "same"
    NEW = "new"
    NAMED_ANEW = "named-anew"
    RENEWED = "renewed"
    CHANGED = "changed"
    NAMED_OTHERWISE = "named-otherwise"


class HostCheck(Struct, frozen=True, kw_only=True):
    """A look at who answers: it shows `seen`, and `known` is what is known here, `since` when.

    `gateway` is what the one before it shows, where there is one: that is what is compared then,
    and `host` is the gateway's. `host_key` is the whole key of whoever is judged, over SSH;
    `until` and `known_until` are the ends of certificates, the one that is shown and the known one;
    `key` tells the key of the one that is shown apart.
    """

    verdict: TrustVerdict
    seen: str
    known: str = ""
    since: datetime | None = None
    host: str = ""
    signs_in_first: bool = True
    gateway: str = ""
    host_key: str = ""
    until: datetime | None = None
    known_until: datetime | None = None
    key: str = ""

    @property
    def judged(self) -> str:
        """Return the fingerprint to judge: the gateway's where there is one, else the server's."""
        return self.gateway or self.seen


class Name(StrEnum):
    REQUEST = "request"
    STARTING = "starting"
    TUNNEL = "tunnel"
    ANSWERING = "answering"
    OPENING = "opening"


class ConnectStep(Struct):
    """One step on the way to a session; `usual` is its usual seconds, None when nobody knows."""

    name: Name
    usual: float | None = None
    state: StepState = StepState.PENDING
    since: datetime | None = None
    until: datetime | None = None


def starts_first(server: Server | Instance) -> bool:
    """Return whether it is started before one connects: a server may be, an instance never is."""
    return isinstance(server, Server) and ServerState(server.status) is not ServerState.RUNNING


class ConnectRequest(Struct, frozen=True, kw_only=True):
    """The connection that the person has chosen: to which server or instance, as whom, and by which
    way.
    """

    environment: str
    server: Server | Instance
    endpoint: Endpoint
    account: str
    way: Route


class Advice(Struct, frozen=True, kw_only=True):
    """Advice on what to install: `package` by `command` here; empty where we know none.

    `terminal`: the client itself is here, and only a terminal to run it in is not.
    """

    package: str
    command: str = ""
    terminal: bool = False
