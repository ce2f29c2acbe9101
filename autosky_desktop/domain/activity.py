"""The record of activity: who asked for what, on which server, when, and what came of it."""

from autosky_desktop.domain.bounds import MOST_ON_A_PAGE, within_bounds
from autosky_desktop.domain.wire import Count, Instant, Statement, Word


class ActivityKind(Word):
    START = "start-server"
    STOP = "stop-server"
    RESTART = "restart-server"
    MOVE_SHUTDOWN = "move-shutdown"
    SKIP_SHUTDOWN = "skip-shutdown"
    CANCEL_SHUTDOWN = "cancel-shutdown"
    SET_SHUTDOWN = "set-shutdown"
    HOLD_SHUTDOWN = "hold-shutdown"
    SCHEDULED_SHUTDOWN = "scheduled-shutdown"
    PROVIDER_UPDATE = "provider-update"
    END_SESSIONS = "end-sessions"
    CONNECT = "connect"
    PUBLISH = "publish"
    SEND_MAIL = "send-mail"
    SCHEDULE = "schedule-publication"
    MOVE_SCHEDULE = "move-publication"
    EDIT_SCHEDULE = "edit-publication"
    CANCEL_PUBLICATION = "cancel-publication"
    RETRY_PUBLICATION = "retry-publication"
    GO_ON = "go-on"
    GO_BACK = "go-back"
    ADD_ENVIRONMENT = "add-environment"
    EDIT_ENVIRONMENT = "edit-environment"
    PAUSE_ENVIRONMENT = "pause-environment"
    RESUME_ENVIRONMENT = "resume-environment"
    REMOVE_ENVIRONMENT = "remove-environment"
    UNKNOWN = "unknown"


class Outcome(Word):
    """The outcome of an activity. A `running` one was accepted and is not yet seen to be done."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Activity(Statement, frozen=True, kw_only=True):
    """One thing that was asked for or fell due, with what has come of it so far.

    `by` is the name of the person and `by_id` who that is; None: it happened by schedule. `target`
    is the name of the server, as it was then. `moved_from` and `moved_to` are moments of a
    shutdown, `count` is sessions ended or hours that a server was started for. `account` is whom
    a connection signed in as, or whose sessions were to end, one after another, and `target` then
    the names of the instances.
    `reason` is a word (a problem's code), `detail` the provider's own text.
    """

    id: str
    at: Instant
    kind: str
    outcome: str
    by: str | None = None
    by_id: str | None = None
    target: str = ""
    version: Count | None = None
    moved_from: Instant | None = None
    moved_to: Instant | None = None
    count: Count | None = None
    account: str = ""
    ended_at: Instant | None = None
    reason: str | None = None
    detail: str = ""


class ActivityPage(Statement, frozen=True, kw_only=True):
    """One page of the record, newest first; `next` is the cursor of the following page.

    `people` are all who ever asked for something here: what the filter offers.
    """

    entries: list[Activity]
    next: str | None = None
    people: list[str] = []

    def __post_init__(self) -> None:
        within_bounds(self, most_rows=MOST_ON_A_PAGE)
