"""The settings of an environment: where its machines are, which of them serve what, and its rules.

They name credentials (a profile, a key's file), and never hold the secret itself.
"""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.environment import SCALING
from autosky_desktop.domain.server import LONGEST_EXTENSION_HOURS
from autosky_desktop.domain.wire import Instant, Intent, Part, Statement, Word

MOST_MACHINES = 2000
MOST_VALUE = 2000
MOST_WANTED = 200
"""The most instances that may be wanted: a slip of the hand starts no thousand."""

CLOCK_TIME = Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5)
"""`$` alone would let a line end pass."""

Values = dict[str, str | list[str]]
"""The fields of a provider's settings by name, as they are typed or chosen."""


class FieldKind(Word):
    """The kind of a provider's field, which decides how it is asked for. The last four choose from
    what was found.
    """

    TEXT = "text"
    FILE = "file"
    NUMBER = "number"
    CHOICE = "choice"
    MACHINE = "machine"
    MACHINES = "machines"
    GROUP = "group"
    IMAGE = "image"
    UNKNOWN = "unknown"


class ProviderField(Statement, frozen=True, kw_only=True):
    """One field of a provider's settings. Those with `access` are needed to look; the others are
    chosen from what was found. `hint` is an example, `help` a sentence.
    """

    name: str
    label: str
    kind: str = FieldKind.TEXT.value
    access: bool = True
    required: bool = False
    default: str = ""
    hint: str = ""
    help: str = ""
    choices: list[str] = []


class ProviderInfo(Statement, frozen=True, kw_only=True):
    """A provider that this control plane knows. `unusable` is a sentence why it cannot be used
    here (a library that is missing, a plug-in that failed), empty if it can.
    """

    name: str
    title: str
    fields: list[ProviderField] = []
    unusable: str = ""


class ProviderList(Statement, frozen=True, kw_only=True):
    """Every provider that this control plane knows, by title."""

    providers: list[ProviderInfo]


class FindRequest(Intent, frozen=True, kw_only=True):
    """Look at what is there. `values` need no more than the provider's access fields."""

    values: Values = {}


class FoundMachine(Statement, frozen=True, kw_only=True):
    """A machine that was found; `suggests` names the field it seems to be for, `taken_by` the name
    of the environment that has it already.
    """

    id: str
    name: str
    status: str = ""
    address: str = ""
    system: str = ""
    suggests: str = ""
    taken_by: str = ""


class FoundGroup(Statement, frozen=True, kw_only=True):
    """A group that runs, or may run, the instances; `instances` is how many it has now."""

    id: str
    name: str
    instances: int = 0
    suggests: str = ""


class Found(Statement, frozen=True, kw_only=True):
    """The answer to a FindRequest. `suggested` are values for fields that it makes likely."""

    machines: list[FoundMachine] = []
    groups: list[FoundGroup] = []
    images: list[str] = []
    suggested: Values = {}


class EnvironmentSettings(Part, frozen=True, kw_only=True):
    """Everything that a person says of an environment. `id` is empty for a new one; it stays what
    it is, whatever the name becomes. `monthly_reconnections` None: without a limit.
    """

    id: Annotated[str, Meta(max_length=64)] = ""
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    label: Annotated[str, Meta(max_length=32)] = ""
    kind: Annotated[str, Meta(max_length=32)] = SCALING
    time_zone: Annotated[str, Meta(max_length=64)] = "UTC"
    run_hours: Annotated[int, Meta(ge=1, le=24)] = 3
    daily_stop: Annotated[str, CLOCK_TIME] | None = None
    longest_extension_hours: Annotated[int, Meta(ge=1, le=24)] = LONGEST_EXTENSION_HOURS
    monthly_reconnections: Annotated[int, Meta(ge=0, le=1000)] | None = None
    provider: Annotated[str, Meta(min_length=1, max_length=64)]
    values: Values = {}
    paused: bool = False


class Capability(Word):
    """The things that are checked before an environment is used."""

    READ = "read"
    POWER = "power"
    IMAGE = "image"
    REPLACE = "replace"
    SESSIONS = "sessions"
    MESSAGES = "messages"
    CONNECT = "connect"
    LOADS = "loads"
    SHUTDOWN = "shutdown"
    COST = "cost"
    UNKNOWN = "unknown"


class CheckState(Word):
    """The result of a check. `untold`: it cannot be told without changing something."""

    OK = "ok"
    FAILED = "failed"
    UNTOLD = "untold"
    UNKNOWN = "unknown"


class CheckLine(Statement, frozen=True, kw_only=True):
    """One line of a check: `detail` is what was seen, `remedy` the right or the step that is
    missing.
    """

    capability: str
    state: str
    detail: str = ""
    remedy: str = ""


class CheckResult(Statement, frozen=True, kw_only=True):
    """The lines of a check, in the order in which they were tried. Nothing was changed by it."""

    lines: list[CheckLine]
    checked_at: Instant


class Leftover(Statement, frozen=True, kw_only=True):
    """A thing of ours in the cloud that nothing uses: `kind` is `machine`, `image`, `model` or
    `volume`, `why` a sentence.
    """

    kind: str
    id: str
    name: str
    why: str


class LeftoverList(Statement, frozen=True, kw_only=True):
    """The things of ours that an environment's cloud has and nothing uses."""

    leftovers: list[Leftover]
