"""Scaling environments, the instances in them, and one environment whole at one revision."""

from datetime import datetime

from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.server import Server
from autosky_desktop.domain.wire import Truth, Word


class InstanceState(Word):
    STARTING = "starting"
    AVAILABLE = "available"
    BLOCKED = "blocked"
    DRAINING = "draining"
    STOPPING = "stopping"
    TERMINATED = "terminated"
    UNKNOWN = "unknown"


class Label(Word):
    PRODUCTION = "production"
    STAGING = "staging"
    UNKNOWN = "unknown"


class Instance(Truth, frozen=True, kw_only=True):
    """A server users work on, made from the image of `version`; `sessions` None: not reported."""

    id: str
    name: str
    status: str
    version: int
    sessions: int | None = None
    public_ip: str | None = None
    private_ip: str | None = None


class Publishing(Truth, frozen=True, kw_only=True):
    """How far the running publication is: step `step` (from 1) of `steps`."""

    version: int
    step: int
    steps: int
    publisher: str
    since: datetime


class Environment(Truth, frozen=True, kw_only=True):
    """One environment as the list shows it; `revision` grows by one with every event of it.

    `preparation` is the state word of its preparation server (None: it has none), `sessions` is
    None when no instance reported any, `confirmed_at` is when the provider was last read.
    """

    id: str
    name: str
    label: str
    kind: str
    provider: str
    time_zone: str
    run_hours: int
    revision: int
    confirmed_at: datetime
    current_version: int | None = None
    preparation: str | None = None
    stops_at: datetime | None = None
    sessions: int | None = None
    instances: int = 0
    publishing: Publishing | None = None
    demo: bool = False


class EnvironmentList(Truth, frozen=True, kw_only=True):
    """Every environment the operator may see, and the feed's position they were read at."""

    environments: list[Environment]
    last_event: int


class Snapshot(Truth, frozen=True, kw_only=True):
    """Everything of one environment at `environment.revision`; publications are newest first."""

    environment: Environment
    servers: list[Server]
    instances: list[Instance]
    publications: list[Publication]
    last_event: int


class Me(Truth, frozen=True, kw_only=True):
    """Who the caller is to this control plane, and what the control plane calls itself."""

    operator: str
    control_plane: str
    version: str
