"""The publications: the request, its six steps, the preview of what it touches, and their order."""

from collections.abc import Iterable
from datetime import datetime

from autosky_desktop.domain.bounds import MOST_ON_A_PAGE, within_bounds
from autosky_desktop.domain.local_time import WallClock, meant_at
from autosky_desktop.domain.plan import Plan, PreviewRequest, way_back
from autosky_desktop.domain.wire import Count, Instant, Seconds, Statement, Word


class PublicationState(Word):
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


ENDED = frozenset({PublicationState.SUCCEEDED, PublicationState.FAILED, PublicationState.CANCELLED})


class StepState(Word):
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class StepName(Word):
    """The six steps of every model, in order."""

    VALIDATION = "initial-validation"
    STOP = "stop-preparation-server"
    IMAGE = "image-creation"
    MODEL = "model-creation"
    REPLACEMENT = "instance-replacement"
    FINALIZATION = "finalization"
    UNKNOWN = "unknown"


STEPS = tuple(name for name in StepName if name is not StepName.UNKNOWN)


class WaitingFor(Word):
    """A reason for which a publication waits before it goes on.

    `turn`: another one runs. `sessions`: people still work on what would be replaced. `users`:
    they were asked to reconnect. `go-on`: a person's word at a hold. `bake`: a hold's time.
    `switch`: the moment at which what was prepared is switched to.
    `storage`: the control plane cannot use the database by which it carries publications out.
    """

    TURN = "turn"
    SESSIONS = "sessions"
    USERS = "users"
    GO_ON = "go-on"
    BAKE = "bake"
    SWITCH = "switch"
    STORAGE = "storage"
    UNKNOWN = "unknown"


ADDED = "added/"
"""Begins what stands for an instance that replaces none: a place, or the one that failed there."""


def is_addition(failed: str) -> bool:
    """Return whether what stands among those that failed was to be added, and replaces none."""
    return failed.startswith(ADDED)


class Step(Statement, frozen=True, kw_only=True):
    """One of the six steps. `done` of `total` is its own progress (percent, or instances).

    `reason` is a word that says why it was skipped or failed, `detail` the provider's own text.
    `attempts` counts how often its work was begun: 2 after a crash in the middle of it. `made` is
    the provider's id of what it made; `anew` counts how often that was no good and is made again.
    Of replacing: the ids of the instances chosen as `first`, before a hold, and of those that
    `failed` and stay; the names of those that were to go first and were gone by then, `first_gone`;
    `users_asked` to reconnect so far; `switched_by` had it begin when all was prepared; "": its
    moment came; None: nobody yet, or it waits for none.
    """

    name: str
    state: str = StepState.PENDING
    started_at: Instant | None = None
    ended_at: Instant | None = None
    done: Count = 0
    total: Count = 0
    reason: str | None = None
    detail: str | None = None
    attempts: Count = 0
    made: str | None = None
    anew: Count = 0
    first: tuple[str, ...] = ()
    first_gone: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    users_asked: Count = 0
    switched_by: str | None = None


def next_version(*taken: int | None) -> int:
    """Return the number of what is published next: none that has an image, or that an instance
    runs or ran, is given again. A publication that ended before its image leaves its number to the
    next.
    """
    return max((number or 0 for number in taken), default=0) + 1


class Publication(Statement, frozen=True, kw_only=True):
    """One run of a publishing model, and what came of it.

    `publisher` is the name shown, `requested_by` the person who was signed in, and
    `requested_by_id` who that is; `plan` is what was asked for, and while the publication runs
    nothing of it changes but the moment of its switch. A scheduled one has the
    `version` that would be next now; `meant` is what the clock in its `time_zone` shall show when
    it starts, and `rules_moved_from` where `scheduled_for` was before the rules of that zone
    changed. `waits_until` is when it goes on by itself, if it does; `disconnect_at` when those who
    were asked at `asked_at` are disconnected. `sessions_left` are on instances of the old version.
    `hold_passed_by` let it go on from its plan's hold; "": the hold's time did; None: nobody yet.
    `deadline_refused`: why nobody could be asked at the deadline, a problem's code.
    `cancel_asked_by` has asked it to stop. `reason` is a word why it ended before its steps did.
    `image_gone`: it can not be published again. `replaced_image` is the image of the version that
    it `replaces`, where no publication had made that and the instances told it: the way back.
    """

    id: str
    version: Count
    plan: Plan
    state: str
    publisher: str
    requested_by: str
    requested_by_id: str | None = None
    requested_at: Instant
    steps: list[Step]
    note: str = ""
    replaces: Count | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    platform_version: str | None = None
    instances_replaced: Count = 0
    sessions_ended: Count = 0
    scheduled_for: Instant | None = None
    time_zone: str | None = None
    meant: WallClock | None = None
    rules_moved_from: Instant | None = None
    changed_at: Instant | None = None
    waiting_for: str | None = None
    waits_until: Instant | None = None
    asked_at: Instant | None = None
    disconnect_at: Instant | None = None
    sessions_left: Count | None = None
    hold_passed_by: str | None = None
    deadline_refused: str | None = None
    instances_total: Count = 0
    instances_failed: Count = 0
    cancel_asked_by: str | None = None
    retries: Count = 0
    reason: str | None = None
    image_gone: bool = False
    replaced_image: str | None = None

    @property
    def ended(self) -> bool:
        return PublicationState(self.state) in ENDED

    @property
    def users_asked(self) -> int:
        """Return how many users were asked to reconnect so far."""
        return sum(step.users_asked for step in self.steps)

    @property
    def image(self) -> str | None:
        """Return the provider's id of the image that was published."""
        return next((step.made for step in self.steps if step.name == StepName.IMAGE), None)

    @property
    def current_step(self) -> int:
        """Return the number (from 1) of the step that runs or failed; 0 when none does."""
        for number, step in enumerate(self.steps, start=1):
            if StepState(step.state) in (StepState.RUNNING, StepState.FAILED):
                return number
        return 0


class LocatedPublication(Publication, frozen=True, kw_only=True):
    """A publication asked for by its id alone, with the environment it is in."""

    environment: str


class PublicationPage(Statement, frozen=True, kw_only=True):
    """One page of the history, newest first; `next` is the cursor of the following page."""

    publications: list[Publication]
    next: str | None = None

    def __post_init__(self) -> None:
        within_bounds(self, most_rows=MOST_ON_A_PAGE)


class Check(Statement, frozen=True, kw_only=True):
    """One thing looked at before publishing. `code` says which, the other fields fill it in.

    `level` is `pass`, `warn` or `wait`; one `wait` and the control plane refuses to publish.
    `seconds` is how long what is at `at` takes, `count` how many it is about, `name` the first of
    them.
    """

    code: str
    level: str
    version: Count | None = None
    by: str | None = None
    at: Instant | None = None
    seconds: Seconds | None = None
    count: Count | None = None
    name: str | None = None


class Allowance(Statement, frozen=True, kw_only=True):
    """The requests to reconnect that this calendar month allows, by the environment's zone."""

    limit: Count
    used: Count
    resets_at: Instant

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


class Difference(Statement, frozen=True, kw_only=True):
    """A difference from the version that users are on; None: there was, or is, no such thing."""

    what: str
    before: str | None = None
    after: str | None = None


class Preview(Statement, frozen=True, kw_only=True):
    """The effects that a publication would have, as things stand at `checked_at`.

    `expected_seconds` is the usual time of the last runs, None while there are too few of them,
    and `low` and `high` what nearly all of them took. `sessions_end` are those that end at once,
    `sessions_asked` those asked to reconnect, `sessions_stay` those left to sign out.
    `instances_added` are those that start and replace none. `capacity_left` is the lowest number of
    instances that take sessions meanwhile. `allowance` None: this environment has no limit.
    `sends_mail`: this control plane can.
    """

    version: Count
    replaces: Count | None
    instances: Count
    sessions_end: Count
    sessions_stay: Count
    preparation: str
    checks: list[Check]
    checked_at: Instant
    runs: Count = 0
    expected_seconds: Seconds | None = None
    expected_low_seconds: Seconds | None = None
    expected_high_seconds: Seconds | None = None
    sessions_asked: Count = 0
    instances_added: Count = 0
    capacity_left: Count | None = None
    changes: list[Difference] = []
    allowance: Allowance | None = None
    sends_mail: bool = False


def switches_at(run: Publication) -> datetime | None:
    """Return when it switches to what was prepared, by today's rules of the zone in which that was
    meant; None: it waits for no such moment, or no longer.
    """
    switch = run.plan.switch
    if switch is None or run.ended or any(step.switched_by is not None for step in run.steps):
        return None
    return (switch.meant and meant_at(switch.meant, switch.time_zone)) or switch.at


def planned_for(run: Publication) -> datetime | None:
    """Return the moment that may still be moved: that at which it starts, or if it has, switches;
    None: there is none.
    """
    if is_scheduled(run):
        return run.scheduled_for
    return None if run.cancel_asked_by is not None else switches_at(run)


def waits_for_switch(run: Publication) -> bool:
    return not run.ended and run.waiting_for == WaitingFor.SWITCH


def is_scheduled(run: Publication) -> bool:
    """Return whether the time of the publication is still to come."""
    return PublicationState(run.state) is PublicationState.SCHEDULED


def is_under_way(run: Publication) -> bool:
    return not run.ended and not is_scheduled(run)


def newest_first(runs: Iterable[Publication]) -> list[Publication]:
    return sorted(runs, key=begun, reverse=True)


def begun(run: Publication) -> datetime:
    """Return the moment by which the history is sorted.

    What was cancelled before its time ended then, and is past.
    """
    planned = run.started_at or run.scheduled_for or run.requested_at
    return min(planned, run.ended_at) if run.ended_at else planned


def under_way(runs: Iterable[Publication]) -> Publication | None:
    """Return the publication that runs; of several that are due, the one that began first."""
    found = [run for run in runs if is_under_way(run)]
    return min(found, key=lambda run: (run.started_at is None, run.requested_at), default=None)


def scheduled(runs: Iterable[Publication]) -> list[Publication]:
    """Return the publications to come, the next first."""
    found = [run for run in runs if is_scheduled(run)]
    return sorted(found, key=lambda run: run.scheduled_for or run.requested_at)


def asks_before(run: Publication) -> bool:
    """Return whether going on from its hold is more than to replace what is empty."""
    return run.plan.ends_sessions or run.plan.asks_users


def rest_of(run: Publication) -> PreviewRequest:
    return PreviewRequest(plan=run.plan, rest_of=run.id)


def instead_of(run: Publication) -> PreviewRequest:
    """Return the request for what going back would touch."""
    return PreviewRequest(plan=way_back(run.plan, run.replaces), editing=run.id)
