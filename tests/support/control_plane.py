"""A real control plane on a loopback port, in a thread and a loop of its own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from autosky_desktop.server.api.listening import bind
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.plane import ControlPlane, Settings, control_plane
from autosky_desktop.server.providers.simulated import Faults, SimulatedProvider

TOKEN = "only-for-tests"
OPERATOR = "ana"
SECONDS = 30.0

T = TypeVar("T")


@dataclass(frozen=True)
class Running:
    """`speed` of the cloud is a factor: 100 makes a boot of 90 seconds one of 0.9."""

    url: str
    token: str
    folder: Path
    provider: SimulatedProvider
    plane: ControlPlane
    loop: asyncio.AbstractEventLoop

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something in the control plane's own loop and return what it returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(SECONDS)

    def break_cloud(self, faults: Faults) -> None:
        """From now on the cloud has these faults; `Faults()` mends it."""

        async def set_faults() -> None:
            self.provider.faults = faults

        self.run(set_faults())

    def client(self) -> httpx.Client:
        """A caller with the token; paths are relative to /v1."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{self.url}/v1/", headers=headers, timeout=SECONDS)


@contextmanager
def running_control_plane(
    folder: Path, *, speed: float = 1500.0, faults: Faults = Faults(), churn: bool = False
) -> Iterator[Running]:
    """A control plane over the demo's simulated cloud, until the block is left.

    Leaving it and entering it again on the same folder is a restart. One at a time in a process:
    the workflow engine is one per process.
    """
    ready: Future[Running] = Future()
    stop: Future[asyncio.Event] = Future()
    thread = threading.Thread(
        target=lambda: _thread(folder, speed, faults, churn, ready, stop), name="control plane"
    )
    thread.start()
    try:
        running = ready.result(SECONDS)
        yield running
    finally:
        if stop.done():
            running.loop.call_soon_threadsafe(stop.result().set)
        thread.join(SECONDS)
    assert not thread.is_alive(), "the control plane did not end"


def _thread(
    folder: Path,
    speed: float,
    faults: Faults,
    churn: bool,
    ready: Future[Running],
    stop: Future[asyncio.Event],
) -> None:
    async def main() -> None:
        cloud = folder / "cloud"
        cloud.mkdir(parents=True, exist_ok=True)
        provider = await SimulatedProvider.open(
            cloud, speed=speed, faults=faults, clock=now, churn=churn
        )
        settings = Settings(folder=folder, token=TOKEN, operator=OPERATOR, name="Test", speed=speed)
        stopped = asyncio.Event()
        async with control_plane(settings, provider, bind("127.0.0.1", 0), now) as plane:
            stop.set_result(stopped)
            loop = asyncio.get_running_loop()
            ready.set_result(Running(plane.url, TOKEN, folder, provider, plane, loop))
            await stopped.wait()
        await provider.close()

    try:
        asyncio.run(main())
    except BaseException as error:
        if ready.done():
            raise
        ready.set_exception(error)
