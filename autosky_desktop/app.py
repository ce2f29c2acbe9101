"""The desktop, put together: from the bottom up, and closed in the reverse order.

It comes in three stages, because the first second is the one people notice. The control plane's
process is started before Qt is imported: both take half a second, on two processors at once. The
window is painted before asyncio and its pages are imported. Then the rest.
"""

import gc
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.system import folders
from autosky_desktop.system.embedded import EmbeddedControlPlane

if TYPE_CHECKING:
    from autosky_desktop.flows.reach import OnThisComputer
    from autosky_desktop.store.store import Store
    from autosky_desktop.system.settings import Preferences
    from autosky_desktop.ui.application import Application
    from autosky_desktop.ui.desktop import Desktop
    from autosky_desktop.ui.frame.window import MainWindow

    Visit = Callable[[Application, Desktop], Awaitable[int]]

SPEED = 20.0
"""The demo shows in a minute what takes twenty."""

THREADS = 4
"""qasync's own executor would start ten at once."""

SMOKE_SECONDS = 60.0


class Given(NamedTuple):
    """What the command line says; the defaults without one."""

    data: Path | None = None
    speed: float = SPEED
    smoke: bool = False


def main(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    return open_desktop(arguments)


def open_desktop(arguments: Sequence[str], visit: "Visit | None" = None) -> int:
    """Open the window for a `visit`, or until it is closed; returns the exit code."""
    # from here on only Application collects garbage; importing without is a tenth faster
    gc.disable()
    os.umask(0o077)  # settings and logs name servers and people: nobody else reads them
    given = _read(arguments) if arguments else Given()
    if problem := _no_screen():
        sys.stderr.write(problem + "\n")
        return 1
    data = given.data or folders.data()

    def start() -> EmbeddedControlPlane:
        return EmbeddedControlPlane(data, "--speed", str(given.speed))

    process = _ahead(start)
    try:
        return _open(start, process, visit or (_smoke if given.smoke else _stay))
    finally:
        if process:
            process.close()


def _ahead(start: Callable[[], EmbeddedControlPlane]) -> EmbeddedControlPlane | None:
    """The process, if it can be had: the window tries again and says what is wrong."""
    try:
        return start()
    except CannotStart:
        return None


def _read(arguments: Sequence[str]) -> Given:
    import argparse

    parser = argparse.ArgumentParser(
        prog="autosky-desktop", description="Servers and publications of scaling environments."
    )
    add = parser.add_argument
    add("--data", type=Path, help="folder of the embedded control plane")
    add("--speed", type=float, default=SPEED, help="how much faster than life the demo runs")
    add("--smoke", action="store_true", help="quit once servers are shown")
    return Given(**vars(parser.parse_args(arguments)))


def _no_screen() -> str:
    """Why no window can be opened here; empty when one can. Qt itself would abort."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    screens = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform != "linux" or wanted.startswith(("offscreen", "minimal")) or screens:
        return ""
    return "Autosky Desktop needs a screen: neither DISPLAY nor WAYLAND_DISPLAY is set."


def _open(
    start: Callable[[], EmbeddedControlPlane], process: EmbeddedControlPlane | None, visit: "Visit"
) -> int:
    from autosky_desktop.store.store import Store
    from autosky_desktop.system.clock import now
    from autosky_desktop.system.settings import Preferences
    from autosky_desktop.ui.application import Application
    from autosky_desktop.ui.frame.window import MainWindow
    from autosky_desktop.ui.theme import theme

    qt = Application(["autosky-desktop", *theme.ARGUMENTS])
    theme.install(qt)
    store = Store()
    window = MainWindow(store, store.reckoned(now))
    preferences = Preferences(folders.settings())
    window.remember(preferences.settings)
    qt.show_first(window)
    try:
        return _live(qt, store, window, preferences, start, process, visit)
    finally:
        preferences.keep(window.remembered(preferences.settings))


def _live(
    qt: "Application",
    store: "Store",
    window: "MainWindow",
    preferences: "Preferences",
    start: Callable[[], EmbeddedControlPlane],
    process: EmbeddedControlPlane | None,
    visit: "Visit",
) -> int:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from qasync import QEventLoop

    from autosky_desktop.flows.reach import OnThisComputer
    from autosky_desktop.system import log

    log.begin(folders.logs())
    reach = OnThisComputer(start, process)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
        runner.get_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        try:
            return runner.run(_visit(qt, store, window, preferences, reach, visit))
        finally:
            reach.close()


async def _visit(
    qt: "Application",
    store: "Store",
    window: "MainWindow",
    preferences: "Preferences",
    reach: "OnThisComputer",
    visit: "Visit",
) -> int:
    """Build the rest, wait until the visit is over, close."""
    from autosky_desktop.actions.intents import Intents
    from autosky_desktop.flows.follow import Follow
    from autosky_desktop.system.clock import now
    from autosky_desktop.ui.desktop import Desktop

    follow = Follow(store, reach, now)
    reckoned = store.reckoned(now)
    desktop = Desktop(window, store, Intents(follow), follow, preferences, reckoned)
    desktop.tasks.spawn(follow.run(), name="follow", failed=follow.give_up)
    try:
        return await visit(qt, desktop)
    finally:
        await desktop.close()


async def _stay(qt: "Application", _desktop: "Desktop") -> int:
    import asyncio

    quit_asked = asyncio.Event()
    qt.quit_asked.connect(quit_asked.set)
    await quit_asked.wait()
    return 0


async def _smoke(_qt: "Application", desktop: "Desktop") -> int:
    """Prove that a built application works: it reaches the demo's servers."""
    import asyncio

    shown = asyncio.Event()
    desktop.window.servers_painted.connect(shown.set)
    try:
        async with asyncio.timeout(SMOKE_SECONDS):
            await shown.wait()
    except TimeoutError:
        sys.stdout.write(f"No servers were shown within {SMOKE_SECONDS:.0f} s.\n")
        return 1
    sys.stdout.write(f"Shown: {desktop.window.windowTitle()}\n")
    return 0
