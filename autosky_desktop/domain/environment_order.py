"""The order of the environments: favourites, those last used, all others by name."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.searching import plain

MANY = 8
"""With no more environments than that, those last used are seen anyway."""
LAST_USED = 5


class Group(IntEnum):
    FAVOURITES = 0
    LAST_USED = 1
    OTHERS = 2


class EnvironmentPlace(NamedTuple):
    """The place of an environment in the list; places sort as the rows do."""

    group: Group
    rank: int
    name: str
    id: str


class EnvironmentOrder:
    """The order of the sidebar's rows.

    `recent` are the ids last opened, newest first: as they were at the start of the program, so
    that no row runs away under the mouse that opens it.
    """

    def __init__(self, favourites: tuple[str, ...] = (), recent: tuple[str, ...] = ()) -> None:
        self._favourites = frozenset(favourites)
        self._ranks = {key: rank for rank, key in enumerate(recent[:LAST_USED])}
        self._crowded = False

    def crowd(self, total: int) -> None:
        """Take in how many environments there are. Once many, always many: the rows stay where they
        are.
        """
        self._crowded = self._crowded or total > MANY

    def place(self, record: Environment) -> EnvironmentPlace:
        return self.place_of(record.id, record.name)

    def place_of(self, key: str, name: str) -> EnvironmentPlace:
        name = plain(name)
        if key in self._favourites:
            return EnvironmentPlace(Group.FAVOURITES, 0, name, key)
        if self._crowded and key in self._ranks:
            return EnvironmentPlace(Group.LAST_USED, self._ranks[key], name, key)
        return EnvironmentPlace(Group.OTHERS, 0, name, key)


def runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Return first and last of each unbroken run of ascending `rows`, the lowest run first."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return reversed(found)
