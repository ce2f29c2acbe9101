"""The commands of one environment: the lines of its menu in the list, and the palette's entries."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from autosky_desktop.words.labels import frame as labels


class EnvironmentActions(Protocol):
    """The actions on an environment, which is given by its id."""

    def open(self, environment: str) -> None: ...

    def favour(self, environment: str) -> None: ...

    def copy_link(self, environment: str) -> None: ...


class EnvironmentCommand(NamedTuple):
    """A command of one environment. `text` stands in its menu, `of_favourite` instead of it when
    that is among the favourites; `named`, in the palette, says with {name} of which environment,
    and is found by `also` too.
    """

    text: str
    named: str
    do: Callable[[EnvironmentActions, str], None]
    of_favourite: str = ""
    also: str = ""


OF_ENVIRONMENT = (
    EnvironmentCommand(
        labels.OPEN,
        labels.OPEN_NAME,
        lambda actions, environment: actions.open(environment),
    ),
    EnvironmentCommand(
        labels.ADD_TO_FAVOURITES,
        labels.FAVOURITE_NAME,
        lambda actions, environment: actions.favour(environment),
        of_favourite=labels.REMOVE_FROM_FAVOURITES,
        also=labels.ADD_TO_OR_REMOVE,
    ),
    EnvironmentCommand(
        labels.COPY_LINK,
        labels.COPY_LINK_TO_NAME,
        lambda actions, environment: actions.copy_link(environment),
    ),
)
