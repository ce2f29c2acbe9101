"""The places of this program on this computer: its folders, and the bus of its session."""

import os
import sys
from pathlib import Path

import platformdirs

NAME = "autosky-desktop"
APPLICATION = "io.autosky.desktop"
"""The id of the window for desktops: of its entry in menus, its icon, and its bundle on macOS."""
OTHERS_WRITE = 0o022


def resources() -> Path:
    """Return the folder of icons, fonts and the contract: beside the package, or inside it when
    installed or frozen.
    """
    package = Path(__file__).parent.parent
    inside = package / "resources"
    return inside if inside.is_dir() or hasattr(sys, "frozen") else package.parent / "resources"


def guide() -> Path:
    """Return the folder of the guide, in which each language has one of its own."""
    inside = resources() / "guide"
    return inside if inside.is_dir() else resources().parent / "docs"


def data() -> Path:
    """Return the folder of the embedded control plane's databases."""
    return platformdirs.user_data_path(NAME, appauthor=False)


def was_used(data: Path) -> bool:
    """Return whether a control plane had its databases in that folder."""
    return any((data / name).exists() for name in ("app.sqlite3", "app.made"))


def settings() -> Path:
    return platformdirs.user_config_path(NAME, appauthor=False)


def logs() -> Path:
    return platformdirs.user_log_path(NAME, appauthor=False)


def runtime() -> Path:
    """Return the folder for what lives no longer than the session, for its owner alone. As every
    folder that the environment names, one that is not absolute does not count: it would be another
    everywhere.
    """
    session = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if session.is_absolute() and _is_usable(session):
        return session / NAME
    return platformdirs.user_cache_path(NAME, appauthor=False) / "run"


def _is_usable(folder: Path) -> bool:
    """Return whether nobody else could put a file in the place of ours, and programs may be run
    from there, as ssh runs its helper; one yet to be made is safe.

    After `su` or `sudo -E` it is somebody else's, and some systems let everybody write to it.
    """
    if sys.platform == "win32":
        return True
    try:
        there = folder.stat()
    except OSError:
        return True
    private = there.st_uid == os.getuid() and not there.st_mode & OTHERS_WRITE
    return private and not os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0)


def session_bus() -> str:
    """Return the address of the session's D-Bus: as the environment has it, else where systemd
    has it, as other programs do.
    """
    told = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    return told or f"unix:path={os.environ.get('XDG_RUNTIME_DIR', '/nowhere')}/bus"
