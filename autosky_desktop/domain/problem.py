"""Problem documents (RFC 9457) and the stable codes in them."""

from enum import StrEnum

from autosky_desktop.domain.wire import Count, Instant, Statement


class Code(StrEnum):
    """The reason for a refusal. Clients word each code; `detail` is for codes they do not know."""

    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    LAST_ADMINISTRATOR = "last-administrator"
    NOBODY_OF_THAT_NAME = "nobody-of-that-name"
    SIGN_IN_REFUSED = "sign-in-refused"
    WRONG_CODE = "wrong-code"
    TICKET_OVER = "ticket-over"
    TOO_MANY_TRIES = "too-many-tries"
    WEAK_PASSWORD = "weak-password"  # noqa: S105 - a word for a refusal
    ADDRESS_NOT_ALLOWED = "address-not-allowed"
    NOT_LET_IN = "not-let-in"
    OPENID_FAILED = "openid-failed"
    NOT_FOUND = "not-found"
    INVALID_REQUEST = "invalid-request"
    KEY_MISSING = "idempotency-key-missing"
    KEY_REUSED = "idempotency-key-reused"
    NOT_ALLOWED_NOW = "not-allowed-now"
    PUBLICATION_RUNNING = "publication-running"
    REASON_TO_WAIT = "reason-to-wait"
    VERSION_MOVED = "version-moved"
    NOT_SCALING = "not-scaling"
    ALLOWANCE_USED = "allowance-used"
    ALREADY_STARTED = "already-started"
    ALREADY_ENDED = "already-ended"
    TOO_LATE_TO_CANCEL = "too-late-to-cancel"
    NOTHING_TO_RETRY = "nothing-to-retry"
    NOT_HELD = "not-held"
    IMAGE_GONE = "image-gone"
    CHANGED_MEANWHILE = "changed-meanwhile"
    SHUTDOWN_MOVED = "shutdown-moved"
    SHUTDOWN_LIMIT = "shutdown-limit"
    PUBLICATION_SCHEDULED = "publication-scheduled"
    PAUSED = "paused"
    WRONG_SETTINGS = "wrong-settings"
    ID_TAKEN = "id-taken"
    MACHINE_TAKEN = "machine-taken"
    PROVIDER_REFUSED = "provider-refused"
    PROVIDER_BUSY = "provider-busy"
    STORAGE_FULL = "storage-full"
    STORAGE_READ_ONLY = "storage-read-only"
    STORAGE_UNAVAILABLE = "storage-unavailable"
    STORAGE_GONE = "storage-gone"
    STORAGE_DAMAGED = "storage-damaged"
    INTERNAL = "internal"


class Problem(Statement, frozen=True, kw_only=True):
    """The body of every answer that is not a success.

    `request` finds the matching lines in the control plane's log; `by`, `since`, `version` and
    `state` say who or what is in the way, where there is one; `at` is when a shutdown stands,
    `role` the role that is needed, and `managers` who may give it.
    """

    type: str
    title: str
    status: Count
    code: str
    detail: str = ""
    request: str = ""
    by: str | None = None
    since: Instant | None = None
    version: Count | None = None
    state: str | None = None
    at: Instant | None = None
    role: str | None = None
    managers: list[str] = []
