"""Long-running requests: what was asked, how far it is, and what came of it."""

from datetime import datetime

from autosky_desktop.domain.wire import Truth, Word


class OperationState(Word):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OperationKind(Word):
    PROVIDER_UPDATE = "provider-update"
    UNKNOWN = "unknown"


class Differences(Truth, frozen=True, kw_only=True):
    """What one reading of the provider changed, in numbers of servers and instances."""

    statuses: int = 0
    addresses: int = 0
    versions: int = 0
    sessions: int = 0
    appeared: int = 0
    gone: int = 0

    def __bool__(self) -> bool:
        return self != Differences()


class Operation(Truth, frozen=True, kw_only=True):
    """`reason` is a problem's code when it failed, `detail` the provider's own sentence."""

    id: str
    environment: str
    kind: str
    state: str
    by: str
    started_at: datetime
    ended_at: datetime | None = None
    differences: Differences | None = None
    reason: str | None = None
    detail: str = ""
