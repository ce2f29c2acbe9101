"""The interface to the machines of a real environment, as a cloud or a hypervisor knows them.

A real environment is made of three: a cloud has machines, the guest system on a machine knows who
is signed in, and a channel takes a script to a guest (both in guest.py). So each cloud serves every
guest, and waiting for people, batches and holds are written once, in the workflow.

A call that makes something takes the caller's `key` and marks what it makes with it: a second call
with that key finds it and makes nothing. All other calls may be repeated by their nature: what is
there already is left as it is. Everything made carries our tag (environment, role, key).

Raises ProviderBusy when trying later may help, ProviderRefused, with its kind, when it will not.
"""

from collections.abc import Container, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import count
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from msgspec import Struct

from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.domain.server import Power, Server
from autosky_desktop.server.providers.guest import Channel
from autosky_desktop.server.providers.provider import Admission, ImageProgress, Member


class Platform(StrEnum):
    """The system of a guest, which decides how it is asked."""

    LINUX = "linux"
    WINDOWS = "windows"
    UNKNOWN = "unknown"


class CloudReading(Struct, frozen=True, kw_only=True):
    """The machines of an environment at one moment. `platforms` is by the id of a machine. A cloud
    does not know people: `sessions` of its members is None.
    """

    servers: list[Server]
    members: list[Member]
    platforms: Mapping[str, Platform] = MappingProxyType({})


class Holder(Struct, frozen=True, kw_only=True):
    """The control plane that alone may change an environment, until then: its id, and its name for
    people.
    """

    id: str
    name: str
    until: datetime


class Cloud(Protocol):
    """The calls made of one environment's machines. Ids are the cloud's and opaque.

    `images_while_running`: whether an image can be made of a preparation server that is on.
    """

    images_while_running: bool

    async def read(self) -> CloudReading:
        """Return all servers and instances as they are now."""

    async def power(self, server: str, power: Power) -> None:
        """Begin to start, stop or restart a server; `read` shows when it is done."""

    async def endpoint(self, machine: str) -> Endpoint:
        """Return how to reach a server or an instance now; `present` is None."""

    async def create_image(self, *, key: str) -> str:
        """Begin an image of the preparation server and return the image's id."""

    async def image(self, image: str) -> ImageProgress:
        """Return how far the image has come."""

    async def create_model(self, *, image: str, version: int, key: str) -> str:
        """Make the model (launch template) of `version` from `image` and return its id."""

    async def start_instance(self, *, model: str, name: str, replaces: str, key: str) -> str:
        """Begin one instance on `model`, in place of another that goes on, and return its id.

        `name` is that of the other one, empty when that is gone: with a key that made nothing yet,
        this is refused as NOT_FOUND then. An empty `replaces` begins one more: the cloud names it.
        """

    async def retire_instance(self, instance: str) -> None:
        """Remove the instance with all that is its own, at once. Gone already: nothing happens."""

    async def mark(self, instance: str, admission: Admission) -> None:
        """Note at the instance itself whether it lets people on, for whoever reads it later."""

    async def holder(self) -> Holder | None:
        """Return who was noted last by `hold`; None: nobody, or it cannot be read as such."""

    async def hold(self, holder: Holder | None) -> None:
        """Note at the preparation server, where every control plane finds it, who holds the
        environment, in place of whoever was noted there; None: nobody.

        It is a note and no lock. Whoever calls this keeps the rules.
        """

    def channel(self, machine: str) -> Channel:
        """Return the way to the guest on that machine."""

    async def leftovers(self) -> list[Leftover]:
        """Return what carries this environment's tag and serves nothing."""

    async def close(self) -> None:
        """Let go of connections; nothing is asked afterwards."""


def numbered(base: str, taken: Container[str]) -> str:
    """Return a name for one more instance that none has: the base and the first free number."""
    names = (f"{base}-{number:02}" for number in count(1))
    return next(name for name in names if name not in taken)


@runtime_checkable
class TellsOfMachines(Protocol):
    """The extra call of a cloud that tells when a machine changed; ask with isinstance."""

    async def changed(self) -> None:
        """Wait until something changed. What changed between two calls is remembered."""


@runtime_checkable
class SwitchesOff(Protocol):
    """The extra call of a cloud that switches servers off by itself, where it was `trusted` with
    it; ask with isinstance.
    """

    trusted: bool

    async def switch_off(self, server: str, at: datetime | None) -> None:
        """Switch the server off at that moment and at no other, None: at none."""


@runtime_checkable
class KnowsLoads(Protocol):
    """The extra call of a cloud that knows how busy instances are; ask with isinstance."""

    async def loads(self) -> list[InstanceLoad]:
        """Return the load of each instance of which it is known."""


@runtime_checkable
class LeadsToMachines(Protocol):
    """The extra call of a cloud whose endpoints name a tunnel; ask with isinstance."""

    async def tunnel(self, machine: str) -> Tunnel:
        """Begin a tunnel to the port of a machine, and return what opens it."""
