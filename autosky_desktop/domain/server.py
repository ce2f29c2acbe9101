"""Preparation and support servers: what is known of one, and which moves its state permits."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import Instant, Intent, Statement, Word


class ServerState(Word):
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    RESTARTING = "restarting"
    UNKNOWN = "unknown"


class ImageState(Word):
    NONE = "none"
    CREATING = "creating"
    AVAILABLE = "available"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ServerRole(Word):
    PREPARATION = "preparation"
    SUPPORT = "support"
    UNKNOWN = "unknown"


class Power(StrEnum):
    """The requests that a person may make of a server."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"


ON = frozenset({ServerState.STARTING, ServerState.RUNNING, ServerState.RESTARTING})
"""A word of the provider that we do not know is neither on nor off."""

MOVES: Mapping[tuple[ServerState, Power], ServerState] = MappingProxyType({
    (ServerState.STOPPED, Power.START): ServerState.STARTING,
    (ServerState.RUNNING, Power.STOP): ServerState.STOPPING,
    (ServerState.RUNNING, Power.RESTART): ServerState.RESTARTING,
})  # fmt: skip

SETTLES: Mapping[ServerState, ServerState] = MappingProxyType({
    ServerState.STARTING: ServerState.RUNNING,
    ServerState.STOPPING: ServerState.STOPPED,
    ServerState.RESTARTING: ServerState.RUNNING,
})  # fmt: skip
"""Where an in-between state ends when nothing goes wrong."""


def possible(status: str) -> frozenset[Power]:
    """Return what may be asked of a server in this state; nothing in a state not known here."""
    state = ServerState(status)
    return frozenset(power for origin, power in MOVES if origin is state)


class ShutdownReason(Word):
    """The reason for a shutdown: the run time ends, it is the daily one, or somebody moved it."""

    RUN_TIME = "run-time"
    DAILY = "daily"
    MOVED = "moved"
    UNKNOWN = "unknown"


class ScheduledShutdown(Statement, frozen=True, kw_only=True):
    """The moment at which a preparation server switches itself off.

    There is one moment: whatever else would stop the server moves with it. `held` says that it
    has come but a publication keeps the server on until it ends. `skips_to` is the next moment
    of the daily schedule after this one; None: there is nothing to skip to. `moved_by` and
    `moved_from` say who moved it and from when. `kept`: the cloud itself does it a little later,
    should the control plane be off then; None where that is not told.
    """

    at: Instant
    reason: str = ShutdownReason.RUN_TIME.value
    held: bool = False
    skips_to: Instant | None = None
    moved_by: str | None = None
    moved_from: Instant | None = None
    kept: bool | None = None


LONGEST_EXTENSION_HOURS = 12
"""How far ahead of now a shutdown may be moved."""


class PowerRequest(Intent, frozen=True, kw_only=True):
    """A request to start, stop or restart a server. A preparation server that is started switches
    itself off after `hours`, unless the daily schedule stops it before; None: as its environment
    has it.
    """

    hours: Annotated[int, Meta(ge=1, le=LONGEST_EXTENSION_HOURS)] | None = None


class ShutdownMove(StrEnum):
    """A way to move a shutdown. `skip` jumps to the next moment of the daily schedule; `cancel`
    removes it until the next start; `set` gives one to a server without, or an earlier one back.
    """

    EXTEND = "extend"
    SET = "set"
    SKIP = "skip"
    CANCEL = "cancel"


class ShutdownRequest(Intent, frozen=True, kw_only=True):
    """Move a scheduled shutdown.

    `expected` is the moment the operator was shown (None: there was none): another one is refused,
    so that an old reminder does not undo what somebody else did since. `to` (only for `extend` and
    `set`) may be granted in part: the answer says until when.
    """

    move: ShutdownMove
    expected: Instant | None
    to: Instant | None = None


class Server(Statement, frozen=True, kw_only=True):
    """One server as last read from the provider; the last four fields are a preparation server's.

    `status`, `role` and `image_status` are the words as they came (`ServerState(word)` decides).
    `type` is free text. An address is None while the provider gives none; it is not an identity.
    """

    id: str
    name: str
    role: str
    status: str
    since: Instant
    public_ip: str | None = None
    private_ip: str | None = None
    type: str = ""
    platform_version: str | None = None
    image_status: str | None = None
    image_since: Instant | None = None
    shutdown: ScheduledShutdown | None = None


class LocatedServer(Server, frozen=True, kw_only=True):
    """A server asked for by its id alone, with the environment it is in."""

    environment: str
