"""A publication's plan: which model, with which options, when, and who is told.

An option is a field of Plan. What was asked is told, kept and asked again as that one struct.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from autosky_desktop.domain.local_time import WallClock, wall_clock
from autosky_desktop.domain.wire import Count, Instant, Intent, Number, Part, Word

NOTE_LENGTH = 200
PUBLISHER_LENGTH = 80
MESSAGE_LENGTH = 300
MOST_MINUTES = 60
MOST_EMAILS = 20
MOST_NAMED = 40
"""As many instances as can be named to go first."""
InstanceName = Annotated[str, Meta(min_length=1, max_length=254)]
WORDS = ("minutes", "version", "time")
_FIELD = re.compile(r"\{(\w*)\}")
_MINUTES = re.compile(r"\{minutes\}(\s+)(minute|minuto)s\b", re.IGNORECASE)
"""In English, Portuguese and Spanish: one minute is no plural."""


class Model(Word):
    """The publishing models. "Scheduled" is not one of them: any of these can be scheduled."""

    OPTIMIZED = "optimized"
    STANDARD = "standard"
    KEEP = "keep-users-connected"
    RECONNECT = "request-reconnection"
    UNKNOWN = "unknown"


MODELS = tuple(model for model in Model if model is not Model.UNKNOWN)


class Options(Part, frozen=True, kw_only=True):
    """The three switches of the Optimized model."""

    block_instances: bool = True
    terminate_sessions: bool = False
    stop_preparation_server: bool = False


class Reconnection(Part, frozen=True, kw_only=True):
    """Users get `message` (placeholders as in `rendered`), again every `again_minutes` (0:
    never again), and are disconnected after `minutes`.
    """

    minutes: Annotated[int, Meta(ge=1, le=MOST_MINUTES)] = 10
    message: Annotated[str, Meta(max_length=MESSAGE_LENGTH)]
    again_minutes: Annotated[int, Meta(ge=0, le=MOST_MINUTES)] = 0


class Deadline(Part, frozen=True, kw_only=True):
    """The moment at which users left in peace by Keep users connected are asked to reconnect."""

    at: Instant
    reconnection: Reconnection


class Hold(Part, frozen=True, kw_only=True):
    """Replace `first` instances, `share` percent of them or those that are `named`, and wait before
    the others.

    For `bake_seconds`; None: until a person says go on. One of `first`, `share` and `named` is
    given.
    """

    first: Number | None = None
    share: Annotated[int, Meta(ge=1, le=99)] | None = None
    named: Annotated[tuple[InstanceName, ...], Meta(max_length=MOST_NAMED)] = ()
    bake_seconds: Annotated[int, Meta(ge=1, le=48 * 3600)] | None = None


def first_of(hold: Hold, total: int, there: Collection[str] = ()) -> int:
    """Return how many of `total` instances, which have the names `there`, are replaced before the
    hold: of those that are named all that are there, and if none is, one other.
    """
    if hold.named:
        return max(1, len(set(hold.named).intersection(there)))
    return hold.first or ceil(total * (hold.share or 0) / 100)


class Schedule(Intent, frozen=True, kw_only=True):
    """The moment, and the IANA zone in which it was chosen and is told."""

    at: Instant
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)]


class Switch(Part, frozen=True, kw_only=True):
    """The moment at which what was prepared takes the instances' place, in the zone in which it was
    chosen. `meant` is what the clock there shall show, which whoever accepts it fills in.
    """

    at: Instant
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)]
    meant: WallClock | None = None


def switch_of(at: datetime, time_zone: str) -> Switch:
    """Return the switch at that moment, with what the clock shows there then."""
    return Switch(at=at, time_zone=time_zone, meant=wall_clock(at, time_zone))


class Plan(Part, frozen=True, kw_only=True):
    """The options of a publication, and who is told of its end. `options` belong to Optimized,
    `reconnection` to Request user reconnection, `deadline` to Keep users connected; with another
    model they are refused.

    `image_of` is the earlier version whose image is published again, under the next number; 0: what
    ran before the first one; None: the preparation server as it is. With a `switch` everything is
    prepared at once, and instances are replaced from that moment on. Without
    `stop_at_first_failure` instances that fail stay on the old version, and the others go on.
    `emails`, at most MOST_EMAILS, are told at the end.
    """

    model: str = Model.OPTIMIZED.value
    options: Options = Options()
    reconnection: Reconnection | None = None
    deadline: Deadline | None = None
    hold: Hold | None = None
    image_of: Count | None = None
    switch: Switch | None = None
    stop_at_first_failure: bool = True
    emails: tuple[str, ...] = ()

    @property
    def ends_sessions(self) -> bool:
        """Return whether sessions end without their users having been asked."""
        ends = self.model == Model.OPTIMIZED and self.options.terminate_sessions
        return ends or self.model == Model.STANDARD

    @property
    def asks_users(self) -> bool:
        """Return whether users are asked to reconnect, at once or at a deadline."""
        return self.model == Model.RECONNECT or self.deadline is not None

    @property
    def blocks_instances(self) -> bool:
        """Return whether nobody can sign in to the old instances meanwhile."""
        return self.model == Model.OPTIMIZED and self.options.block_instances

    @property
    def stops_preparation_server(self) -> bool:
        """Return whether the preparation server is stopped while its image is made."""
        return self.model == Model.OPTIMIZED and self.options.stop_preparation_server


def way_back(plan: Plan, version: int | None) -> Plan:
    """Return the plan that publishes again the version which was to be replaced.

    Users who were asked to reconnect once are not asked again: theirs is what Keep does.
    """
    model = Model.KEEP.value if plan.model == Model.RECONNECT else plan.model
    return replace(
        plan,
        model=model,
        reconnection=None,
        deadline=None,
        hold=None,
        image_of=version,
        switch=None,
    )


class PreviewRequest(Intent, frozen=True, kw_only=True):
    """A request to preview what a publication would touch: at the moment `at` of a schedule, or now
    if that is None. `editing` is the id of the publication that is planned anew or gone back from,
    which is not in the way. `rest_of` is the id of one that failed or is held: only what is left of
    it is looked at.
    """

    plan: Plan = Plan()
    at: Instant | None = None
    editing: Annotated[str, Meta(max_length=64)] | None = None
    rest_of: Annotated[str, Meta(max_length=64)] | None = None


class PublishRequest(Intent, frozen=True, kw_only=True):
    """Publish the environment's next version, now or at the moment of `schedule`.

    `expected_version` is the version the operator was shown; another one is refused, so that
    nobody confirms 42 and gets 43. A scheduled one takes whatever number is next when it runs.
    `publisher` empty: the operator.
    """

    expected_version: Number
    plan: Plan = Plan()
    note: Annotated[str, Meta(max_length=NOTE_LENGTH)] = ""
    publisher: Annotated[str, Meta(max_length=PUBLISHER_LENGTH)] = ""
    schedule: Schedule | None = None


class MoveRequest(Intent, frozen=True, kw_only=True):
    """Move a scheduled publication from `expected`, the moment the operator was shown."""

    expected: Instant
    schedule: Schedule


class EditRequest(PublishRequest, frozen=True, kw_only=True):
    """A new plan for a scheduled publication, refused if that changed since `unchanged_since`."""

    unchanged_since: Instant


class HoldDecision(StrEnum):
    """The answer to a hold: replace the other instances too, or put the replaced ones back."""

    ON = "on"
    BACK = "back"


class GoOn(Intent, frozen=True, kw_only=True):
    way: HoldDecision = HoldDecision.ON


def unknown(text: str) -> list[str]:
    """Return the words in braces that no value is known for, in the order they come."""
    return [word for word in _FIELD.findall(text) if word not in WORDS]


def rendered(text: str, *, minutes: int, version: int, time: str) -> str:
    """Return what users see; `time` says when they are disconnected. Unknown fields stay."""
    values: Mapping[str, str] = {"minutes": str(minutes), "version": str(version), "time": time}
    if minutes == 1:
        text = _MINUTES.sub(r"{minutes}\1\2", text)
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), text)
