"""The composition root of the control plane: its process, embedded in a desktop or on its own.

An embedded one is spoken to in one way: it prints one line of JSON on stdout, `{"url", "token",
"shared"}` or `{"error", "detail"}`, and ends when its stdin does. What is heavy is imported only
after the folder's lock is held, so that a second process on the folder costs next to nothing.
"""

import argparse
import asyncio
import gc
import getpass
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from socket import socket
from types import TracebackType
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from autosky_desktop.domain.text import readable
from autosky_desktop.server.process import command_line, lazy_imports
from autosky_desktop.server.process.command_line import LOOPBACK
from autosky_desktop.server.process.data_folder import CannotServe, enter, told
from autosky_desktop.server.process.lease import Leases, address, lease
from autosky_desktop.words import command_line as words

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from autosky_desktop.domain.mail import MailServer
    from autosky_desktop.server.metrics.serving import ServedMeters
    from autosky_desktop.server.plane import PlaneSettings, RunningControlPlane
    from autosky_desktop.server.process.certificate import Certificate
    from autosky_desktop.server.sign_in.openid_settings import OpenIdSettings

LOOPBACKS = frozenset({LOOPBACK, "localhost"})
SHARING_TRIES = 300
SHARING_PAUSE_SECONDS = 0.05
ANSWERS_FIRST_SECONDS = 0.25
"""A window that waits for its servers asks for them at once."""
STDIN = 0
NOBODY = "operator"
"""Who acts where the system has no name for them."""
EMBEDDED_SPEED = 20.0
"""On a workstation the demo shows in a minute what takes twenty."""
STILL = 0.01
"""The speed below which the demo's cloud stands still: nobody signs in or out."""

Ready = Callable[["RunningControlPlane"], None]


class FirstLine:
    """The one line on stdout. If nothing else was said, it says `unexpected`."""

    def __init__(self) -> None:
        self.said = False

    def say(self, **fields: object) -> None:
        self.said = True
        told = {name: readable(it) if isinstance(it, str) else it for name, it in fields.items()}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    def __enter__(self) -> "FirstLine":
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if not self.said:
            self.say(error="unexpected", detail=str(error) or type(error).__name__)


def main(arguments: Sequence[str]) -> int:
    gc.disable()  # what is imported stays: looking for garbage in it takes a tenth of a second
    given = command_line.parser().parse_args(arguments)
    if given.embedded is not None:
        return embedded(given)
    return alone(given)


def embedded(given: argparse.Namespace) -> int:
    """Serve desktops from their folder until they are gone. Returns the exit code."""
    with FirstLine() as line:
        try:
            held = _enter(given.embedded, line)
            if isinstance(held, int):
                return held
            return asyncio.run(_serve_embedded(given, line))
        except CannotServe as error:
            if line.said:
                raise
            line.say(error=error.word, detail=str(error))
            return 1


def alone(given: argparse.Namespace) -> int:
    """Serve whoever has the token until interrupted."""
    token, smtp = command_line.own_token(given), command_line.smtp(given)
    certificate, database = command_line.certificate(given), command_line.database(given)
    openid = _openid(given)
    try:
        # Held by nobody, the lock would be collected, and let go.
        with enter(given.data, private=False, log_as_json=given.log_format == "json"):
            serving = _serve_alone(given, token, smtp, certificate, database, openid)
            return asyncio.run(serving)
    except Timeout:
        sys.stderr.write(f"autosky serve: {words.served_already(given.data)}\n")
        return 1
    except CannotServe as error:
        sys.stderr.write(f"autosky serve: {error}\n")
        return 1


def migrate(arguments: Sequence[str]) -> int:
    """Bring a database up to date: our tables, and those of the workflow engine."""
    given = command_line.migrating().parse_args(arguments)
    from autosky_desktop.server.db.errors import StorageError
    from autosky_desktop.server.db.schema import HEAD

    database = command_line.database(given, command_line.MIGRATE)
    assert database is not None
    try:
        asyncio.run(_migrate(database))
    except StorageError as error:
        sys.stderr.write(f"{command_line.MIGRATE}: {error}\n")
        return 1
    print(words.migrated(HEAD))  # noqa: T201
    return 0


async def _migrate(database: "URL") -> None:
    from autosky_desktop.server.db.storage import open_storage
    from autosky_desktop.server.publications.workflow import places

    await (await open_storage(database)).dispose()
    await asyncio.to_thread(places.migrate, database)


def _openid(given: argparse.Namespace) -> "OpenIdSettings | None":
    """Return the provider of identities that the options name. Exits when people cannot sign in."""
    command_line.refuse_half_a_sign_in(given)
    if given.openid is None:
        return None
    from autosky_desktop.server.sign_in import openid_settings

    try:
        return openid_settings.read(given.openid)
    except openid_settings.InvalidOpenIdFile as error:
        command_line.refuse(str(error))


def _enter(folder: Path, line: FirstLine) -> FileLock | int:
    """Return the lock, or the exit code if all there was to do was to pass on an address."""
    folder = folder.absolute()
    for _ in range(SHARING_TRIES):
        try:
            return enter(folder, private=True)
        except Timeout:
            if (code := _share(line)) is not None:
                return code
            time.sleep(SHARING_PAUSE_SECONDS)  # it holds the lock and does not answer yet
    raise _held("it holds the lock and nobody answers")


def _held(detail: str) -> CannotServe:
    """Return the error that another process holds the folder and hangs."""
    return CannotServe("folder-held", detail)


def _share(line: FirstLine) -> int | None:
    """Stand in for the control plane that runs, for this process's desktop.

    Returns 0 when the desktop goes away, 1 when the control plane does, None if none answers (yet).
    """
    try:
        message, held = lease(address(Path.cwd()))
    except TimeoutError as error:
        raise _held(str(error)) from error
    except (OSError, EOFError):
        return None
    line.say(**json.loads(message), shared=True)
    ended: SimpleQueue[int] = SimpleQueue()

    def follow() -> None:
        try:
            held.recv_bytes()
        except (EOFError, OSError):
            ended.put(1)

    threading.Thread(target=follow, daemon=True).start()
    _when_stdin_ends(lambda: ended.put(0))
    return ended.get()


def _when_stdin_ends(act: Callable[[], None]) -> None:
    def watch() -> None:
        # Not sys.stdin: its lock, held in a thread, would abort the interpreter's end.
        while os.read(STDIN, 4096):
            pass
        act()

    threading.Thread(target=watch, name="stdin", daemon=True).start()


async def _serve_embedded(given: argparse.Namespace, line: FirstLine) -> int:
    lazy_imports.spare()
    from autosky_desktop.server.plane import PlaneSettings

    loop = asyncio.get_running_loop()
    stop = _stopped_by_signals()
    desktop_gone = asyncio.Event()
    leases: Leases | None = None

    def in_loop(act: Callable[[], None]) -> Callable[[], None]:
        return lambda: (loop.call_soon_threadsafe(act), None)[1]

    def look() -> None:
        if desktop_gone.is_set() and not (leases and leases.any):
            stop.set()

    def ready(plane: "RunningControlPlane") -> None:
        nonlocal leases
        where = {"url": plane.url, "token": plane.token}
        leases = Leases(address(Path.cwd()), json.dumps(where).encode(), in_loop(look))
        line.say(**where, shared=False)

    def desktop_went() -> None:
        desktop_gone.set()
        look()

    _when_stdin_ends(in_loop(desktop_went))
    settings = PlaneSettings(
        folder=Path.cwd(),
        token=secrets.token_urlsafe(32),
        operator=_operator(),
        name="",  # the window calls it this computer, in its own language
        speed=given.speed or EMBEDDED_SPEED,
        size=command_line.size(given),
        endpoints=given.endpoints,
        empty=given.empty,
        takes_mail_server=True,
        answers_first_seconds=ANSWERS_FIRST_SECONDS,
    )
    return await _serve(settings, LOOPBACK, 0, ready, stop)


async def _serve_alone(
    given: argparse.Namespace,
    token: str,
    smtp: "MailServer | None",
    certificate: "Certificate | None",
    database: "URL | None",
    openid: "OpenIdSettings | None",
) -> int:
    from autosky_desktop.server.api.sockets import bind
    from autosky_desktop.server.plane import PlaneSettings

    settings = PlaneSettings(
        folder=Path.cwd(),
        token=token,
        operator=_operator(),
        name=readable(given.name),
        speed=given.speed or 1.0,
        local=given.host in LOOPBACKS,
        size=command_line.size(given),
        endpoints=given.endpoints,
        # The demo's cloud is of one process; a team has others beside it.
        empty=given.empty or (database is not None and command_line.size(given) is None),
        environments_file=command_line.environments_file(given),
        smtp=smtp,
        certificate=certificate,
        database=database,
        sign_in=given.sign_in,
        openid=openid,
    )
    metrics = _bound(bind, *given.metrics) if given.metrics else None
    meters = _meters(metrics) if metrics else None

    def ready(plane: "RunningControlPlane") -> None:
        print(f"Listening on {plane.url}", flush=True)  # noqa: T201
        if metrics:
            host, port = metrics.getsockname()[:2]
            print(f"Metrics on http://{host}:{port}/metrics", flush=True)  # noqa: T201

    stop = _stopped_by_signals()
    return await _serve(settings, given.host, given.port, ready, stop, meters)


async def _serve(
    settings: "PlaneSettings",
    host: str,
    port: int,
    ready: Ready,
    stop: asyncio.Event,
    meters: "ServedMeters | None" = None,
) -> int:
    """Serve the demo's cloud, the only provider there is so far, until `stop` is set."""
    from autosky_desktop.server.api import sockets
    from autosky_desktop.server.api.sockets import bind
    from autosky_desktop.server.db.clock import now
    from autosky_desktop.server.db.errors import StorageError
    from autosky_desktop.server.plane import control_plane
    from autosky_desktop.server.process.lazy_imports import load_api
    from autosky_desktop.server.providers.simulated import SimulatedProvider, real_endpoints

    sockets.allow_many()
    asyncio.get_running_loop().run_in_executor(None, load_api)  # while the disk is waited for
    try:
        cloud = settings.folder / "cloud"
        cloud.mkdir(exist_ok=True)
        busy = settings.speed >= STILL  # in a slower cloud nobody comes or goes
        provider = await SimulatedProvider.open(
            cloud,
            speed=settings.speed,
            churn=busy,
            clock=now,
            begin=settings.begin,
            real_endpoints=real_endpoints.read(settings.endpoints) if settings.endpoints else {},
        )
        listener = _bound(bind, host, port)
        async with control_plane(settings, provider, listener, now, meters=meters) as plane:
            gc.freeze()
            gc.enable()
            ready(plane)
            stopped = asyncio.create_task(stop.wait())
            failed = asyncio.create_task(plane.failed())
            done, _ = await asyncio.wait({stopped, failed}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        await provider.close()
    except (StorageError, real_endpoints.InvalidEndpoints) as error:
        raise CannotServe(error.word, str(error)) from error
    except OSError as error:
        raise told(error) from error
    return 0


def _meters(listener: socket) -> "ServedMeters":
    from autosky_desktop.server.metrics.serving import ServedMeters  # a workstation loads none

    return ServedMeters(listener)


def _bound(bind: Callable[[str, int], socket], host: str, port: int) -> socket:
    try:
        return bind(host, port)
    except (OSError, UnicodeError) as error:  # the latter: no name of a computer
        raise CannotServe("no-port", str(error)) from error


def _stopped_by_signals() -> asyncio.Event:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


def _operator() -> str:
    try:
        return readable(getpass.getuser()) or NOBODY
    except (OSError, KeyError, ImportError):  # no name for this user id, as in some containers
        return NOBODY
