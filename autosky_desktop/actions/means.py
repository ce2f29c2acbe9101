"""The parts of this computer that a connection needs, and why it may not come about."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol as Port

from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect.launcher import Launcher, Running
from autosky_desktop.system.connect.secret import Secret
from autosky_desktop.system.connect.target import Target


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


class Standing(StrEnum):
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


class Look(Struct, frozen=True, kw_only=True):
    """A look at who answers: it shows `seen`, and `known` is what is known here, `since` when.

    `gateway` is what the one before it shows, where there is one: that is what is compared then,
    and `host` is the gateway's. `host_key` is the whole key of whoever is judged, over SSH;
    `until` and `known_until` are the ends of certificates, the one that is shown and the known one;
    `key` tells the key of the one that is shown apart.
    """

    standing: Standing
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


class Means(Port):
    """The services of this computer that a connection needs."""

    async def answers(self, target: Target) -> bool: ...

    async def look(self, target: Target, named: str | None) -> Look:
        """Return a look at who answers. Raises CannotConnect."""

    def pin(self, target: Target, look: Look) -> None: ...

    def launcher(self, protocol: Protocol) -> Launcher | None:
        """Return the client for the protocol; None if this computer has none."""

    def missing(self, protocol: Protocol) -> CannotConnect:
        """Return the error that there is no client, with what to install."""

    async def open(self, launcher: Launcher, target: Target, secret: Secret | None) -> Running:
        """Open a session. Raises CannotConnect."""


class Source(Port):
    """The source of the secret, which is asked when the secret is needed, and not before."""

    async def take(self) -> Secret | None:
        """Return the secret; None if none is handed over. Raises CannotConnect."""

    def forget(self) -> None: ...
