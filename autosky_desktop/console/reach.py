"""A command reaches a control plane by its address or its name, or the one of this computer.

It follows the control plane as the window does, so that it knows what is so now, and a line
that breaks is mended under it.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec import Struct

from autosky_desktop.actions.looking_first import LookingFirst
from autosky_desktop.client.control_plane import ControlPlane, connected
from autosky_desktop.client.transport import AccessTokens
from autosky_desktop.console.output import Output
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AnotherPlane, AutoskyError
from autosky_desktop.domain.joined_plane import HERE, JoinedPlane, is_same
from autosky_desktop.flows.follow import Follow
from autosky_desktop.flows.local_plane import LocalPlane
from autosky_desktop.flows.signed_in import KeptSignIn, PlaneSignIn, SignInEnded
from autosky_desktop.server.process import command_line
from autosky_desktop.store.store import EnvironmentDetails, Line, Store
from autosky_desktop.store.table import Table
from autosky_desktop.system import clock, folders
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from autosky_desktop.system.embedded import EmbeddedControlPlane
from autosky_desktop.system.joined_planes import JoinedPlanes
from autosky_desktop.system.kept_file import Unreadable
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _
from autosky_desktop.words.secrets import sentence

T = TypeVar("T")

TOKEN_FILE = click.option("--token-file", type=Path, metavar="FILE", help=words.TOKEN_FILE)
PLANE = click.option("--plane", default="", metavar="NAME", help=words.PLANE)


class Reach(Struct, frozen=True, kw_only=True):
    """The control plane that is meant: the one at `url`, that of the data folder `data`, or the
    one that was joined as `plane`. Where nothing is said, it is the one that is used by itself.
    """

    url: str = ""
    token_file: Path | None = None
    data: Path | None = None
    plane: str = ""


class Way(Struct, frozen=True, kw_only=True):
    """The way to a control plane: to the one at `url`, else to that of the data folder `data`.

    Its token is `token`, or in the keychain at `entry`, or one of a `sign_in`. `id`: no other one
    may answer there.
    """

    url: str = ""
    token: str = ""
    entry: str = ""
    sign_in: KeptSignIn | None = None
    id: str = ""
    data: Path | None = None


class Remote:
    """Connects to a control plane that somebody else runs. It is the one of that `identity`, if
    there is any.
    """

    def __init__(self, url: str, token: str | AccessTokens, identity: str) -> None:
        self._url, self._token, self._identity = url, token, identity

    async def ended(self) -> bool:
        return False

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[ControlPlane]:
        """Yield the control plane. Raises AnotherPlane."""
        async with connected(self._url, self._token) as plane:
            if self._identity and (me := await plane.me()).control_plane_id != self._identity:
                raise AnotherPlane(f"{me.control_plane_id} instead of {self._identity}")
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


def found(reach: Reach) -> Way:
    """Find the way to the control plane that is meant, and ask for a token that is kept nowhere.

    Raises click.UsageError where there is none of that name.
    """
    if sum(map(bool, (reach.url, reach.data, reach.plane))) > 1:
        raise click.UsageError(_(words.ONE_OF_THEM).format(options="--url, --data, --plane"))
    if reach.url:
        return Way(url=reach.url, token=command_line.token(reach.token_file))
    joined = None if reach.data else _joined(reach.plane)
    if joined is None:
        return Way(data=reach.data)
    if joined.sign_in and reach.token_file is None:
        return Way(url=joined.address, sign_in=kept_sign_in(joined), id=joined.id)
    asked = reach.token_file is not None or not joined.entry
    token = command_line.token(reach.token_file) if asked else ""
    return Way(url=joined.address, token=token, entry=joined.entry, id=joined.id)


def kept_sign_in(joined: JoinedPlane) -> KeptSignIn:
    return KeptSignIn(
        plane=joined.name, address=joined.address, entry=joined.entry, folder=folders.settings()
    )


def _joined(name: str) -> JoinedPlane | None:
    """Return the control plane of that name, or without one the used one; None: this computer's."""
    if is_same(name, HERE):
        return None
    with readable_planes() as planes:
        joined = planes.find(name) if name else planes.used()
    if name and joined is None:
        raise click.UsageError(_(words.NO_SUCH_PLANE).format(name=name))
    return joined


@contextmanager
def readable_planes() -> Iterator[JoinedPlanes]:
    """Yield the control planes that were joined. Raises click.ClickException where their file
    cannot be read: what was meant for one must not be done on another.
    """
    try:
        yield JoinedPlanes(folders.settings())
    except Unreadable as cause:
        raise click.ClickException(words.unreadable_planes(cause.aside)) from None


@asynccontextmanager
async def connecting(way: Way) -> AsyncIterator[Remote | LocalPlane]:
    """Yield what connects to the control plane. One of this computer, which is started if need be,
    ends with the block unless another program has it too. Raises KeychainFailed, SignInEnded.
    """
    if way.sign_in:
        async with signed_in(way.sign_in) as tokens:
            yield Remote(way.url, tokens, way.id)
        return
    if way.url:
        yield Remote(way.url, way.token or await _kept(way), way.id)
        return
    folder = way.data or folders.data()
    local = LocalPlane(lambda: EmbeddedControlPlane(folder))
    try:
        yield local
    finally:
        await asyncio.to_thread(local.close)


@asynccontextmanager
async def signed_in(sign_in: KeptSignIn) -> AsyncIterator[PlaneSignIn]:
    """Yield the sign-in. Raises KeychainFailed, SignInEnded."""
    found = PlaneSignIn(sign_in, SystemKeychain())
    await found.token()
    try:
        yield found
    finally:
        await found.settle()


async def _kept(way: Way) -> str:
    secret = await SystemKeychain().get(way.entry)
    if secret is None:
        raise click.ClickException(_(words.TOKEN_IS_GONE))
    return secret.reveal().decode()


@asynccontextmanager
async def reached(way: Way, output: Output) -> AsyncIterator[Reached]:
    """Yield the control plane that is meant, once it answers. Raises AutoskyError if none does."""
    store = Store()
    async with connecting(way) as connector:
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


def said(error: AutoskyError) -> str:
    """Word an error for a terminal."""
    if isinstance(error, AnotherPlane):
        return _(words.ANOTHER_ANSWERS)
    if isinstance(error, SignInEnded):
        return words.not_signed_in(error.plane)
    return sentence(error)


def reaching(work: Callable[..., Awaitable[int]]) -> Callable[..., int]:
    """Make a command of a coroutine that needs a control plane and returns the exit code."""

    @_options
    @functools.wraps(work)
    def command(
        *,
        url: str,
        token_file: Path | None,
        data: Path | None,
        plane: str,
        json: bool,
        **given: Any,
    ) -> int:
        way = found(Reach(url=url, token_file=token_file, data=data, plane=plane))

        async def run() -> int:
            async with reached(way, Output(json=json)) as there:
                return await work(there, **given)

        return asyncio.run(run())

    return command


def _options(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed([
        PLANE,
        click.option("--url", default="", metavar="URL", help=words.URL),
        TOKEN_FILE,
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
