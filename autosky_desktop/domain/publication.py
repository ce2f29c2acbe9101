"""Publications: what is asked, what happens in six steps, and what it touches beforehand."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from autosky_desktop.domain.wire import Intent, Truth, Word

NOTE_LENGTH = 200


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


class Options(Intent, frozen=True, kw_only=True):
    """The three switches of the Optimized model."""

    block_instances: bool = True
    terminate_sessions: bool = False
    stop_preparation_server: bool = False


class ChosenOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The same as told of a publication: a switch from the future is ignored, not refused."""


class PublishRequest(Intent, frozen=True, kw_only=True):
    """Publish the preparation server's present state as the environment's next version.

    `expected_version` is the version the operator was shown; another one is refused, so that
    nobody confirms 42 and gets 43.
    """

    expected_version: Annotated[int, Meta(ge=1)]
    model: Literal["optimized"] = "optimized"
    options: Options = Options()
    note: Annotated[str, Meta(max_length=NOTE_LENGTH)] = ""


class PreviewRequest(Intent, frozen=True, kw_only=True):
    model: Literal["optimized"] = "optimized"
    options: Options = Options()


class Step(Truth, frozen=True, kw_only=True):
    """One of the six steps. `done` of `total` is its own progress (percent, or instances).

    `reason` is a word that says why it was skipped or failed, `detail` the provider's own text.
    `attempts` counts how often its work was begun: 2 after a crash in the middle of it.
    """

    name: str
    state: str = StepState.PENDING
    started_at: datetime | None = None
    ended_at: datetime | None = None
    done: int = 0
    total: int = 0
    reason: str | None = None
    detail: str | None = None
    attempts: int = 0


class Publication(Truth, frozen=True, kw_only=True):
    """One run of a publishing model, and what came of it.

    `publisher` is the name shown, `requested_by` the operator who was signed in.
    """

    id: str
    version: int
    model: str
    options: ChosenOptions
    state: str
    publisher: str
    requested_by: str
    requested_at: datetime
    steps: list[Step]
    note: str = ""
    replaces: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    platform_version: str | None = None
    instances_replaced: int = 0
    sessions_ended: int = 0

    @property
    def ended(self) -> bool:
        return PublicationState(self.state) in ENDED

    @property
    def current_step(self) -> int:
        """The number (from 1) of the step that runs or failed; 0 when none does."""
        for number, step in enumerate(self.steps, start=1):
            if StepState(step.state) in (StepState.RUNNING, StepState.FAILED):
                return number
        return 0


class LocatedPublication(Publication, frozen=True, kw_only=True):
    """A publication asked for by its id alone, with the environment it is in."""

    environment: str


class PublicationPage(Truth, frozen=True, kw_only=True):
    """One page of the history, newest first; `next` is the cursor of the following page."""

    publications: list[Publication]
    next: str | None = None


class Check(Truth, frozen=True, kw_only=True):
    """One thing looked at before publishing. `code` says which, the other fields fill it in.

    `level` is `pass`, `warn` or `wait`; one `wait` and the control plane refuses to publish.
    """

    code: str
    level: str
    version: int | None = None
    by: str | None = None
    at: datetime | None = None


class Preview(Truth, frozen=True, kw_only=True):
    """What a publication would touch, as things stand at `checked_at`.

    `expected_seconds` is the median of the last runs, None while there are too few of them;
    `sessions_end` are those that end at once, `sessions_stay` those left to sign out.
    """

    version: int
    replaces: int | None
    instances: int
    sessions_end: int
    sessions_stay: int
    preparation: str
    checks: list[Check]
    checked_at: datetime
    runs: int = 0
    expected_seconds: float | None = None
