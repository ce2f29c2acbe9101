"""An environment on a libvirt of the test's own, and how a test follows it."""

import asyncio
import hashlib
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.server import ImageState, Server, ServerState
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.cloud import CloudReading
from autosky_desktop.server.providers.libvirt.cloud import LibvirtCloud
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.provider import ImageProgress, Member
from tests.support.guests.hypervisor import Hypervisor, free_ports

PATIENCE = 90.0
"""Seconds within which a guest does what it was asked on a busy machine."""


class House:
    """The environment of these tests: a preparation server on the host."""

    def __init__(self, host: Hypervisor, name: str, *, agent: bool = True) -> None:
        self.host = host
        self.name = name
        self.uri = host.uri
        self.port = free_ports(1)[0]
        self.preparation = host.define(name, self.port, agent=agent)

    @asynccontextmanager
    async def cloud(
        self, *, keep_free: int = 0, agent_comes: timedelta = timedelta(minutes=3)
    ) -> AsyncIterator[LibvirtCloud]:
        """Yield what a control plane has of the environment, and let go of it."""
        settings = LibvirtSettings(
            uri=self.uri,
            preparation=self.preparation,
            account="maintenance",
            keep_free=keep_free,
        )
        cloud = LibvirtCloud(self.name, settings, now, agent_comes=agent_comes)
        try:
            yield cloud
        finally:
            await cloud.close()

    def run(self, work: Callable[[LibvirtCloud], Awaitable[None]]) -> None:
        """Do something to the environment from aside, in a loop of its own."""

        async def aside() -> None:
            async with self.cloud() as cloud:
                await work(cloud)

        asyncio.run(aside())

    async def first_instance(self, cloud: LibvirtCloud) -> None:
        """Begin an instance of version 1, from the preparation server as it is."""
        image = await image_of(cloud, "first image")
        model = await cloud.create_model(image=image, version=1, key="first model")
        await cloud.start_instance(model=model, name=f"{self.name}-1", replaces="", key="first")

    def prepares(self, version: str) -> Callable[[LibvirtCloud], Awaitable[None]]:
        """Return what installs a version on the preparation server."""

        async def install(cloud: LibvirtCloud) -> None:
            script = f"echo {version} >/etc/version; sync"
            done = await cloud.channel(self.preparation).run(script, shell="sh")
            assert done.code == 0, done

        return install


async def until(cloud: LibvirtCloud, seen: Callable[[CloudReading], object]) -> CloudReading:
    """Read again whenever libvirt tells of a change, and only then."""
    async with asyncio.timeout(PATIENCE):
        while not seen(reading := await cloud.read()):
            await cloud.changed()
    return reading


def preparation(reading: CloudReading) -> Server:
    return reading.servers[0]


def is_up(reading: CloudReading) -> bool:
    return preparation(reading).status == ServerState.RUNNING


def member(reading: CloudReading, id_: str) -> Member | None:
    return next((it for it in reading.members if it.instance.id == id_), None)


def available(id_: str) -> Callable[[CloudReading], bool]:
    def look(reading: CloudReading) -> bool:
        found = member(reading, id_)
        return bool(found and found.instance.status == InstanceState.AVAILABLE)

    return look


async def made(cloud: LibvirtCloud, image: str) -> ImageProgress:
    """Return the end of an image. Nothing tells of it, so it is asked for."""
    async with asyncio.timeout(PATIENCE):
        while True:
            progress = await cloud.image(image)
            if progress.state != ImageState.CREATING:
                return progress
            await asyncio.sleep(0.05)


async def image_of(cloud: LibvirtCloud, key: str) -> str:
    image = await cloud.create_image(key=key)
    progress = await made(cloud, image)
    assert (progress.state, progress.percent, progress.detail) == (ImageState.AVAILABLE, 100, "")
    return image


def over_ssh(host: Hypervisor, port: int, *command: str) -> str:
    done = subprocess.run(
        host.ssh(port, "anna", *command), capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
