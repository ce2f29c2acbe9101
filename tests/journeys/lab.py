"""A real environment on this computer: five small machines, and the window that shows them live.

    python tests/journeys/lab.py [--pictures FOLDER]

It stays until the window is closed, and then takes everything away. With a folder for pictures it
leaves one of the window as soon as that shows the environment live, and ends.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
import uuid
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autosky_desktop.app import open_desktop
from autosky_desktop.domain.environment_settings import EnvironmentSettings
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.desktop import Desktop
from tests.support.guests.guest import missing
from tests.support.guests.hypervisor import Hypervisor, free_ports, hypervisor
from tests.support.person import NotSeen, Person

PATIENCE = 110.0
INSTANCES = ("APP-LAB-01", "APP-LAB-02", "APP-LAB-03")


def begin_instances(uri: str, preparation: str) -> None:
    """Begin three instances of version 1, made from the preparation server as it is."""
    from autosky_desktop.server.db.clock import now
    from autosky_desktop.server.providers.libvirt.cloud import LibvirtCloud
    from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
    from tests.support.guests.house import image_of

    async def begin() -> None:
        settings = LibvirtSettings(uri=uri, preparation=preparation, keep_free=0)
        cloud = LibvirtCloud("lab", settings, now)
        image = await image_of(cloud, "image 1")
        model = await cloud.create_model(image=image, version=1, key="model 1")
        for name in INSTANCES:
            await cloud.start_instance(model=model, name=name, replaces="", key=name)
        await cloud.close()

    asyncio.run(begin())


class Lab:
    """The machines, and somebody who waits at the window until it shows them."""

    def __init__(self, host: Hypervisor, pictures: Path | None, begin: float) -> None:
        self._host = host
        self._pictures = pictures
        self._begin = begin
        port, other = free_ports(2)
        self._preparation = host.define("PREP-LAB-01", port)
        self._support = host.define("DB-LAB-01", other)

    def switch_on(self) -> None:
        """Begin the instances and start both servers, in a process of its own: libvirt and Qt each
        want the one event loop of a process.
        """
        given = (self._host.uri, self._preparation)
        process = get_context("spawn").Process(target=begin_instances, args=given)
        process.start()
        process.join()
        assert process.exitcode == 0
        for name in ("PREP-LAB-01", "DB-LAB-01"):
            self._host.named(name).create()

    async def __call__(self, qt: Application, desktop: Desktop) -> int:
        me = Person(patience=PATIENCE)
        try:
            plane = await me.until(lambda: desktop.follow.plane, "a control plane")
            await plane.managed.add(self._settings(), key=str(uuid.uuid4()))
            show = desktop.navigation.show_environment
            await me.until(lambda: show("lab"), "the lab among the environments")
            await me.sees("Server name: PREP-LAB-01")
            await me.sees("Server status: Running")
            await me.sees(f"Instances: {len(INSTANCES)} running")
        except NotSeen as missed:
            sys.stdout.write(f"{missed}\n")
            return 1
        took = time.monotonic() - self._begin
        sys.stdout.write(f"The window shows the lab live after {took:.1f} s.\n")
        if self._pictures:
            picture = qt.primaryScreen().grabWindow(0)
            picture.save(str(self._pictures / "lab.png"))
            return 0
        sys.stdout.write(f"To sign in to a machine: ssh -i {self._host.key} …\n")
        closed = asyncio.Event()
        qt.quit_asked.connect(closed.set)
        await closed.wait()
        return 0

    def _settings(self) -> EnvironmentSettings:
        return EnvironmentSettings(
            id="lab",
            name="Lab",
            label="staging",
            provider="libvirt",
            values={
                "uri": self._host.uri,
                "preparation": self._preparation,
                "support": [self._support],
                "account": "maintenance",
                "keep_free": "0",
            },
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    if why := missing():
        sys.stderr.write(f"There can be no lab here: {why}.\n")
        return 1
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="autosky-lab-") as data, hypervisor() as host:
        os.environ["XDG_CONFIG_HOME"] = data  # nothing of it stays among this person's settings
        lab = Lab(host, given.pictures, begin)
        lab.switch_on()
        return open_desktop(["--data", data, "--demo"], lab)


if __name__ == "__main__":
    sys.exit(main())
