"""The main job, done at the real window on whatever screen there is, as a person would do it.

    python tests/journeys/tour.py [--pictures FOLDER] [--speed N]

Prints a line for each step with the seconds it took, leaves a picture of each, and exits with 0
only when the publication succeeded.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autosky_desktop.app import open_desktop
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.desktop import Desktop
from tests.support.person import NotSeen, Person

SPEED = 60.0
LONG = 240.0
"""Seconds a whole publication may take at that speed."""


class Tour:
    """A person with a stopwatch and a camera."""

    def __init__(self, pictures: Path) -> None:
        self._person = Person(patience=30.0)
        self._pictures = pictures
        self._number = 0

    async def __call__(self, qt: Application, desktop: Desktop) -> int:
        try:
            await self._walk(qt)
        except NotSeen as missed:
            self._photograph(qt, "missed")
            sys.stdout.write(f"{missed}\n")
            return 1
        return 0

    async def _walk(self, qt: Application) -> None:
        me = self._person
        async with self._step(qt, "open the demo"):
            await me.presses("Look around in the demo")
            await me.sees("Connection: Live")
            await me.sees("Server name: PREP-ERP-PROD-01")
        async with self._step(qt, "read the first hint of the tour"):
            await me.sees("Your environments")
            await me.presses("End the tour")
        async with self._step(qt, "ask to start the preparation server"):
            await me.presses("Start server PREP-ERP-PROD-01")
            await me.sees("Start PREP-ERP-PROD-01?")
        async with self._step(qt, "see it start"):
            await me.presses("Start server")
            await me.sees("Server status: Starting")
        async with self._step(qt, "see it run"):
            await me.sees("Server status: Running")
            await me.sees(", in 3 h 59 min", ", in 4 h 00 min")
        async with self._step(qt, "go to Publish"):
            await me.presses("Actions for PREP-ERP-PROD-01")
            await me.chooses("Publish new version")
            await me.sees("Passed: Preparation server is running")
        async with self._step(qt, "ask to publish"):
            await me.presses("Publish version 42")
            await me.sees("Publish version 42 to ERP Production?")
        async with self._step(qt, "publish"):
            await me.presses("Publish version 42")
            await me.sees("Publishing version 42, Step")
        await self._follow(qt)
        async with self._step(qt, "open the details"):
            await me.clicks_cell("Version: 42")
            await me.presses("Show details")
            await me.sees("Total duration: ")
            await me.sees("12 instances replaced")
        await me.presses("Close")

    async def _follow(self, qt: Application) -> None:
        me = self._person
        for number, name in enumerate(
            ("Image creation", "Model creation", "Instance replacement", "Finalization"), start=3
        ):
            async with self._step(qt, f"follow step {number}, {name}"):
                running, done = f"Step {number} of 6, {name}, Running", f"{name}, Done"
                await me.sees(running, done, patience=LONG)
        async with self._step(qt, "see it published"):
            await me.sees("Version 42 is published", patience=LONG)
            await me.sees("Result: Completed")
        async with self._step(qt, "see the new version on the Servers tab"):
            await me.opens_tab("Servers")
            await me.sees("Instances: 12 running")
            await me.sees("version 42")
        await me.opens_tab("Publish")

    @asynccontextmanager
    async def _step(self, qt: Application, name: str) -> AsyncIterator[None]:
        begin = time.monotonic()
        yield
        self._number += 1
        took = time.monotonic() - begin
        sys.stdout.write(f"{self._number:2}. {name:44} {took:6.2f} s\n")
        sys.stdout.flush()
        await asyncio.sleep(0.1)  # the last paint, before the picture of it
        self._photograph(qt, name)

    def _photograph(self, qt: Application, name: str) -> None:
        """The whole screen, so that questions and menus are on it too."""
        window = qt.activeWindow() or qt.topLevelWidgets()[0]
        top = window.parentWidget().window() if window.parentWidget() else window
        screen = qt.primaryScreen()
        frame = top.frameGeometry()
        picture = screen.grabWindow(0, frame.x(), frame.y(), frame.width(), frame.height())
        file = f"{self._number:02}-{name.lower().replace(',', '').replace(' ', '-')}.png"
        picture.save(str(self._pictures / file))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, default=Path("build/tour"))
    parser.add_argument("--speed", default=str(SPEED))
    given = parser.parse_args()
    given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="autosky-tour-") as data:
        os.environ["XDG_CONFIG_HOME"] = data  # it begins as the first time, whatever was before
        begin = time.monotonic()
        code = open_desktop(["--data", data, "--speed", given.speed], Tour(given.pictures))
        took = time.monotonic() - begin
    end = "published" if code == 0 else "not published"
    sys.stdout.write(f"The tour took {took:.1f} s: {end}. Pictures: {given.pictures}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
