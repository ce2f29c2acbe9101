"""A control plane over a real provider, in a hurry, as a process that may be killed at any moment.

    python -m tests.support.hurried_plane aws FOLDER

It prints one line of JSON, `{"url", "token"}`, and ends when its input does.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.db.clock import now, steady
from autosky_desktop.server.plane import PlaneSettings, control_plane
from autosky_desktop.server.providers.plugin import Plugin, ProviderPace
from autosky_desktop.server.providers.simulated import SimulatedProvider

TOKEN = "only-for-tests"
AWS_SPEED, GUESTS_SPEED = 40.0, 6.0
"""How much faster than in real life: an instance has 15 and 100 seconds to come up."""


def hurried_aws() -> Plugin:
    """Return the plug-in for AWS, for a double in which nothing takes longer than a second."""
    from autosky_desktop.server.providers import machines
    from autosky_desktop.server.providers.aws import commands
    from autosky_desktop.server.providers.aws.cloud import AwsAccounts
    from autosky_desktop.server.providers.aws.plugin import AwsPlugin
    from autosky_desktop.server.providers.aws.reading import ReadingPace

    commands.FIRST_PAUSE, commands.TOGETHER_SECONDS, commands.AGAIN_SECONDS = 0.02, 0.01, 0.0
    machines.FRESH /= AWS_SPEED
    plugin = AwsPlugin()
    plugin.pace = ProviderPace(moving_seconds=4.0, settled_seconds=4.0, speed=AWS_SPEED)
    plugin._accounts = AwsAccounts(steady, ReadingPace(settled=1.0, moving=0, groups=0, images=1))
    return plugin


def hurried_guests() -> Plugin:
    """Return the plug-in for libvirt, which looks twice a second."""
    from autosky_desktop.server.providers.libvirt.plugin import LibvirtPlugin

    plugin = LibvirtPlugin()
    plugin.pace = ProviderPace(moving_seconds=3.0, speed=GUESTS_SPEED)
    return plugin


HURRIED: Mapping[str, Callable[[], Plugin]] = MappingProxyType(
    {"aws": hurried_aws, "libvirt": hurried_guests}
)


async def serve(folder: Path, plugin: Plugin) -> None:
    (folder / "cloud").mkdir(parents=True, exist_ok=True)
    (folder / "none.toml").touch()
    demo = await SimulatedProvider.open(folder / "cloud", clock=now)
    settings = PlaneSettings(
        folder=folder,
        token=TOKEN,
        operator="ana",
        name="Test",
        environments_file=folder / "none.toml",  # so it begins without the demo
    )
    async with control_plane(settings, demo, bind("127.0.0.1", 0), now, [plugin]) as plane:
        sys.stdout.write(json.dumps({"url": plane.url, "token": TOKEN}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
    await demo.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[2]), HURRIED[sys.argv[1]]()))
