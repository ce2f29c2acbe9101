"""The environment, server or publication that somebody means by a name or an id."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from autosky_desktop.console.reach import Reached
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.publication import LocatedPublication, Publication, under_way
from autosky_desktop.domain.server import LocatedServer, Server, ServerRole
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _

NOT_FOUND = 404

Named = TypeVar("Named", Environment, Server, Instance)


def environment(reached: Reached, name: str) -> Environment:
    """Return the environment of that id or name. Raises click.UsageError if there is none."""
    return _meant(name, list(reached.store.environments), words.NO_SUCH_ENVIRONMENT)


async def server(reached: Reached, name: str) -> tuple[Environment, Server]:
    """Return the server of that id or name, with its environment.

    Raises click.UsageError if there is none, or several of that name.
    """
    try:
        found = await reached.plane.server(name)
    except Refused as refusal:
        if refusal.problem.status != NOT_FOUND:
            raise
        return await _server_named(reached, name)
    return await _at_home(reached, found)


async def _at_home(reached: Reached, found: LocatedServer) -> tuple[Environment, Server]:
    home = environment(reached, found.environment)
    details = await reached.details(home)
    return home, details.servers.get(found.id) or found


async def _server_named(reached: Reached, name: str) -> tuple[Environment, Server]:
    homes: dict[str, Environment] = {}
    every: list[Server] = []
    for home in list(reached.store.environments):
        servers = list((await reached.details(home)).servers)
        homes.update((it.id, home) for it in servers)
        every += servers
    meant = _meant(name, every, words.NO_SUCH_SERVER)
    return homes[meant.id], meant


async def preparation(reached: Reached, name: str) -> tuple[Environment, Server]:
    """Return a preparation server: of that name, or of the environment of that name."""
    every = list(reached.store.environments)
    if not any(_is(it, name) for it in every):
        return await server(reached, name)
    home = environment(reached, name)
    servers = (await reached.details(home)).servers
    found = next((it for it in servers if it.role == ServerRole.PREPARATION), None)
    if found is None:
        raise click.UsageError(_(words.NO_PREPARATION).format(environment=home.name))
    return home, found


async def publication(reached: Reached, name: str) -> tuple[Environment, Publication]:
    """Return the publication of that id, or the one that runs in the environment of that name."""
    if any(_is(it, name) for it in reached.store.environments):
        home = environment(reached, name)
        running = under_way((await reached.details(home)).publications)
        if running is None:
            raise click.UsageError(_(words.NONE_RUNS).format(environment=home.name))
        return home, running
    try:
        found: LocatedPublication = await reached.plane.publication(name)
    except Refused as refusal:
        if refusal.problem.status != NOT_FOUND:
            raise
        raise click.UsageError(_(words.NO_SUCH_PUBLICATION).format(name=name)) from refusal
    home = environment(reached, found.environment)
    details = await reached.details(home)
    return home, details.publications.get(found.id) or found


def _is(it: Environment, name: str) -> bool:
    return name == it.id or name.casefold() == it.name.casefold()


def _meant(name: str, every: Sequence[Named], missing: str) -> Named:
    """Return the one of that id, or else of that name, in whatever case it is written."""
    ways: tuple[Callable[[Named], bool], ...] = (
        lambda it: it.id == name,
        lambda it: it.name == name,
        lambda it: it.name.casefold() == name.casefold(),
    )
    for is_meant in ways:
        found = [it for it in every if is_meant(it)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(it.id for it in found)
            raise click.UsageError(_(words.SEVERAL).format(name=name, found=ids))
    raise click.UsageError(_(missing).format(name=name))
