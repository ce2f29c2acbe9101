"""The commands of one server, and of one instance: the lines of its menus, and the entries that the
palette has of it.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import Power, Server, ServerRole
from autosky_desktop.words import connecting_menu, counts
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.power import why_not, why_offline


class ServerActions(Protocol):
    """The actions on a server, of whoever shows it."""

    def connect_to(self, server: Server) -> None: ...

    def ask_power(self, server: Server, power: Power) -> None: ...

    def copy_link(self, server: Server) -> None: ...


class InstanceActions(Protocol):
    """The actions on an instance, of whoever shows it."""

    def connect_to_instance(self, instance: Instance) -> None: ...


class ServerCommand(Struct, frozen=True, kw_only=True):
    """A command of one server. `text` stands in its menu; `named`, in the palette, says with {name}
    of which server, and is found by `also` too. `why_not` takes whether the control plane is there.
    `preparation` False: a preparation server has no such command.
    """

    text: str
    named: str
    icon: str
    do: Callable[[ServerActions, Server], None]
    why_not: Callable[[Server, bool], str]
    also: str = ""
    preparation: bool = True

    def is_of(self, server: Server) -> bool:
        return self.preparation or ServerRole(server.role) is not ServerRole.PREPARATION


class PowerCommand(ServerCommand, frozen=True, kw_only=True):
    """A command that switches a server, with its words in the menu of several, of which {n} can be
    asked, or none.
    """

    power: Power
    some: Callable[[int], str]
    none: str


class InstanceCommand(Struct, frozen=True, kw_only=True):
    """A command of one instance; its fields are as those of a server's."""

    text: str
    named: str
    icon: str
    do: Callable[[InstanceActions, Instance], None]
    why_not: Callable[[Instance, bool], str]


def _switching(
    power: Power,
    icon: str,
    text: str,
    named: str,
    some: Callable[[int], str],
    none: str,
    *,
    preparation: bool = True,
) -> PowerCommand:
    return PowerCommand(
        power=power,
        text=text,
        named=named,
        some=some,
        none=none,
        icon=icon,
        do=lambda actions, server: actions.ask_power(server, power),
        why_not=lambda server, live: why_not(server, power, live=live),
        also=labels.A_SERVER,
        preparation=preparation,
    )


CONNECT = ServerCommand(
    text=labels.CONNECT_AS,
    named=labels.CONNECT_TO_NAME_AS,
    icon="monitor",
    do=lambda actions, server: actions.connect_to(server),
    why_not=lambda _server, live: "" if live else why_offline(),
)
START = _switching(
    Power.START,
    "play",
    labels.START_SERVER_ELLIPSIS,
    labels.START_NAME,
    counts.start_servers,
    labels.START_SERVERS,
)
STOP = _switching(
    Power.STOP,
    "stop",
    labels.STOP_SERVER,
    labels.STOP_NAME,
    counts.stop_servers,
    labels.STOP_SERVERS,
)
RESTART = _switching(
    Power.RESTART,
    "restart",
    labels.RESTART,
    labels.RESTART_NAME,
    counts.restart_servers,
    labels.RESTART_SERVERS,
    preparation=False,
)
LINK = ServerCommand(
    text=labels.COPY_LINK,
    named=labels.COPY_LINK_TO_NAME,
    icon="copy",
    do=lambda actions, server: actions.copy_link(server),
    why_not=lambda _server, _live: "",
)

CONNECT_TO_INSTANCE = InstanceCommand(
    text=labels.CONNECT_AS,
    named=labels.CONNECT_TO_NAME_AS,
    icon="monitor",
    do=lambda actions, instance: actions.connect_to_instance(instance),
    why_not=lambda instance, live: connecting_menu.why_not_to(instance, live=live),
)

POWERS = (START, STOP, RESTART)
COPIES = (LINK,)
OF_SERVER = (CONNECT, *POWERS, *COPIES)
"""All commands of a server, in the order of the palette."""
OF_INSTANCE = (CONNECT_TO_INSTANCE,)
