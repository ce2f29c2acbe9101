"""The system's setting by which things on the screen shall stand still.

Read at once, from where it can be: GNOME keeps it where only its portal reads it (`ui/theme`).
Those of Windows and macOS follow public documentation and have not been run by us yet.
"""

import logging
import os
import sys
from pathlib import Path

log = logging.getLogger(__name__)

_CLIENT_AREA_ANIMATION = 0x1042
"""SPI_GETCLIENTAREAANIMATION: the switch “Animation effects” of Windows."""
_OFF = ("0", "false", "no", "off")


def is_reduced() -> bool:
    """Return whether it is set; False where the system does not say."""
    try:
        if sys.platform == "win32":
            return _windows()
        if sys.platform == "darwin":
            return _macos()
        return _linux()
    except OSError as cause:
        log.info("Whether motion is wanted could not be read: %s", cause)
        return False


def duration_is_none(factor: object) -> bool:
    """Return whether KDE's factor for how long animations take says that there are none."""
    try:
        return float(str(factor)) == 0
    except ValueError:
        return False


def _linux() -> bool:
    """Return what KDE's own file says where KDE runs, else those of GTK, for desktops without a
    portal.
    """
    given = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    folder = given if given.is_absolute() else Path.home() / ".config"
    if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return duration_is_none(_value(folder / "kdeglobals", "KDE", "AnimationDurationFactor"))
    files = (folder / f"gtk-{version}.0" / "settings.ini" for version in (4, 3))
    said = (_value(file, "Settings", "gtk-enable-animations") for file in files)
    return any(it.casefold() in _OFF for it in said)


def _value(file: Path, section: str, key: str) -> str:
    """Return one value of a file of sections, empty where there is none."""
    try:
        lines = file.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    inside = False
    for line in lines:
        name, _, value = line.partition("=")
        if line.startswith("["):
            inside = line.strip() == f"[{section}]"
        elif inside and name.strip() == key:
            return value.strip()
    return ""


def _windows() -> bool:
    import ctypes

    shown = ctypes.c_int(1)
    ask = ctypes.windll.user32.SystemParametersInfoW  # type: ignore[attr-defined]
    known = ask(_CLIENT_AREA_ANIMATION, 0, ctypes.byref(shown), 0)
    return bool(known) and not shown.value


def _macos() -> bool:
    import ctypes

    objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
    objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
    pointers = (ctypes.c_void_p, ctypes.c_void_p)
    find = ctypes.CFUNCTYPE(ctypes.c_void_p, *pointers)(("objc_msgSend", objc))
    ask = ctypes.CFUNCTYPE(ctypes.c_bool, *pointers)(("objc_msgSend", objc))
    workspace = find(objc.objc_getClass(b"NSWorkspace"), objc.sel_registerName(b"sharedWorkspace"))
    return bool(ask(workspace, objc.sel_registerName(b"accessibilityDisplayShouldReduceMotion")))
