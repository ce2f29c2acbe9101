"""The words that give reasons: for a publication and its steps, and for the checks before it."""

from autosky_desktop.domain.wire import Word


class Reason(Word):
    """A reason why a step was skipped or failed, or why a publication ended early."""

    IMAGE_EXISTS = "image-exists"
    NOT_CHOSEN = "not-chosen"
    NOTHING_RUNS = "nothing-runs"
    PROVIDER_BUSY = "provider-busy"
    PROVIDER_REFUSED = "provider-refused"
    PREPARATION_MOVING = "preparation-moving"
    NO_PREPARATION_SERVER = "no-preparation-server"
    PREPARATION_DOES_NOT_STOP = "preparation-does-not-stop"
    IMAGE_FAILED = "image-failed"
    IMAGE_GONE = "image-gone"
    REPLACEMENT_FAILED = "replacement-failed"
    INSTANCES_FAILED = "instances-failed"
    START_FAILED = "start-failed"
    INSTANCES_MISSING = "instances-missing"
    DEADLINE_PASSED = "deadline-passed"
    ALLOWANCE_USED = "allowance-used"
    MISSED = "missed"
    SWITCH_MISSED = "switch-missed"
    CALLED_OFF = "called-off"
    GONE_BACK = "gone-back"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    UNEXPECTED = "unexpected"
    UNKNOWN = "unknown"


class PowerReason(Word):
    """A reason why a server did not reach the state it was told to, or nobody saw it get there."""

    SERVER_GONE = "server-gone"
    NOT_REACHED = "not-reached"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"


CLOCK = "clock-put-back"
"""Why a shutdown was moved though nobody asked for it: the clock it was set by was ahead."""
ZONE_RULES = "zone-rules"
"""Why a scheduled publication was moved though nobody asked for it: those of its zone changed."""


class CheckCode(Word):
    """The things that are checked before publishing."""

    SCHEDULE_PAST = "schedule-past"
    DEADLINE_PASSED = "deadline-passed"
    DEADLINE_TOO_SOON = "deadline-too-soon"
    DEADLINE_MAY_BE_SOON = "deadline-may-be-soon"
    PREPARATION_RUNNING = "preparation-running"
    PREPARATION_STOPPED = "preparation-stopped"
    PREPARATION_MOVING = "preparation-moving"
    NO_PREPARATION_SERVER = "no-preparation-server"
    IMAGE_CREATING = "image-creating"
    IMAGE_AVAILABLE = "image-available"
    IMAGE_GONE = "image-gone"
    NOTHING_CHANGED = "nothing-changed"
    PUBLICATION_RUNNING = "publication-running"
    NO_PUBLICATION_RUNNING = "no-publication-running"
    SCHEDULE_CLASH = "schedule-clash"
    SHUTDOWN_BEFORE = "shutdown-before"
    SHUTDOWN_IN_RUN = "shutdown-in-run"
    ALLOWANCE_NONE = "allowance-none"
    ASKED_RECENTLY = "asked-recently"
    NOT_ENOUGH_CAPACITY = "not-enough-capacity"
    HOLD_AFTER_ALL = "hold-after-all"
    FIRST_GONE = "first-gone"
    SWITCH_PASSED = "switch-passed"
    SWITCH_MAY_BE_SOON = "switch-may-be-soon"
    UNKNOWN = "unknown"


class CheckLevel(Word):
    """The result of a check. While one says `wait`, nothing is published."""

    PASS = "pass"  # noqa: S105 - a word for an outcome
    WARN = "warn"
    WAIT = "wait"
    UNKNOWN = "unknown"


MAY_PASS = frozenset({CheckCode.PUBLICATION_RUNNING, CheckCode.PREPARATION_MOVING})
"""Reasons to wait that need not stand any more when what is scheduled starts."""
