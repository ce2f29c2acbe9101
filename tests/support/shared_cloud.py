"""A simulated cloud in a process of its own, as several workers of a control plane share it.

    python -m tests.support.shared_cloud FOLDER SPEED ENVIRONMENTS

It listens on a socket in the folder, says so in a line on its stdout, and ends when its stdin does.
Who calls is one of our own processes: calls and answers are pickled.
"""

import asyncio
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.checked_provider import CALLS
from autosky_desktop.server.providers.demo_seed import load_seed
from autosky_desktop.server.providers.provider import Provider, ProviderBusy, ProviderError
from autosky_desktop.server.providers.simulated import SimulatedProvider

SERVERS = 2
"""Of each environment."""
LENGTH = 4
LONGEST = 64 * 1024 * 1024


def socket_of(folder: Path) -> Path:
    return folder / "socket"


async def serve(folder: Path, speed: float, environments: int) -> None:
    provider = await SimulatedProvider.open(
        folder, speed=speed, churn=False, clock=now, begin=load_seed(environments, SERVERS)
    )
    answering = await asyncio.start_unix_server(
        partial(_answer, provider), socket_of(folder), limit=LONGEST
    )
    async with answering:
        print("listening", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    await provider.close()


async def _answer(
    provider: SimulatedProvider, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Make the one call of a connection. Who waits for changes and goes away waits no more: those
    are the next one's. Any other call takes effect, whatever becomes of its caller.
    """
    try:
        name, given, more = await _read(reader)
    except asyncio.IncompleteReadError:
        writer.close()
        return  # it was killed
    call = asyncio.ensure_future(getattr(provider, name)(*given, **more))
    gone = asyncio.create_task(reader.read(1))
    await asyncio.wait({call, gone}, return_when=asyncio.FIRST_COMPLETED)
    if name == "changed" and not call.done():
        call.cancel()
    try:
        told: tuple[bool, Any] = True, await call
    except ProviderError as error:
        told = False, error
    except asyncio.CancelledError:
        told = False, ProviderBusy("nobody waits any more")
    gone.cancel()
    try:
        await _write(writer, told)
    except ConnectionError:
        return  # it was killed
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Any:
    length = int.from_bytes(await reader.readexactly(LENGTH))
    return pickle.loads(await reader.readexactly(length))


async def _write(writer: asyncio.StreamWriter, told: object) -> None:
    message = pickle.dumps(told)
    writer.write(len(message).to_bytes(LENGTH) + message)
    await writer.drain()


async def _ask(folder: Path, name: str, *given: Any, **more: Any) -> Any:
    reader, writer = await asyncio.open_unix_connection(socket_of(folder), limit=LONGEST)
    try:
        await _write(writer, (name, given, more))
        succeeded, answer = await _read(reader)
    except asyncio.IncompleteReadError as error:
        raise ProviderBusy("the cloud went away") from error
    finally:
        writer.close()
    if succeeded:
        return answer
    raise answer


def shared_cloud(folder: Path) -> Provider:
    """Return the cloud that is served from the folder, for one of its callers."""
    calls = {name: partial(_ask, folder, name) for name in (*CALLS, "changed")}
    return cast(Provider, SimpleNamespace(**calls))


@contextmanager
def running_cloud(folder: Path, *, speed: float, environments: int) -> Iterator[None]:
    """Serve such a cloud from the folder until the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.support.shared_cloud", str(folder)]
    with subprocess.Popen(
        [*command, str(speed), str(environments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "listening\n"
        try:
            yield
        finally:
            assert process.stdin
            process.stdin.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
