"""Scaling environments, the instances in them, and one environment whole at one revision."""

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.people import LOCAL, Role
from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.server import (
    LONGEST_EXTENSION_HOURS,
    ScheduledShutdown,
    Server,
)
from autosky_desktop.domain.wire import (
    Count,
    Hours,
    Identity,
    Instant,
    Percent,
    Position,
    Statement,
    Word,
)

SCALING = "scaling"
"""The kind of an environment that versions are published in."""
MICRO = "micro"
"""The kind of one that has servers and nothing to publish."""


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


class ProviderTrouble(Word):
    """The kinds of trouble for which an environment cannot be read: the provider's refusals, and
    `unreachable`, which may pass by itself.
    """

    UNREACHABLE = "unreachable"
    CREDENTIALS = "credentials"
    NOT_PERMITTED = "not-permitted"
    QUOTA = "quota"
    NO_CAPACITY = "no-capacity"
    NO_SPACE = "no-space"
    NOT_FOUND = "not-found"
    HELD = "held"
    NO_AGENT = "no-agent"
    UNKNOWN = "unknown"


class Instance(Statement, frozen=True, kw_only=True):
    """A server users work on, made from the image of `version`; `sessions` None: not reported."""

    id: str
    name: str
    status: str
    version: Count
    sessions: Count | None = None
    public_ip: str | None = None
    private_ip: str | None = None


class InstanceLoad(Statement, frozen=True, kw_only=True):
    """The load of an instance, in percent of what it has, as it was at that moment. A part that is
    None is not told.
    """

    id: str
    cpu: Percent | None = None
    memory: Percent | None = None
    at: Instant


class LoadList(Statement, frozen=True, kw_only=True):
    """The loads of an environment's instances that are told at all. They are read when somebody
    looks, and are no part of what the feed tells: they differ with every reading.
    """

    loads: list[InstanceLoad]
    read_at: Instant


class Publishing(Statement, frozen=True, kw_only=True):
    """The progress of the running publication: step `step` (from 1) of `steps`.

    `waits_for_you`: it is at a hold that ends when a person says where to. `prepared`: it waits for
    the time at which instances are replaced.
    """

    version: Count
    step: Count
    steps: Count
    publisher: str
    since: Instant
    waits_for_you: bool = False
    prepared: bool = False


class Preparation(Statement, frozen=True, kw_only=True):
    """The summary of a preparation server in the list: enough to warn and to act unopened.

    `image_failed`: its last image did, which is one of the troubles of its environment.
    """

    id: str
    name: str
    status: str
    shutdown: ScheduledShutdown | None = None
    image_failed: bool = False


class Environment(Statement, frozen=True, kw_only=True):
    """One environment as the list shows it; `revision` grows by one with every event of it.

    `preparation` None: it has no preparation server. `sessions` is None when no instance reported
    any. `confirmed_at` is when the provider was last read; `unreachable` is the provider's own
    sentence why the last reading failed, `trouble` the kind of that, and `remedy` what can be done
    about it. A `paused` one is not read, nor is anything asked of its provider. `troubled` counts
    servers and instances in a state that somebody should look at; `failed_version` is the version
    whose publication failed at `failed_at` in its step `failed_step` (from 1; None: before the
    first), until the next one starts, `failed_reason` a word why, and `failed_detail` the
    provider's own text; `next_publication` is when the next scheduled one is due. `daily_stop`
    ("19:00", in `time_zone`) is when the preparation server stops every day, and a shutdown is
    moved at most `longest_extension_hours` ahead of now. A publication starts what is missing of
    `wanted_instances`; 0: nothing but what replaces another. Without `zone_known` the control
    plane's computer does not know `time_zone`, and counts in UTC there.
    """

    id: str
    name: str
    label: str
    kind: str
    provider: str
    time_zone: str
    run_hours: Hours
    revision: Position
    confirmed_at: Instant
    current_version: Count | None = None
    preparation: Preparation | None = None
    sessions: Count | None = None
    instances: Count = 0
    publishing: Publishing | None = None
    unreachable: str | None = None
    trouble: str | None = None
    remedy: str | None = None
    paused: bool = False
    troubled: Count = 0
    failed_version: Count | None = None
    failed_at: Instant | None = None
    failed_step: Count | None = None
    failed_reason: str | None = None
    failed_detail: str | None = None
    next_publication: Instant | None = None
    daily_stop: str | None = None
    longest_extension_hours: Hours = LONGEST_EXTENSION_HOURS
    wanted_instances: Count = 0
    zone_known: bool = True
    demo: bool = False

    @property
    def is_scaling(self) -> bool:
        """Return whether it has instances, a preparation server and published versions."""
        return self.kind == SCALING


class EnvironmentList(Statement, frozen=True, kw_only=True):
    """Every environment the operator may see, and the feed's position they were read at.

    `read_at` is the control plane's clock: shutdowns happen by it, not by the caller's.
    """

    environments: list[Environment]
    last_event: Position
    read_at: Instant | None = None


class Snapshot(Statement, frozen=True, kw_only=True):
    """Everything of one environment at `environment.revision`; newest first where that matters.

    `operations` are those that run and the last that ended, `activity` the newest entries.
    """

    environment: Environment
    servers: list[Server]
    instances: list[Instance]
    publications: list[Publication]
    operations: list[Operation] = []
    activity: list[Activity] = []
    last_event: Position


class Me(Statement, frozen=True, kw_only=True):
    """The identity of the caller to this control plane, what the caller may do, and the identity of
    the control plane itself.

    `operator` is the caller's name, and `person` who that is. `everywhere` is their role on all
    environments, None: they have none; `roles` are those on single ones, by their ids.

    `control_plane` is what it calls itself, which may change and may be another one's name too;
    what a computer remembers of it belongs to `control_plane_id`.
    """

    operator: str
    control_plane: str
    control_plane_id: Identity
    version: str
    person: str = LOCAL
    everywhere: str | None = Role.MANAGER.value
    roles: dict[str, str] = {}
