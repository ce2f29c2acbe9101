"""The composition of the desktop, from the bottom up, and closed in the reverse order.

It comes in two stages, because the first second is the one people notice. The window is painted
before anything is imported that the first picture can do without; where something was known last,
that is the picture. Then the control plane's process is started, and while it comes up, the rest of
the window: earlier it would take the window's time, as two processors are seldom two whole ones.
"""

import gc
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.system import folders, instance, languages
from autosky_desktop.system.before_ids import Before
from autosky_desktop.system.connect.secrets import keep_private
from autosky_desktop.system.instance_listener import (
    LONGEST,
    InstanceListener,
    SecondStart,
    Unanswered,
)
from autosky_desktop.words import command_line as words
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.flows.local_plane import LocalPlane
    from autosky_desktop.store.store import Store
    from autosky_desktop.system.embedded import EmbeddedControlPlane
    from autosky_desktop.system.known_planes import KnownPlanes
    from autosky_desktop.system.notifications import Notifier
    from autosky_desktop.system.settings import Preferences
    from autosky_desktop.ui.application import Application
    from autosky_desktop.ui.background.parts import SystemParts
    from autosky_desktop.ui.desktop import Desktop
    from autosky_desktop.ui.frame.window import MainWindow

    Visit = Callable[[Application, Desktop], Awaitable[int]]

THREADS = 4
"""qasync's own executor would start ten at once."""

SMOKE_SECONDS = 60.0
PICTURE_FIRST = 0.1
"""Seconds that a picture of what was known last has for its way to the screen, before the control
plane's process takes what it can of the processors.
"""


class Given(NamedTuple):
    """The options of the command line; the defaults without one."""

    data: Path | None = None
    speed: float | None = None
    smoke: bool = False
    hidden: bool = False
    demo: bool = False
    link: str = ""
    endpoints: Path | None = None


class Beginning:
    """The choice of what a new data folder begins with: the demo, or nothing. `open`: somebody has
    yet to make it.
    """

    def __init__(self, data: Path, *, demo: bool) -> None:
        self.demo = demo
        self.open = not (demo or folders.was_used(data))


class Opening(NamedTuple):
    """The parts that exist before there is a window."""

    given: Given
    data: Path
    listener: InstanceListener
    before: Before
    beginning: Beginning
    visit: "Visit"

    def start(self) -> "EmbeddedControlPlane":
        """Start the process of the control plane. Raises CannotStart."""
        from autosky_desktop.system.embedded import EmbeddedControlPlane

        return EmbeddedControlPlane(self.data, *_serving(self.given, self.beginning))


class Opened(NamedTuple):
    """The parts of the window's first stage."""

    qt: "Application"
    store: "Store"
    window: "MainWindow"
    preferences: "Preferences"
    planes: "KnownPlanes"


def main(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    return open_desktop(arguments)


def open_desktop(arguments: Sequence[str], visit: "Visit | None" = None) -> int:
    """Open the window for a `visit`, or until it is closed; returns the exit code."""
    gc.disable()  # as the command does before it imports this
    keep_private()
    os.umask(0o077)  # settings and logs name servers and people: nobody else reads them
    languages.speak()
    given = _read(arguments) if arguments else Given()
    if problem := _no_screen():
        _complain(problem)
        return 1
    data = given.data or folders.data()
    try:
        listener = instance.claim(data, folders.runtime(), _second_start(given))
    except Unanswered:
        _complain(_(words.RUNS_ALREADY))
        if not (given.hidden or given.smoke):  # nobody waits for these
            _say_that_it_hangs()
        return 1
    if listener is None:
        return 0
    try:
        before = Before(folders.settings(), data, folders.data())
        chosen = visit or (_smoke if given.smoke else _stay)
        beginning = Beginning(data, demo=given.demo or given.smoke)
        return _open(Opening(given, data, listener, before, beginning, chosen))
    finally:
        listener.close()


def _complain(text: str) -> None:
    """Write to the terminal it was started from: a windowed program has none."""
    if sys.stderr:
        sys.stderr.write(text + "\n")


def _say_that_it_hangs() -> None:
    """Say it on the screen, for whoever started it from a menu or by a link."""
    from autosky_desktop.ui.application import Application
    from autosky_desktop.ui.theme import theme

    qt = Application([folders.APPLICATION, *theme.ARGUMENTS])
    theme.install(qt)
    qt.say_that_it_hangs()


def _second_start(given: Given) -> SecondStart:
    """Return what to tell the program that runs; a launcher's token lets it come to the front."""
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    token = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return SecondStart(link=given.link[: LONGEST // 4], token=token[: LONGEST // 4])


def _serving(given: Given, beginning: Beginning) -> list[str]:
    said = ["--speed", str(given.speed)] if given.speed else []
    said += [] if beginning.demo else ["--empty"]
    return [*said, "--endpoints", str(given.endpoints.absolute())] if given.endpoints else said


def _ahead(start: "Callable[[], EmbeddedControlPlane]") -> "EmbeddedControlPlane | None":
    """Return the process, started ahead; None if that fails, which the window then tells."""
    try:
        return start()
    except CannotStart:
        return None


def _read(arguments: Sequence[str]) -> Given:
    import argparse

    from autosky_desktop.server.process.command_line import speed

    parser = argparse.ArgumentParser(prog="autosky-desktop", description=_(words.WINDOW))
    add = parser.add_argument
    add("--data", type=Path, help=_(words.FOLDER))
    add("--speed", type=speed, help=_(words.DEMO_SPEED))
    add("--endpoints", type=Path, metavar="FILE", help=_(words.MACHINES))
    add("--demo", action="store_true", help=_(words.BEGIN_WITH_DEMO))
    add("--smoke", action="store_true", help=_(words.SMOKE))
    add("--hidden", action="store_true", help=_(words.HIDDEN))
    add("link", nargs="?", default="", help=_(words.LINK))
    return Given(**vars(parser.parse_args(arguments)))


def _no_screen() -> str:
    """Return why no window can be opened here; empty when one can. Qt itself would abort."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    screens = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform != "linux" or wanted.startswith(("offscreen", "minimal")) or screens:
        return ""
    return _(words.NEEDS_A_SCREEN)


def _open(opening: Opening) -> int:
    from autosky_desktop.server.process.lazy_imports import put_off

    put_off("asyncio")  # imported all over, and used by nothing before the first picture
    from autosky_desktop.store.store import Store
    from autosky_desktop.system import log
    from autosky_desktop.system.bytecode import Bytecode
    from autosky_desktop.system.clock import now
    from autosky_desktop.system.known_planes import KnownPlanes
    from autosky_desktop.system.settings import Preferences

    bytecode = Bytecode()
    with bytecode.used():
        # not PySide6 itself: imported alone it takes 11 MiB more, which is not understood
        from autosky_desktop.ui.application import Application, log_what_qt_says
    from autosky_desktop.ui.frame.window import MainWindow
    from autosky_desktop.ui.theme import theme

    log.hold()
    log_what_qt_says()
    preferences = Preferences(folders.settings())
    planes = KnownPlanes(folders.settings(), opening.data, opening.before)
    preferences.go_to(planes.folder)
    languages.speak(preferences.settings.language)
    qt = Application([folders.APPLICATION, *theme.ARGUMENTS], opening.given.data)
    theme.install(qt)
    if (chosen := preferences.settings.theme) != "system":
        theme.prefer_colours(chosen)
    if preferences.settings.motion != "system":
        theme.prefer_motion(preferences.settings.motion)
    store = Store()
    window = MainWindow(store, store.reckoned(now))
    window.remember(preferences.settings)
    if opening.beginning.open:
        window.show_doors()
    if not (_show_last_known(store, planes.folder) or opening.given.hidden):
        qt.show_first(window)
    try:
        bytecode.keep()
        return _live(opening, Opened(qt, store, window, preferences, planes))
    finally:
        preferences.keep(window.remembered(preferences.settings))


def _show_last_known(store: "Store", folder: Path) -> bool:
    """Show in the window what was known last; returns whether there is such a thing."""
    from autosky_desktop.system import last_known

    if known := last_known.read(folder):
        from autosky_desktop.flows.last_known import show

        show(store, known)
    return len(store.environments) > 0


def _live(opening: Opening, opened: Opened) -> int:
    # not before: it would take the processors from what brings the picture to the screen
    waits = opened.store.environments or opening.beginning.open
    process = None if waits else _ahead(opening.start)

    from autosky_desktop.flows.local_plane import LocalPlane

    connector = LocalPlane(opening.start, process)
    try:
        desktop = _build(opening, opened, connector)
        pause = 0.0
        if not (opening.given.hidden or opened.window.isVisible()):
            opened.qt.show_first(opened.window)
            pause = PICTURE_FIRST

        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        from qasync import QEventLoop

        from autosky_desktop.system import log
        from autosky_desktop.system.last_run import RunningMark

        with RunningMark(folders.logs(), instance.named(opening.data)) as mark:
            log.begin(folders.logs())
            log.keep_crashes(folders.logs())
            log.use_level(opened.preferences.settings.log_level)
            if mark.crash:
                desktop.ended_before.tell(mark.crash)
            with asyncio.Runner(loop_factory=lambda: QEventLoop(opened.qt)) as runner:
                runner.get_loop().set_default_executor(ThreadPoolExecutor(THREADS))
                return runner.run(_visit(opening, opened.qt, desktop, pause))
    finally:
        connector.close()


def _build(opening: Opening, opened: Opened, connector: "LocalPlane") -> "Desktop":
    """Build the rest of the window. No coroutine runs before what was known last is painted."""
    from autosky_desktop.actions.looking_first import LookingFirst
    from autosky_desktop.flows.follow import Follow
    from autosky_desktop.system.clock import now
    from autosky_desktop.ui.desktop import Desktop

    _qt, store, window, preferences, planes = opened
    follow = Follow(store, connector, now, met=lambda me: desktop.meet(me, planes))
    reckoned = store.reckoned(now)
    intents = LookingFirst(follow, store, reckoned)
    desktop = Desktop(window, store, intents, follow, preferences, reckoned)
    desktop.background.watch(lambda: _system_parts(preferences), hidden=opening.given.hidden)
    return desktop


async def _visit(opening: Opening, qt: "Application", desktop: "Desktop", pause: float) -> int:
    """Go live after a pause, wait until the visit is over, close."""
    import asyncio

    await asyncio.sleep(pause)
    await opening.listener.open(lambda it: desktop.navigation.arrive(it.link, it.token))
    if opening.given.link:
        desktop.navigation.arrive(opening.given.link)
    desktop.tasks.spawn(
        _follow(desktop, opening.beginning), name="follow", failed=desktop.follow.give_up
    )
    try:
        return await opening.visit(qt, desktop)
    finally:
        await desktop.close()


async def _follow(desktop: "Desktop", beginning: Beginning) -> None:
    """Follow the control plane, as soon as it is settled what that begins with."""
    if beginning.open:
        beginning.demo = await desktop.first_run.begins_with_demo()
    await desktop.follow.run()


def _system_parts(preferences: "Preferences") -> "SystemParts":
    """Return the parts of the system that are needed once the window has settled."""
    from autosky_desktop.system.alarm import alarm
    from autosky_desktop.system.plane_files import KeptReminders
    from autosky_desktop.ui.background.parts import SystemParts
    from autosky_desktop.ui.tray.host import TrayHost

    kept = KeptReminders(lambda: preferences.plane_folder, preferences.lose)
    return SystemParts(kept, _notifier(), alarm, TrayHost())


def _notifier() -> "Notifier":
    """Return this system's notifier; it loads nothing more before the first note."""
    name, icon = "Autosky Desktop", folders.resources() / "icons" / f"{folders.APPLICATION}.png"
    if sys.platform == "linux":
        from autosky_desktop.system.freedesktop import FreedesktopNotifications

        return FreedesktopNotifications(name, icon)
    from autosky_desktop.system.notifications import LibraryNotifications

    return LibraryNotifications(name, icon)


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

    def look() -> None:
        if desktop.follow.plane:  # what was known last proves nothing
            shown.set()

    desktop.window.servers_painted.connect(look)
    try:
        async with asyncio.timeout(SMOKE_SECONDS):
            await shown.wait()
    except TimeoutError:
        sys.stdout.write(words.none_shown(SMOKE_SECONDS) + "\n")
        return 1
    sys.stdout.write(words.shown(desktop.window.windowTitle()) + "\n")
    return 0
