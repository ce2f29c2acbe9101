"""A command reaches a control plane by its address, or the one of this computer.

It follows the control plane as the window does, so that it knows what is so now, and a line
that breaks is mended under it.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec import Struct

from autosky_desktop.actions.looking_first import LookingFirst
from autosky_desktop.client.control_plane import ControlPlane, connected
from autosky_desktop.console.output import Output
from autosky_desktop.domain.environment import Environment
from autosky_desktop.flows.follow import Follow
from autosky_desktop.flows.local_plane import LocalPlane
from autosky_desktop.server.process import command_line
from autosky_desktop.store.store import EnvironmentDetails, Line, Store
from autosky_desktop.store.table import Table
from autosky_desktop.system import clock, folders
from autosky_desktop.system.embedded import EmbeddedControlPlane
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _

T = TypeVar("T")


class Reach(Struct, frozen=True, kw_only=True):
    """The control plane that is meant: the one at `url`, or that of the data folder `data`."""

    url: str = ""
    token_file: Path | None = None
    data: Path | None = None


class Remote:
    """Connects to a control plane that somebody else runs."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token

    async def ended(self) -> bool:
        return False

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[ControlPlane]:
        async with connected(self._url, self._token) as plane:
            yield plane


class Reached:
    """A control plane that a command has reached. `here`: it was started for this command, and
    ends with it.
    """

    def __init__(self, store: Store, follow: Follow, output: Output, following: Any) -> None:
        self.store, self.output = store, output
        self._follow, self._following = follow, following
        self.now: Callable[[], datetime] = store.reckoned(clock.now)
        self.intents = LookingFirst(follow, store, self.now)
        self.here = False

    @property
    def plane(self) -> ControlPlane:
        assert self._follow.plane is not None, "asked before it was reached"
        return self._follow.plane

    async def details(self, environment: Environment) -> EnvironmentDetails:
        """Return all that is known of an environment, read by now. Raises AutoskyError."""
        details = self.store.details(environment.id)
        self._follow.open(environment.id)
        await self.until(lambda: details.revision is not None or details.failure is not None)
        if details.revision is None and details.failure is not None:
            raise details.failure
        return details

    async def live(self) -> None:
        """Wait for the first answer. Raises AutoskyError with why there is none."""
        await self.until(lambda: self.store.connection.line is not Line.STARTING)
        if (cause := self.store.connection.cause) and not self.store.connection.live:
            raise cause

    async def until(self, found: Callable[[], T | None]) -> T:
        """Wait until `found` finds something, which it is asked whenever something has changed.

        Raises AutoskyError once the control plane refuses this command for good.
        """
        changed = asyncio.Event()
        stop = self._watch(changed.set)
        try:
            while True:
                changed.clear()
                if result := found():
                    return result
                line = self.store.connection
                if line.line in (Line.REFUSED, Line.FAILED) and line.cause:
                    raise line.cause
                await self._change(changed)
        finally:
            stop()

    async def _change(self, changed: asyncio.Event) -> None:
        waiting = asyncio.ensure_future(changed.wait())
        try:
            await asyncio.wait({waiting, self._following}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if self._following.done():
            self._following.result()

    def _watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` with every change until what is returned is called."""

        def heard(_diff: object = None) -> None:
            changed()

        tables: list[Table[Any]] = [self.store.environments]
        for it in map(self.store.details, self.store.opened):
            tables += [it.servers, it.instances, it.publications]
        self.store.watch(heard)
        for table in tables:
            table.watch(heard)

        def stop() -> None:
            self.store.unwatch(heard)
            for table in tables:
                table.unwatch(heard)

        return stop


@asynccontextmanager
async def connecting(reach: Reach, token: str) -> AsyncIterator[Remote | LocalPlane]:
    """Yield the way to the control plane that is meant. One of this computer, which is started if
    need be, ends with the block unless another program has it too.
    """
    if reach.url:
        yield Remote(reach.url, token)
        return
    folder = reach.data or folders.data()
    local = LocalPlane(lambda: EmbeddedControlPlane(folder))
    try:
        yield local
    finally:
        await asyncio.to_thread(local.close)


@asynccontextmanager
async def reached(reach: Reach, output: Output, token: str) -> AsyncIterator[Reached]:
    """Yield the control plane that is meant, once it answers. Raises AutoskyError if none does."""
    store = Store()
    async with connecting(reach, token) as connector:
        follow = Follow(store, connector, clock.now)
        following = asyncio.ensure_future(follow.run())
        try:
            found = Reached(store, follow, output, following)
            await found.live()
            found.here = isinstance(connector, LocalPlane) and not connector.shared
            yield found
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


def reaching(work: Callable[..., Awaitable[int]]) -> Callable[..., int]:
    """Make a command of a coroutine that needs a control plane and returns the exit code."""

    @_options
    @functools.wraps(work)
    def command(
        *, url: str, token_file: Path | None, data: Path | None, json: bool, **given: Any
    ) -> int:
        reach = Reach(url=url, token_file=token_file, data=data)
        token = command_line.token(token_file) if url else ""

        async def run() -> int:
            async with reached(reach, Output(json=json), token) as found:
                return await work(found, **given)

        return asyncio.run(run())

    return command


def _options(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed([
        click.option("--url", default="", metavar="URL", help=words.URL),
        click.option("--token-file", type=Path, metavar="FILE", help=words.TOKEN_FILE),
        click.option("--data", type=Path, metavar="FOLDER", help=words.DATA),
        click.option("--json", is_flag=True, help=words.JSON),
    ]):  # fmt: skip
        command = option(command)
    return command


def translate(command: click.Command) -> None:
    """Word the help of a command, and of those in it, in the language of this program."""
    command.help = command.help and _(command.help)
    command.epilog = command.epilog and _(command.epilog)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = parameter.help and _(parameter.help)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            translate(inner)
