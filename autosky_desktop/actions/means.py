"""What a connection needs of this computer, and why it may not come about."""

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
    """Why no session came, beside the outcomes of a client."""

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
    """`cause` has more of it; `reason` is a client's, a probe's or a keychain's own word."""

    def __init__(
        self, trouble: Trouble | ConnectionOutcome, reason: str = "", cause: object = None
    ) -> None:
        super().__init__(f"{trouble} {reason}".strip())
        self.trouble = trouble
        self.reason = reason
        self.cause = cause


class Standing(StrEnum):
    """`named-otherwise`: the control plane says that the server shows something else.
    `named-anew`: it says the same as the server, and this computer knew something else.
    `renewed`: it names nothing, and the certificate that this computer knew has run out.
    """

    SAME = "same"
    NEW = "new"
    NAMED_ANEW = "named-anew"
    RENEWED = "renewed"
    CHANGED = "changed"
    NAMED_OTHERWISE = "named-otherwise"


class Look(Struct, frozen=True, kw_only=True):
    """What answers there shows as `seen`, and by what it is `known` here, `since` when.

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
        """The fingerprint that all of this is about."""
        return self.gateway or self.seen


class Means(Port):
    """This computer's part in it."""

    async def answers(self, target: Target) -> bool: ...

    async def look(self, target: Target, named: str | None) -> Look:
        """Who answers. Raises CannotConnect."""

    def pin(self, target: Target, look: Look) -> None: ...

    def launcher(self, protocol: Protocol) -> Launcher | None:
        """The client for it; None: there is none here."""

    def missing(self, protocol: Protocol) -> CannotConnect:
        """That there is none, with what to install."""

    async def open(self, launcher: Launcher, target: Target, secret: Secret | None) -> Running:
        """Raises CannotConnect."""


class Source(Port):
    """Where the secret comes from when it is needed, and not before."""

    async def take(self) -> Secret | None:
        """None: none is handed over. Raises CannotConnect."""

    def forget(self) -> None: ...
