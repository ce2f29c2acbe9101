"""Long-running requests: what each asked for, how far it is, and what came of it."""

from autosky_desktop.domain.wire import Count, Instant, Statement, Word


class OperationState(Word):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OperationKind(Word):
    PROVIDER_UPDATE = "provider-update"
    UNKNOWN = "unknown"


class Differences(Statement, frozen=True, kw_only=True):
    """The numbers of servers and instances that one reading of the provider changed."""

    statuses: Count = 0
    addresses: Count = 0
    versions: Count = 0
    sessions: Count = 0
    appeared: Count = 0
    gone: Count = 0

    def __bool__(self) -> bool:
        return self != Differences()


class Operation(Statement, frozen=True, kw_only=True):
    """A long-running request. When it failed, `reason` is a problem's code and `detail` the
    provider's own sentence.
    """

    id: str
    environment: str
    kind: str
    state: str
    by: str
    by_id: str | None = None
    started_at: Instant
    ended_at: Instant | None = None
    differences: Differences | None = None
    reason: str | None = None
    detail: str = ""
