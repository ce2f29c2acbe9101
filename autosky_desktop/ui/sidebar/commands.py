"""The commands of one environment: the lines of its menu in the list, and the palette's entries."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from autosky_desktop.domain.environment import Environment
from autosky_desktop.words.labels import environments
from autosky_desktop.words.labels import frame as labels


class EnvironmentActions(Protocol):
    """The actions on an environment, which is given by its id."""

    def open(self, environment: str) -> None: ...

    def favour(self, environment: str) -> None: ...

    def copy_link(self, environment: str) -> None: ...

    def edit(self, environment: str) -> None: ...

    def pause(self, environment: str) -> None: ...

    def remove(self, environment: str) -> None: ...


class EnvironmentCommand(NamedTuple):
    """A command of one environment. `text` stands in its menu, `of_favourite` instead of it when
    that is among the favourites; `named`, in the palette, says with {name} of which environment,
    and is found by `also` too. `of_paused` and `named_of_paused` stand instead where it is paused.
    One that `asks` is off without a connection; `after_line` begins a group in the menu.
    """

    text: str
    named: str
    do: Callable[[EnvironmentActions, str], None]
    of_favourite: str = ""
    also: str = ""
    of_paused: str = ""
    named_of_paused: str = ""
    asks: bool = False
    after_line: bool = False

    def text_of(self, environment: Environment, *, favourite: bool) -> str:
        """Return its text in the menu of that environment."""
        if environment.paused and self.of_paused:
            return self.of_paused
        return self.of_favourite if favourite and self.of_favourite else self.text

    def name_of(self, environment: Environment) -> str:
        """Return its name in the palette, for that environment."""
        paused = environment.paused and self.named_of_paused
        return self.named_of_paused if paused else self.named


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
    EnvironmentCommand(
        environments.EDIT,
        environments.EDIT_NAME_ELLIPSIS,
        lambda actions, environment: actions.edit(environment),
        asks=True,
        after_line=True,
    ),
    EnvironmentCommand(
        environments.PAUSE,
        environments.PAUSE_NAME,
        lambda actions, environment: actions.pause(environment),
        of_paused=environments.RESUME,
        named_of_paused=environments.RESUME_NAME,
        asks=True,
    ),
    EnvironmentCommand(
        environments.REMOVE,
        environments.REMOVE_NAME,
        lambda actions, environment: actions.remove(environment),
        asks=True,
    ),
)
