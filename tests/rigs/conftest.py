"""Real parts of a desktop: each test has a screen, a session bus and a home of its own."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support import program
from tests.support.notifications import NotificationDaemon, notifications
from tests.support.program import Desk
from tests.support.screen import virtual_screen
from tests.support.ssh_account import Account, throw_away_account
from tests.support.ssh_way import own_configuration
from tests.support.traces import marker
from tests.support.tray import KEEPER_OF_SETTINGS, Tray, panel, reading_tray

if sys.platform != "linux":
    collect_ignore_glob = ["*"]  # the parts are Linux's


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short enough for the names of sockets."""
    with TemporaryDirectory(prefix="autosky-rig-") as name:
        yield Path(name)


@pytest.fixture
def account(
    folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Account]:
    """Of this computer, for SSH servers; and a screen and a home for their clients, no agent.

    Its password is the file's own: one may look for it everywhere while another uses its own.
    """
    password = getattr(request.module, "MARKER", None) or marker(request.module.__name__[-8:])
    home = folder / "home"
    home.mkdir()
    with virtual_screen() as display, throw_away_account(password) as made:
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        yield made


@pytest.fixture
def configure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Gives the person a configuration of ssh."""
    path = os.environ["PATH"]

    def write(lines: str) -> None:
        programs = own_configuration(folder, lines)
        monkeypatch.setenv("PATH", f"{programs}:{path}")

    return write


@pytest.fixture
def notification_daemon(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NotificationDaemon]:
    """A daemon on the session bus that this process, too, has for the length of the test."""
    with notifications(folder) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.bus)
        yield daemon


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """A session for programs of their own: a screen with windows, a bus, a home."""
    with program.desk(folder, KEEPER_OF_SETTINGS) as session:
        yield session


@pytest.fixture
def tray(desk: Desk) -> Iterator[Tray]:
    """The tray of a panel at the desk, with whoever reads it."""
    with panel(desk), reading_tray(desk) as reading:
        yield reading


@pytest.fixture
def notifications_at_desk(desk: Desk) -> Iterator[NotificationDaemon]:
    """A daemon on the bus and the screen of the desk, for programs of their own."""
    daemon = NotificationDaemon(desk.home, desk.bus, desk.display)
    daemon.start()
    yield daemon
    daemon.kill()
