"""The states as a person reads them: a word and the kind of its look.

Words are marked with QT_TRANSLATE_NOOP and looked up when they are shown.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from autosky_desktop.domain.attention import Need, stops_soon
from autosky_desktop.domain.environment import Environment, Instance, InstanceState, Label
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    StepName,
    StepState,
    WaitingFor,
)
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.domain.server import ImageState, Server, ServerState
from autosky_desktop.domain.wire import Word
from autosky_desktop.ui.widgets.status import StatusKind
from autosky_desktop.ui.words import counts
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate
from autosky_desktop.ui.words.times import clock, duration, elapsed

Look = tuple[StatusKind, str]

LOOKS: Mapping[Word, Look] = {
    ServerState.STOPPED: (StatusKind.IDLE, QT_TRANSLATE_NOOP("state", "Stopped")),
    ServerState.STARTING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Starting")),
    ServerState.RUNNING: (StatusKind.OK, QT_TRANSLATE_NOOP("state", "Running")),
    ServerState.STOPPING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Stopping")),
    ServerState.RESTARTING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Restarting")),
}

IMAGES: Mapping[Word, Look] = {
    ImageState.NONE: (StatusKind.IDLE, QT_TRANSLATE_NOOP("state", "No image")),
    ImageState.CREATING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Creating")),
    ImageState.AVAILABLE: (StatusKind.OK, QT_TRANSLATE_NOOP("state", "Available")),
    ImageState.FAILED: (StatusKind.BAD, QT_TRANSLATE_NOOP("state", "Failed")),
}

PUBLICATIONS: Mapping[Word, Look] = {
    PublicationState.SCHEDULED: (StatusKind.IDLE, QT_TRANSLATE_NOOP("state", "Scheduled")),
    PublicationState.QUEUED: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Queued")),
    PublicationState.RUNNING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Publishing")),
    PublicationState.WAITING: (StatusKind.BUSY, QT_TRANSLATE_NOOP("state", "Waiting for sessions")),
    PublicationState.SUCCEEDED: (StatusKind.OK, QT_TRANSLATE_NOOP("state", "Completed")),
    PublicationState.FAILED: (StatusKind.BAD, QT_TRANSLATE_NOOP("state", "Failed")),
    PublicationState.CANCELLED: (StatusKind.IDLE, QT_TRANSLATE_NOOP("state", "Cancelled")),
}

STEP_STATES: Mapping[Word, str] = {
    StepState.PENDING: QT_TRANSLATE_NOOP("state", "Waiting"),
    StepState.RUNNING: QT_TRANSLATE_NOOP("state", "Running"),
    StepState.SUCCEEDED: QT_TRANSLATE_NOOP("state", "Done"),
    StepState.SKIPPED: QT_TRANSLATE_NOOP("state", "Skipped"),
    StepState.FAILED: QT_TRANSLATE_NOOP("state", "Failed"),
    StepState.CANCELLED: QT_TRANSLATE_NOOP("state", "Cancelled"),
}

STEP_NAMES: Mapping[Word, str] = {
    StepName.VALIDATION: QT_TRANSLATE_NOOP("state", "Initial validation"),
    StepName.STOP: QT_TRANSLATE_NOOP("state", "Stop preparation server"),
    StepName.IMAGE: QT_TRANSLATE_NOOP("state", "Image creation"),
    StepName.MODEL: QT_TRANSLATE_NOOP("state", "Model creation"),
    StepName.REPLACEMENT: QT_TRANSLATE_NOOP("state", "Instance replacement"),
    StepName.FINALIZATION: QT_TRANSLATE_NOOP("state", "Finalization"),
}

LABELS: Mapping[Word, str] = {
    Label.PRODUCTION: QT_TRANSLATE_NOOP("state", "Production"),
    Label.STAGING: QT_TRANSLATE_NOOP("state", "Staging"),
}

INSTANCES: Mapping[Word, str] = {
    InstanceState.STARTING: QT_TRANSLATE_NOOP("state", "starting"),
    InstanceState.AVAILABLE: QT_TRANSLATE_NOOP("state", "available"),
    InstanceState.BLOCKED: QT_TRANSLATE_NOOP("state", "blocked"),
    InstanceState.DRAINING: QT_TRANSLATE_NOOP("state", "draining"),
    InstanceState.STOPPING: QT_TRANSLATE_NOOP("state", "stopping"),
    InstanceState.TERMINATED: QT_TRANSLATE_NOOP("state", "terminated"),
}

INSTANCE_KINDS: Mapping[Word, StatusKind] = {
    InstanceState.STARTING: StatusKind.BUSY,
    InstanceState.AVAILABLE: StatusKind.OK,
    InstanceState.BLOCKED: StatusKind.WARN,
    InstanceState.DRAINING: StatusKind.WARN,
    InstanceState.STOPPING: StatusKind.BUSY,
    InstanceState.TERMINATED: StatusKind.IDLE,
}

NEEDS: Mapping[Need, str] = {
    Need.UNREACHABLE: QT_TRANSLATE_NOOP("state", "The provider does not answer"),
    Need.SHUTDOWN: QT_TRANSLATE_NOOP("state", "The preparation server stops within the hour"),
    Need.HOLD: QT_TRANSLATE_NOOP("state", "A publication waits for you"),
    Need.PUBLICATION: QT_TRANSLATE_NOOP("state", "The last publication failed"),
    Need.TIME_ZONE: QT_TRANSLATE_NOOP(
        "state", "Its time zone is not known to the control plane, which uses UTC instead"
    ),
}


def as_received(word: str) -> str:
    """Make a word that this version does not know readable: spaces for its hyphens, and a capital
    first.
    """
    text = word.replace("-", " ")
    return text[:1].upper() + text[1:]


def said(word: str) -> str:
    """Put a reason that this version does not know into a sentence."""
    return translate("state", "The control plane says: {word}.").format(word=as_received(word))


def _look(looks: Mapping[Word, Look], state: Word, word: str) -> Look:
    if state not in looks:
        return StatusKind.UNKNOWN, as_received(word)
    kind, text = looks[state]
    return kind, translate("state", text)


def label(word: str) -> str:
    """Name the label of an environment: Production, Staging, or its own word."""
    known = LABELS.get(Label(word))
    return translate("state", known) if known else word[:1].upper() + word[1:]


def server_look(server: Server, *, now: datetime) -> Look:
    """Return how a server is, with the time so far while it is in between."""
    kind, text = _server_look(server.status)
    return kind, _so_far(kind, text, server.since, now)


@lru_cache(maxsize=64)
def _server_look(status: str) -> Look:
    """Look up how a server is. It is cached, being asked for every cell painted, of a handful of
    words.
    """
    return _look(LOOKS, ServerState(status), status)


def state_word(status: str) -> str:
    """Name the state of a server without the time so far: Running, Stopped, …"""
    return _server_look(status)[1]


def image_look(server: Server, *, now: datetime) -> Look:
    """Return how the image of a preparation server is."""
    if server.image_status is None:
        return StatusKind.UNKNOWN, translate("state", "Not reported")
    kind, text = _look(IMAGES, ImageState(server.image_status), server.image_status)
    return kind, _so_far(kind, text, server.image_since, now)


def _so_far(kind: StatusKind, text: str, since: datetime | None, now: datetime) -> str:
    if kind is not StatusKind.BUSY or since is None:
        return text
    return translate("state", "{state}, {time}").format(state=text, time=elapsed(since, now))


def was(look: Look, at: str = "") -> Look:
    """Return how something was when it was last confirmed, for a line that is lost."""
    text = look[1].split(",")[0]
    text = text[:1].lower() + text[1:]
    if not at:
        return StatusKind.UNKNOWN, translate("state", "Was {state}").format(state=text)
    return StatusKind.UNKNOWN, translate("state", "Was {state}, {time}").format(state=text, time=at)


def publication_word(state: PublicationState) -> str:
    """Name the state of a publication: Completed, Failed, Cancelled, …"""
    return _look(PUBLICATIONS, state, state)[1]


def publication_look(run: Publication) -> Look:
    """Return how a publication is, with its step: Completed, Failed at step 3, Step 4 of 6."""
    kind, text = _look(PUBLICATIONS, PublicationState(run.state), run.state)
    if run.reason == Reason.MISSED:
        return kind, translate("state", "Missed")
    if not run.ended and run.waiting_for == WaitingFor.GO_ON and not run.cancel_asked_by:
        return StatusKind.WARN, translate("state", "Waits for you")
    step, steps = run.current_step, len(run.steps)
    if step and kind is StatusKind.BAD:
        return kind, translate("state", "Failed at step {step}").format(step=step)
    if step and kind is StatusKind.BUSY:
        return kind, translate("state", "Step {step} of {steps}").format(step=step, steps=steps)
    return kind, text


def environment_look(environment: Environment, *, now: datetime) -> Look:
    """Return how an environment is in the list: what is in the way, what it is doing, else how its
    preparation server is.
    """
    if alarm := _alarm(environment, now):
        return alarm
    if run := environment.publishing:
        if run.waits_for_you:
            return StatusKind.WARN, translate("state", "Waits for you")
        return StatusKind.BUSY, translate("state", "Publishing {step} of {steps}").format(
            step=run.step, steps=run.steps
        )
    if not environment.is_scaling:
        return StatusKind.IDLE, as_received(environment.kind)
    if environment.preparation is None:
        return StatusKind.IDLE, translate("state", "No preparation server")
    status = environment.preparation.status
    return _look(LOOKS, ServerState(status), status)


def environment_was(environment: Environment, *, now: datetime) -> Look:
    """Return how an environment was when the line was lost; how far a publication is by now, nobody
    knows.
    """
    if alarm := _alarm(environment, now):
        return StatusKind.UNKNOWN, alarm[1]
    if run := environment.publishing:
        waits = translate("state", "Waits for you")
        known = waits if run.waits_for_you else translate("state", "Was publishing")
        return StatusKind.UNKNOWN, known
    look = environment_look(environment, now=now)
    if not environment.is_scaling or environment.preparation is None:
        return StatusKind.UNKNOWN, look[1]  # what it is, and no state that may have changed
    return was(look)


def _alarm(environment: Environment, now: datetime) -> Look | None:
    """Return the warning that goes before everything else, if any; a publication that runs is told
    before an older one.
    """
    preparation = environment.preparation
    if environment.unreachable is not None:
        return StatusKind.UNKNOWN, translate("state", "Not reachable")
    if preparation and preparation.shutdown and stops_soon(environment, now):
        at = clock(preparation.shutdown.at)
        return StatusKind.WARN, translate("state", "Stops {time}").format(time=at)
    if environment.failed_version is not None and not environment.publishing:
        return StatusKind.BAD, translate("state", "Publication failed")
    return None


def needs(found: Mapping[Need, int]) -> list[str]:
    """List each thing that needs a person, in words."""
    told = [translate("state", text) for need, text in NEEDS.items() if need in found]
    if trouble := found.get(Need.TROUBLE):
        told.append(counts.in_trouble(trouble))
    return told


def step_name(word: str) -> str:
    known = STEP_NAMES.get(StepName(word))
    return translate("state", known) if known else as_received(word)


def step_state(word: str) -> str:
    known = STEP_STATES.get(StepState(word))
    return translate("state", known) if known else as_received(word)


def instance_look(instance: Instance) -> Look:
    """Return how an instance is, for a table of them."""
    kind = INSTANCE_KINDS.get(InstanceState(instance.status), StatusKind.UNKNOWN)
    return kind, as_received(instance_state(instance.status))


def instance_state(word: str) -> str:
    known = INSTANCES.get(InstanceState(word))
    return translate("state", known) if known else word.replace("-", " ")


def took(run: Publication, *, now: datetime) -> str:
    """Return the duration of a run so far or in all, as in tables; empty before it starts."""
    if run.started_at is None:
        return ""
    return duration(((run.ended_at or now) - run.started_at).total_seconds())
