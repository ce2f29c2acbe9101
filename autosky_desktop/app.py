"""The desktop, put together: from the bottom up, and closed in the reverse order.

The control plane's process is started before Qt is imported: both take half a second, on two
processors at once.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
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

    Visit = Callable[[Application, Desktop], Awaitable[int]]

SPEED = 20.0
"""The demo shows in a minute what takes twenty."""

THREADS = 4
"""qasync's own executor would start ten at once."""


def main(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    return open_desktop(arguments)


def open_desktop(arguments: Sequence[str], visit: "Visit | None" = None) -> int:
    """Open the window for a `visit`, or until it is closed; returns the exit code."""
    given = _parser().parse_args(arguments)
    if problem := _no_screen():
        sys.stderr.write(problem + "\n")
        return 1
    log.begin(folders.logs())
    data = given.data or folders.data()

    def start() -> EmbeddedControlPlane:
        return EmbeddedControlPlane(data, "--speed", str(given.speed))

    process = start()
    try:
        return _run(OnThisComputer(start, process), visit or (_smoke if given.smoke else _stay))
    finally:
        process.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autosky-desktop", description="Servers and publications of scaling environments."
    )
    parser.add_argument("--data", type=Path, help="folder of the embedded control plane")
    parser.add_argument(
        "--speed", type=float, default=SPEED, help="how much faster than life the demo runs"
    )
    parser.add_argument("--smoke", action="store_true", help="quit once servers are shown")
    return parser


def _no_screen() -> str:
    """Why no window can be opened here; empty when one can. Qt itself would abort."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    screens = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform != "linux" or wanted.startswith(("offscreen", "minimal")) or screens:
        return ""
    return "Autosky Desktop needs a screen: neither DISPLAY nor WAYLAND_DISPLAY is set."


def _run(reach: OnThisComputer, visit: "Visit") -> int:
    # Qt is imported here and not above, so that the process is on its way before
    from qasync import QEventLoop

    from autosky_desktop.ui.application import Application
    from autosky_desktop.ui.theme import theme

    qt = Application(["autosky-desktop", *theme.ARGUMENTS])
    theme.install(qt)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
        runner.get_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        return runner.run(_live(qt, reach, visit))


async def _live(qt: "Application", reach: OnThisComputer, visit: "Visit") -> int:
    """Build, wait until the visit is over, close."""
    from autosky_desktop.ui.desktop import Desktop

    store = Store()
    follow = Follow(store, reach, now)
    desktop = Desktop(store, Intents(follow), follow, now, settings.load(folders.settings()))
    async with AsyncExitStack() as closing:
        closing.push_async_callback(desktop.close)
        closing.callback(lambda: settings.save(folders.settings(), desktop.remembered()))
        desktop.window.show()
        await desktop.painted()
        desktop.tasks.spawn(follow.run(), name="follow", failed=follow.give_up)
        return await visit(qt, desktop)


async def _stay(qt: "Application", _desktop: "Desktop") -> int:
    quit_asked = asyncio.Event()
    qt.quit_asked.connect(quit_asked.set)
    await quit_asked.wait()
    return 0


async def _smoke(_qt: "Application", desktop: "Desktop") -> int:
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
