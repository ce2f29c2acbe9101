"""The interface to a cloud: what the control plane asks of it.

Every call that changes something takes the caller's `key` and is safe to repeat with it: the
second call finds what the first one did and does nothing more. Workflows repeat calls after a
crash, so this is what keeps an effect from happening twice. What was answered is remembered for a
provider (ledger.py); it sees to it that a call repeated before that was written down, because the
process died, does nothing twice.

Raises ProviderBusy when trying later may help, ProviderRefused when it will not.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Protocol, runtime_checkable

from msgspec import Struct
from msgspec.structs import force_setattr

from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.environment import Instance, InstanceLoad
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Power, Server
from autosky_desktop.domain.session import Session
from autosky_desktop.domain.wire import Count, within


class ProviderError(Exception):
    """The base of what a provider may raise. `detail` is its own sentence, for people; `code` is
    what it is called wherever it is told: in an answer, in the record of activity, of a step.
    """

    code: ClassVar[Code]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ProviderBusy(ProviderError):
    """The provider is throttled or does not answer: the same call may succeed later."""

    code = Code.PROVIDER_BUSY


class RefusalKind(StrEnum):
    """The kind of a refusal, where it is known. Decisions are made by it, never by the text."""

    NOT_FOUND = "not-found"
    NOT_PERMITTED = "not-permitted"
    CREDENTIALS = "credentials"
    QUOTA = "quota"
    NO_CAPACITY = "no-capacity"
    NO_SPACE = "no-space"
    WRONG_STATE = "wrong-state"
    IN_USE = "in-use"
    HELD = "held"
    """Another control plane has the environment."""
    NO_AGENT = "no-agent"
    """The guest cannot be asked: nothing of ours runs or answers in it."""
    UNKNOWN = "unknown"


class ProviderRefused(ProviderError):
    """The cloud refuses what was asked; asking again changes nothing until a person acts. `remedy`
    is a sentence of what that person can do, empty if that is not known.
    """

    code = Code.PROVIDER_REFUSED

    def __init__(
        self, detail: str, *, kind: RefusalKind = RefusalKind.UNKNOWN, remedy: str = ""
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.remedy = remedy


class ProviderPaused(ProviderRefused):
    """The provider is not asked: somebody paused the environment."""

    code = Code.PAUSED


class Observed(Struct, frozen=True, kw_only=True):
    """An environment as the cloud has it. `Server.shutdown` is ours, and None here. `wanted` is how
    many instances its settings want: a publication starts what is missing and never removes any.
    0: as many as there are.
    """

    servers: list[Server]
    instances: list[Instance]
    wanted: Count = 0


class ImageProgress(Struct, frozen=True, kw_only=True):
    """The progress of an image: `state` is an ImageState word, `percent` 0 to 100, `detail` the
    cloud's reason if it failed.

    No publication ends because of an odd number here: the nearest that can be is meant.
    """

    state: str
    percent: Count
    detail: str = ""

    def __post_init__(self) -> None:
        force_setattr(self, "percent", within(self.percent, 0, 100))


class Admission(StrEnum):
    """The state of new sign-ins on an instance. `draining`: it is about to be replaced."""

    OPEN = "open"
    BLOCKED = "blocked"
    DRAINING = "draining"


class Member(Struct, frozen=True, kw_only=True):
    """An instance with what its replacement needs. `instance.sessions` is None where nobody tells
    who is on it. `model` and `image` are the ids of what it was started from, empty if they are not
    known; `replaces` the id of the instance it was started in place of, also when that one is long
    gone. `failed` is the cloud's sentence why it will never come up, empty while it may.
    """

    instance: Instance
    model: str = ""
    image: str = ""
    replaces: str = ""
    admission: Admission = Admission.OPEN
    failed: str = ""


class Abilities(Struct, frozen=True, kw_only=True):
    """The things that can be done in an environment: tell who is signed in, message them and end
    their sessions, let nobody new on, restart a server, make an image of one that runs.
    """

    sessions: bool = True
    message: bool = True
    end_sessions: bool = True
    block: bool = True
    restart: bool = True
    image_of_running: bool = True


class Provider(Protocol):
    """The calls the control plane makes. Ids are the provider's and opaque."""

    async def read(self, environment: str) -> Observed:
        """Return everything of one environment as it is now."""

    async def abilities(self, environment: str) -> Abilities:
        """Return what can be done there."""

    async def members(self, environment: str) -> list[Member]:
        """Return the instances as they are now, for whoever replaces them."""

    async def start_instance(self, environment: str, *, model: str, replaces: str, key: str) -> str:
        """Begin an instance on `model` in place of another, which goes on, and return its id. Where
        `read` says how many are wanted, `replaces` is empty for one more, with a name of its own.
        """

    async def retire_instance(
        self, environment: str, instance: str, *, end_sessions: bool, key: str
    ) -> int:
        """Remove the instance, whatever it does, and return how many sessions ended with it. Of one
        that is gone nothing is left to do.

        Without `end_sessions` it looks freshly who is there, and raises ProviderRefused of the kind
        IN_USE if anybody is, or might be.
        """

    async def drain(
        self,
        environment: str,
        instance: str,
        *,
        draining: bool,
        end_sessions: bool = False,
        key: str,
    ) -> None:
        """Let nobody new onto an instance that is about to go, or let people on again, unless it
        is blocked. Those who are there go on. `end_sessions`: they will be disconnected, so nobody
        waits for them to leave. Nothing happens when it is gone.
        """

    async def power(self, environment: str, server: str, power: Power, *, key: str) -> None:
        """Begin to start, stop or restart a server; `read` shows when it is done.

        Nothing happens when it is already on the way there or there.
        """

    async def endpoint(self, environment: str, server: str) -> Endpoint:
        """Return how to reach a server or an instance now, with the addresses that `read` gives of
        it.
        """

    async def create_image(self, environment: str, *, key: str) -> str:
        """Begin an image of the preparation server and return the image's id."""

    async def image(self, environment: str, image: str) -> ImageProgress:
        """Return how far the image has come."""

    async def create_model(self, environment: str, *, image: str, version: int, key: str) -> str:
        """Make the instance model (launch template) of `version` from `image` and return its id.

        From then on new instances start on `version`.
        """

    async def block(self, environment: str, *, blocked: bool, key: str) -> None:
        """Let no new session onto the present instances, or let them on again."""

    async def message(
        self, environment: str, sessions: Sequence[str], text: str, *, key: str
    ) -> None:
        """Show `text` to those of these sessions that are there."""

    async def sessions(self, environment: str) -> list[Session]:
        """Return everybody who is on an instance now."""

    async def end_sessions(
        self, environment: str, sessions: Sequence[str], *, key: str
    ) -> list[str]:
        """End these sessions at once and return the ids of those that existed. Instances go on."""


@runtime_checkable
class TellsOfChanges(Protocol):
    """The extra call of a provider that needs no polling; ask with isinstance."""

    async def changed(self) -> Set[str]:
        """Wait until something changed and return the environments it changed in.

        What changed between two calls is remembered for the next one.
        """


@runtime_checkable
class KnowsLeftovers(Protocol):
    """The extra call of a provider that makes things in a cloud; ask with isinstance."""

    async def leftovers(self, environment: str) -> list[Leftover]:
        """Return what is ours there and serves nothing."""


@runtime_checkable
class BeginsTunnels(Protocol):
    """The extra call of a provider whose endpoints name a tunnel; ask with isinstance."""

    async def tunnel(self, environment: str, server: str) -> Tunnel:
        """Begin a tunnel to the port of a server or an instance, and return what opens it."""


@runtime_checkable
class KeepsShutdowns(Protocol):
    """The extra call of a provider whose cloud may switch servers off by itself; ask with
    isinstance.
    """

    async def keep_shutdown(self, environment: str, server: str, at: datetime | None) -> bool:
        """Have the cloud switch the server off at that moment and at no other, None: at none.
        Return whether it will; False where it cannot.
        """


@runtime_checkable
class TellsLoads(Protocol):
    """The extra call of a provider that knows how busy instances are; ask with isinstance."""

    async def loads(self, environment: str) -> list[InstanceLoad]:
        """Return the load of each instance of which it is known."""


@runtime_checkable
class KeepsOthersOut(Protocol):
    """The extra call of a provider whose environment one control plane alone may change; ask with
    isinstance.
    """

    async def keep(self, environment: str) -> None:
        """Keep others out for the next minutes. Raises ProviderRefused of the kind HELD if it is
        another's.
        """


EXTRAS: Mapping[str, type] = MappingProxyType({
    "leftovers": KnowsLeftovers,
    "tunnel": BeginsTunnels,
    "keep_shutdown": KeepsShutdowns,
    "loads": TellsLoads,
    "keep": KeepsOthersOut,
})  # fmt: skip
"""The calls that not every provider has, and who has them."""
