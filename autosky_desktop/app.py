"""The desktop, put together: from the bottom up, and closed in the reverse order.

The control plane's process is started before Qt is imported: both take half a second, on two
processors at once.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from autosky_desktop.actions.intents import Intents
from autosky_desktop.flows.follow import Follow
from autosky_desktop.flows.reach import OnThisComputer
from autosky_desktop.store.store import Store
from autosky_desktop.system import folders, log, settings
from autosky_desktop.system.clock import now
from autosky_desktop.system.embedded import EmbeddedControlPlane

if TYPE_CHECKING:
    from autosky_desktop.ui.application import Application
    from autosky_desktop.ui.desktop import Desktop

THREADS = 4
"""qasync's own executor would start ten at once."""


def main(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    given = _parser().parse_args(arguments)
    if problem := _no_screen():
        sys.stderr.write(problem + "\n")
        return 1
    log.begin(folders.logs())
    data = given.data or folders.data()

    def start() -> EmbeddedControlPlane:
        return EmbeddedControlPlane(data, *(["--speed", str(given.speed)] if given.speed else []))

    process = start()
    try:
        return _run(given, start, process)
    finally:
        process.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autosky-desktop", description="Servers and publications of scaling environments."
    )
    parser.add_argument("--data", type=Path, help="folder of the embedded control plane")
    parser.add_argument("--speed", type=float, help="how much faster than life the demo runs")
    parser.add_argument("--smoke", action="store_true", help="quit once servers are shown")
    return parser


def _no_screen() -> str:
    """Why no window can be opened here; empty when one can. Qt itself would abort."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    screens = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform != "linux" or wanted.startswith(("offscreen", "minimal")) or screens:
        return ""
    return "Autosky Desktop needs a screen: neither DISPLAY nor WAYLAND_DISPLAY is set."


def _run(
    given: argparse.Namespace,
    start: Callable[[], EmbeddedControlPlane],
    process: EmbeddedControlPlane,
) -> int:
    # Qt is imported here and not above, so that the process is on its way before
    from qasync import QEventLoop

    from autosky_desktop.ui.application import Application

    qt = Application(["autosky-desktop"])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
        runner.get_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        return runner.run(_live(qt, OnThisComputer(start, process), smoke=given.smoke))


async def _live(qt: "Application", reach: OnThisComputer, *, smoke: bool) -> int:
    """Build, wait until quitting is asked, close."""
    from autosky_desktop.ui.desktop import Desktop

    quit_asked = asyncio.Event()
    qt.quit_asked.connect(quit_asked.set)
    store = Store()
    follow = Follow(store, reach, now)
    async with AsyncExitStack() as closing:
        desktop = Desktop(store, Intents(follow), follow, now, settings.load(folders.settings()))
        closing.push_async_callback(desktop.close)
        closing.callback(lambda: settings.save(folders.settings(), desktop.remembered()))
        desktop.window.show()
        await desktop.painted()
        desktop.tasks.spawn(follow.run(), name="follow")
        if smoke:
            return await _smoke(desktop)
        await quit_asked.wait()
    return 0


async def _smoke(desktop: "Desktop") -> int:
    """Prove that a built application works: it reaches the demo's servers within a minute."""
    shown = asyncio.Event()
    desktop.window.servers_painted.connect(shown.set)
    try:
        async with asyncio.timeout(60):
            await shown.wait()
    except TimeoutError:
        sys.stdout.write("No servers were shown within 60 s.\n")
        return 1
    sys.stdout.write(f"Shown: {desktop.window.windowTitle()}\n")
    return 0
