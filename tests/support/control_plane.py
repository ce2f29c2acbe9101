"""A real control plane on a loopback port, in a thread and a loop of its own."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from sqlalchemy.engine import URL

from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.db.clock import Now, now
from autosky_desktop.server.plane import PlaneSettings, RunningControlPlane, control_plane
from autosky_desktop.server.providers.plugin import Plugin
from autosky_desktop.server.providers.simulated import Faults, SimulatedProvider
from autosky_desktop.server.providers.simulated.real_endpoints import RealEndpoint
from tests.support.storage import database_of

if TYPE_CHECKING:
    from autosky_desktop.server.metrics.serving import ServedMeters

TOKEN = "only-for-tests"
OPERATOR = "ana"
SECONDS = 30.0
NONE = Faults()

T = TypeVar("T")


@dataclass(frozen=True)
class Running:
    """A running control plane; at `speed` 100 its cloud boots in 0.9 seconds instead of 90."""

    url: str
    token: str
    folder: Path
    provider: SimulatedProvider
    plane: RunningControlPlane
    loop: asyncio.AbstractEventLoop
    stopped: asyncio.Event

    def stop(self) -> None:
        """Begin to end it; leaving `running_control_plane` waits for that."""
        self.loop.call_soon_threadsafe(self.stopped.set)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something in the control plane's own loop and return what it returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(SECONDS)

    def break_cloud(self, faults: Faults) -> None:
        """Give the cloud these faults from now on; `Faults()` mends it."""

        async def set_faults() -> None:
            self.provider.faults = faults

        self.run(set_faults())

    def client(self) -> httpx.Client:
        """Return a caller with the token; paths are relative to /v1."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{self.url}/v1/", headers=headers, timeout=SECONDS)


@contextmanager
def running_control_plane(
    folder: Path,
    *,
    speed: float = 1500.0,
    faults: Faults = NONE,
    churn: bool = False,
    real_endpoints: Mapping[str, RealEndpoint] = MappingProxyType({}),
    clock: Now = now,
    cloud_clock: Now = now,
    plugins: Sequence[Plugin] = (),
    database: URL | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
    metrics: socket | None = None,
) -> Iterator[Running]:
    """Yield a control plane over the demo's simulated cloud, until the block is left.

    `real_endpoints` are real machines that stand in for servers, by their names. `clock` is the
    control plane's own, `cloud_clock` the cloud's; `plugins` are providers besides the demo's.
    Rows are kept in `database`, or where the test keeps them; `settings` are more of PlaneSettings.
    Prometheus is answered on `metrics`.

    Leaving it and entering it again on the same folder is a restart. One at a time in a process:
    the workflow engine is one per process.
    """
    ready: Future[Running] = Future()
    main = _serve_until_stopped(
        folder,
        speed,
        faults,
        churn,
        real_endpoints,
        clock,
        cloud_clock,
        plugins,
        {"database": database or database_of(folder), **settings},
        metrics,
        ready,
    )
    with ThreadPoolExecutor(1, "control plane") as thread:
        ended = thread.submit(asyncio.run, main)
        wait((ready, ended), SECONDS, FIRST_COMPLETED)
        if ended.done():
            ended.result()
        running = ready.result(0)
        try:
            yield running
        finally:
            if not ended.done():
                running.stop()
            ended.result(SECONDS)


async def _serve_until_stopped(
    folder: Path,
    speed: float,
    faults: Faults,
    churn: bool,
    real_endpoints: Mapping[str, RealEndpoint],
    clock: Now,
    cloud_clock: Now,
    plugins: Sequence[Plugin],
    more: Mapping[str, Any],
    metrics: socket | None,
    ready: Future[Running],
) -> None:
    cloud = folder / "cloud"
    cloud.mkdir(parents=True, exist_ok=True)
    provider = await SimulatedProvider.open(
        cloud,
        speed=speed,
        faults=faults,
        clock=cloud_clock,
        churn=churn,
        real_endpoints=real_endpoints,
    )
    usual = {"token": TOKEN, "operator": OPERATOR, "name": "Test", "speed": speed}
    settings = PlaneSettings(folder=folder, **{**usual, **more})
    stopped = asyncio.Event()
    listener = bind("127.0.0.1", 0)
    meters = _meters(metrics) if metrics else None
    async with control_plane(settings, provider, listener, clock, plugins, meters) as plane:
        loop = asyncio.get_running_loop()
        ready.set_result(Running(plane.url, TOKEN, folder, provider, plane, loop, stopped))
        await stopped.wait()
    await provider.close()


def _meters(listener: socket) -> "ServedMeters":
    from autosky_desktop.server.metrics.serving import ServedMeters

    return ServedMeters(listener)
