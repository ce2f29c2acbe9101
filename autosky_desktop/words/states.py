"""The states as a person reads them: a word and its kind, by which the window gives it a look.

Words are marked and looked up when they are shown.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache

from autosky_desktop.domain.attention import Need, stops_soon
from autosky_desktop.domain.environment import (
    Environment,
    Instance,
    InstanceState,
    Label,
    ProviderTrouble,
)
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    StepName,
    StepState,
    WaitingFor,
    waits_for_switch,
)
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.domain.server import ImageState, Server, ServerState
from autosky_desktop.domain.wire import Word
from autosky_desktop.words import counts, language
from autosky_desktop.words.language import N_, NP_, _, pgettext
from autosky_desktop.words.times import clock, duration, elapsed


class StatusKind(Enum):
    """The meaning of a state to a person; `UNKNOWN` is also for values that are no longer
    confirmed.
    """

    OK = "ok"
    IDLE = "idle"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


Look = tuple[StatusKind, str]

LOOKS: Mapping[Word, Look] = {
    ServerState.STOPPED: (StatusKind.IDLE, NP_("server", "Stopped")),
    ServerState.STARTING: (StatusKind.BUSY, NP_("server", "Starting")),
    ServerState.RUNNING: (StatusKind.OK, NP_("server", "Running")),
    ServerState.STOPPING: (StatusKind.BUSY, NP_("server", "Stopping")),
    ServerState.RESTARTING: (StatusKind.BUSY, NP_("server", "Restarting")),
}

INSIDE: Mapping[Word, str] = {
    ServerState.STOPPED: NP_("the server is", "stopped"),
    ServerState.STARTING: NP_("the server is", "starting"),
    ServerState.RUNNING: NP_("the server is", "running"),
    ServerState.STOPPING: NP_("the server is", "stopping"),
    ServerState.RESTARTING: NP_("the server is", "restarting"),
}
"""The states of a server inside a sentence."""

WAS: Mapping[Word, str] = {
    ServerState.STOPPED: NP_("server", "Was stopped"),
    ServerState.STARTING: NP_("server", "Was starting"),
    ServerState.RUNNING: NP_("server", "Was running"),
    ServerState.STOPPING: NP_("server", "Was stopping"),
    ServerState.RESTARTING: NP_("server", "Was restarting"),
}
"""The states of a server when they were last confirmed."""

IMAGES_WERE: Mapping[Word, str] = {
    ImageState.NONE: NP_("image", "Had no image"),
    ImageState.CREATING: NP_("image", "Was being created"),
    ImageState.AVAILABLE: NP_("image", "Was available"),
    ImageState.FAILED: NP_("image", "Had failed"),
}
"""The states of an image when they were last confirmed."""

SERVER_TYPES = (
    NP_("type of server", "Database"),
    NP_("type of server", "File"),
    NP_("type of server", "Web"),
)
"""The types of servers that providers usually tell."""

IMAGES: Mapping[Word, Look] = {
    ImageState.NONE: (StatusKind.IDLE, NP_("image", "No image")),
    ImageState.CREATING: (StatusKind.BUSY, NP_("image", "Creating")),
    ImageState.AVAILABLE: (StatusKind.OK, NP_("image", "Available")),
    ImageState.FAILED: (StatusKind.BAD, NP_("image", "Failed")),
}

PUBLICATIONS: Mapping[Word, Look] = {
    PublicationState.SCHEDULED: (StatusKind.IDLE, NP_("publication", "Scheduled")),
    PublicationState.QUEUED: (StatusKind.BUSY, NP_("publication", "Queued")),
    PublicationState.RUNNING: (StatusKind.BUSY, NP_("publication", "Publishing")),
    PublicationState.WAITING: (StatusKind.BUSY, NP_("publication", "Waiting for sessions")),
    PublicationState.SUCCEEDED: (StatusKind.OK, NP_("publication", "Completed")),
    PublicationState.FAILED: (StatusKind.BAD, NP_("publication", "Failed")),
    PublicationState.CANCELLED: (StatusKind.IDLE, NP_("publication", "Cancelled")),
}

STEP_STATES: Mapping[Word, str] = {
    StepState.PENDING: NP_("step", "Waiting"),
    StepState.RUNNING: NP_("step", "Running"),
    StepState.SUCCEEDED: NP_("step", "Done"),
    StepState.SKIPPED: NP_("step", "Skipped"),
    StepState.FAILED: NP_("step", "Failed"),
    StepState.CANCELLED: NP_("step", "Cancelled"),
}

STEP_NAMES: Mapping[Word, str] = {
    StepName.VALIDATION: NP_("name of a step", "Initial validation"),
    StepName.STOP: NP_("name of a step", "Stop preparation server"),
    StepName.IMAGE: NP_("name of a step", "Image creation"),
    StepName.MODEL: NP_("name of a step", "Model creation"),
    StepName.REPLACEMENT: NP_("name of a step", "Instance replacement"),
    StepName.FINALIZATION: NP_("name of a step", "Finalization"),
}

LABELS: Mapping[Word, str] = {
    Label.PRODUCTION: N_("Production"),
    Label.STAGING: N_("Staging"),
}

INSTANCES: Mapping[Word, str] = {
    InstanceState.STARTING: NP_("instance", "starting"),
    InstanceState.AVAILABLE: NP_("instance", "available"),
    InstanceState.BLOCKED: NP_("instance", "blocked"),
    InstanceState.DRAINING: NP_("instance", "draining"),
    InstanceState.STOPPING: NP_("instance", "stopping"),
    InstanceState.TERMINATED: NP_("instance", "terminated"),
}

INSTANCE_KINDS: Mapping[Word, StatusKind] = {
    InstanceState.STARTING: StatusKind.BUSY,
    InstanceState.AVAILABLE: StatusKind.OK,
    InstanceState.BLOCKED: StatusKind.WARN,
    InstanceState.DRAINING: StatusKind.WARN,
    InstanceState.STOPPING: StatusKind.BUSY,
    InstanceState.TERMINATED: StatusKind.IDLE,
}

TROUBLES: Mapping[Word, str] = {
    ProviderTrouble.UNREACHABLE: N_("Not reachable"),
    ProviderTrouble.CREDENTIALS: N_("Credentials not valid"),
    ProviderTrouble.NOT_PERMITTED: N_("Permission missing"),
    ProviderTrouble.QUOTA: N_("Quota reached"),
    ProviderTrouble.NO_CAPACITY: N_("No capacity"),
    ProviderTrouble.NO_SPACE: N_("No space left"),
    ProviderTrouble.NOT_FOUND: N_("Something is missing"),
    ProviderTrouble.HELD: N_("Held elsewhere"),
    ProviderTrouble.NO_AGENT: N_("No agent answers"),
    ProviderTrouble.UNKNOWN: N_("Cannot be read"),
}
"""Why an environment cannot be read, in the words of a list."""

NEEDS: Mapping[Need, str] = {
    Need.UNREACHABLE: N_("The environment cannot be read"),
    Need.SHUTDOWN: N_("The preparation server stops within the hour"),
    Need.HOLD: N_("A publication waits for you"),
    Need.PUBLICATION: N_("The last publication failed"),
    Need.TIME_ZONE: N_("Its time zone is not known to the control plane, which uses UTC instead"),
}


def as_received(word: str) -> str:
    """Make a word that this version does not know readable: spaces for its hyphens, and a capital
    first.
    """
    text = word.replace("-", " ")
    return text[:1].upper() + text[1:]


def _inside(word: str) -> str:
    """Make a word that this version does not know readable inside a sentence."""
    return word.replace("-", " ")


def said(word: str) -> str:
    """Put a reason that this version does not know into a sentence."""
    return _("The control plane says: {word}.").format(word=as_received(word))


def _look(what: str, looks: Mapping[Word, Look], state: Word, word: str) -> Look:
    """Look up a state; `what` is in it, since some languages say "stopped" differently of each."""
    if state not in looks:
        return StatusKind.UNKNOWN, as_received(word)
    kind, text = looks[state]
    return kind, pgettext(what, text)


def label(word: str) -> str:
    """Name the label of an environment: Production, Staging, or its own word."""
    known = LABELS.get(Label(word))
    return _(known) if known else word[:1].upper() + word[1:]


def server_look(server: Server, *, now: datetime) -> Look:
    """Return how a server is, with the time so far while it is in between."""
    kind, text = _server_look(server.status, language.code())
    return kind, _so_far(kind, text, server.since, now)


@lru_cache(maxsize=64)
def _server_look(status: str, _language: str) -> Look:
    """Look up how a server is. It is cached, being asked for every cell painted, of a handful of
    words.
    """
    return _look("server", LOOKS, ServerState(status), status)


def state_word(status: str) -> str:
    """Name the state of a server without the time so far: Running, Stopped, …"""
    return _server_look(status, language.code())[1]


def state_inside(status: str) -> str:
    """Name the state of a server inside a sentence: running, stopped, …"""
    known = INSIDE.get(ServerState(status))
    return pgettext("the server is", known) if known else _inside(status)


def server_type(word: str) -> str:
    """Name the type of a server: Database; a type that we do not know is told as it came."""
    return pgettext("type of server", word) if word in SERVER_TYPES else word


def image_look(server: Server, *, now: datetime) -> Look:
    """Return how the image of a preparation server is."""
    if server.image_status is None:
        return StatusKind.UNKNOWN, _("Not reported")
    kind, text = _look("image", IMAGES, ImageState(server.image_status), server.image_status)
    return kind, _so_far(kind, text, server.image_since, now)


def _so_far(kind: StatusKind, text: str, since: datetime | None, now: datetime) -> str:
    if kind is not StatusKind.BUSY or since is None:
        return text
    return _with_time(text, elapsed(since, now))


def server_was(status: str, at: str = "") -> Look:
    """Return how a server was when it was last confirmed (`at`), for a line that is lost."""
    return _was("server", WAS.get(ServerState(status)), status, at)


def image_was(status: str | None, at: str = "") -> Look:
    """Return how an image was when it was last confirmed (`at`), for a line that is lost."""
    if status is None:
        return StatusKind.UNKNOWN, _with_time(_("Was not reported"), at)
    return _was("image", IMAGES_WERE.get(ImageState(status)), status, at)


def _was(what: str, known: str | None, word: str, at: str) -> Look:
    text = pgettext(what, known) if known else _("Was {state}").format(state=_inside(word))
    return StatusKind.UNKNOWN, _with_time(text, at)


def _with_time(text: str, at: str) -> str:
    return _("{state}, {time}").format(state=text, time=at) if at else text


def publication_word(state: PublicationState) -> str:
    """Name the state of a publication: Completed, Failed, Cancelled, …"""
    return _look("publication", PUBLICATIONS, state, state)[1]


def publication_look(run: Publication) -> Look:
    """Return how a publication is, with its step: Completed, Failed at step 3, Step 4 of 6."""
    kind, text = _look("publication", PUBLICATIONS, PublicationState(run.state), run.state)
    if run.reason == Reason.MISSED:
        return kind, _("Missed")
    if not run.ended and run.waiting_for == WaitingFor.GO_ON and not run.cancel_asked_by:
        return StatusKind.WARN, _("Waits for you")
    if waits_for_switch(run) and not run.cancel_asked_by:
        return StatusKind.OK, _("Prepared")
    step, steps = run.current_step, len(run.steps)
    if step and kind is StatusKind.BAD:
        return kind, _("Failed at step {step}").format(step=step)
    if step and kind is StatusKind.BUSY:
        return kind, _("Step {step} of {steps}").format(step=step, steps=steps)
    return kind, text


def environment_look(environment: Environment, *, now: datetime) -> Look:
    """Return how an environment is in the list: what is in the way, what it is doing, else how its
    preparation server is.
    """
    if alarm := _alarm(environment, now):
        return alarm
    if run := environment.publishing:
        if run.waits_for_you:
            return StatusKind.WARN, _("Waits for you")
        if run.prepared:
            return StatusKind.OK, _("Prepared")
        return StatusKind.BUSY, _("Publishing {step} of {steps}").format(
            step=run.step, steps=run.steps
        )
    if not environment.is_scaling:
        return StatusKind.IDLE, as_received(environment.kind)
    if environment.preparation is None:
        return StatusKind.IDLE, _("No preparation server")
    status = environment.preparation.status
    return _look("server", LOOKS, ServerState(status), status)


def environment_was(environment: Environment, *, now: datetime) -> Look:
    """Return how an environment was when the line was lost; how far a publication is by now, nobody
    knows.
    """
    if alarm := _alarm(environment, now):
        return StatusKind.UNKNOWN, alarm[1]
    if run := environment.publishing:
        waits = _("Waits for you")
        known = waits if run.waits_for_you else _("Was publishing")
        return StatusKind.UNKNOWN, known
    if not environment.is_scaling or environment.preparation is None:
        # what it is, and no state that may have changed
        return StatusKind.UNKNOWN, environment_look(environment, now=now)[1]
    return server_was(environment.preparation.status)


def _alarm(environment: Environment, now: datetime) -> Look | None:
    """Return the warning that goes before everything else, if any; a publication that runs is told
    before an older one.
    """
    preparation = environment.preparation
    if environment.paused:
        return StatusKind.IDLE, _("Paused")
    if environment.unreachable is not None:
        return StatusKind.UNKNOWN, _(TROUBLES[ProviderTrouble(environment.trouble or "unknown")])
    if preparation and preparation.shutdown and stops_soon(environment, now):
        at = clock(preparation.shutdown.at)
        return StatusKind.WARN, _("Stops {time}").format(time=at)
    if environment.failed_version is not None and not environment.publishing:
        return StatusKind.BAD, _("Publication failed")
    return None


def halted(environment: Environment) -> tuple[str, str]:
    """Say why an environment is not read, and what can be done: a sentence, and those after it."""
    if environment.paused:
        lead = _("{environment} is paused.").format(environment=environment.name)
        return lead, _("Its provider is asked for nothing. What is shown is from before.")
    lead = _("{environment} cannot be read now.").format(environment=environment.name)
    return lead, " ".join(filter(None, (environment.unreachable, environment.remedy)))


def needs(found: Mapping[Need, int]) -> list[str]:
    """List each thing that needs a person, in words."""
    told = [_(text) for need, text in NEEDS.items() if need in found]
    if trouble := found.get(Need.TROUBLE):
        told.append(counts.in_trouble(trouble))
    return told


def step_name(word: str) -> str:
    known = STEP_NAMES.get(StepName(word))
    return pgettext("name of a step", known) if known else as_received(word)


def step_state(word: str) -> str:
    known = STEP_STATES.get(StepState(word))
    return pgettext("step", known) if known else as_received(word)


def instance_look(instance: Instance) -> Look:
    """Return how an instance is, for a table of them."""
    kind = INSTANCE_KINDS.get(InstanceState(instance.status), StatusKind.UNKNOWN)
    return kind, as_received(instance_state(instance.status))


def instance_state(word: str) -> str:
    known = INSTANCES.get(InstanceState(word))
    return pgettext("instance", known) if known else _inside(word)


def took(run: Publication, *, now: datetime) -> str:
    """Return the duration of a run so far or in all, as in tables; empty before it starts."""
    if run.started_at is None:
        return ""
    return duration(((run.ended_at or now) - run.started_at).total_seconds())
