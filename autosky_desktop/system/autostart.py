"""The switch for starting with the system: off until somebody asks for it."""

import os
import plistlib
import re
import sys
from pathlib import Path
from shutil import which
from xml.parsers.expat import ExpatError

from autosky_desktop.system.folders import APPLICATION, NAME

HIDDEN = "--hidden"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


def is_on() -> bool:
    """Return whether the system will start it: its own settings switch an entry off and leave it
    there, and a program that was moved away is not started.
    """
    if sys.platform == "win32":
        return _windows_has()
    try:
        content = _file().read_bytes()
    except OSError:
        return False
    return _agent_starts(content) if sys.platform == "darwin" else _entry_starts(content)


def turn(on: bool) -> None:
    """Switch starting with the system on or off. Raises OSError when the system does not let us."""
    if sys.platform == "win32":
        _turn_windows(on)
    elif not on:
        _file().unlink(missing_ok=True)
    else:
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_bytes(_agent() if sys.platform == "darwin" else _entry().encode())
        part.replace(file)


def command() -> list[str]:
    """Return the command that starts this program again: the frozen one, or this module."""
    if hasattr(sys, "frozen"):
        # an AppImage's own program lies where it is mounted, which is gone the next time
        return [os.environ.get("APPIMAGE") or sys.executable, HIDDEN]
    return [sys.executable, "-m", "autosky_desktop.cli", "desktop", HIDDEN]


def _file() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library/LaunchAgents" / f"{APPLICATION}.plist"
    config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    config = config if config.is_absolute() else Path.home() / ".config"
    return config / "autostart" / f"{NAME}.desktop"


def _entry() -> str:
    parts = command()
    line = " ".join(_quoted(part) for part in parts)
    program = parts[0].replace("\\", "\\\\")  # where it is gone, a desktop starts nothing
    return (
        "[Desktop Entry]\nType=Application\nName=Autosky Desktop\n"
        f"Comment=Reminds of scheduled shutdowns\nExec={line}\nTryExec={program}\n"
        f"Icon={APPLICATION}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )


def _entry_starts(content: bytes) -> bool:
    """Return whether the entry starts it, given how desktops switch one off: GNOME and Cinnamon
    write a key, the others Hidden.
    """
    _, _, group = content.decode(errors="replace").partition("[Desktop Entry]")
    lines = (line.partition("=") for line in group.partition("\n[")[0].splitlines())
    keys = {name.strip(): value.strip() for name, _, value in lines}
    off = keys.get("Hidden", "").lower() == "true"
    off |= keys.get("X-GNOME-Autostart-enabled", "").lower() == "false"
    tried = keys.get("TryExec", "").replace("\\\\", "\\")
    wanted = filter(None, (_program(keys.get("Exec", "")), tried))
    return not off and "Exec" in keys and all(which(program) for program in wanted)


def _program(line: str) -> str:
    """Return the first argument of an Exec line, which reverses `_quoted`."""
    found = re.match(r'"((?:\\.|[^"\\])*)"|(\S+)', line.replace("\\\\", "\\"))
    part = (found[1] or found[2]) if found else ""
    return re.sub(r"\\(.)", r"\1", part).replace("%%", "%")


def _agent_starts(content: bytes) -> bool:
    try:
        agent = plistlib.loads(content)
        off = agent.get("Disabled") or not agent.get("RunAtLoad")
        return not off and which(agent["ProgramArguments"][0]) is not None
    except (ValueError, LookupError, TypeError, AttributeError, ExpatError):
        return False


def _quoted(part: str) -> str:
    """Return the argument as the desktop entry specification wants it, escaped twice in quotes."""
    escaped = "".join("\\" + it if it in '\\"`$' else it for it in part)
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


def _agent() -> bytes:
    return plistlib.dumps({"Label": APPLICATION, "ProgramArguments": command(), "RunAtLoad": True})


def _windows_has() -> bool:
    if sys.platform != "win32":
        return False
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            winreg.QueryValueEx(key, NAME)
    except OSError:
        return False
    return True


def _turn_windows(on: bool) -> None:
    if sys.platform == "win32":
        import winreg
        from subprocess import list2cmdline

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if on:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, list2cmdline(command()))
            elif _windows_has():
                winreg.DeleteValue(key, NAME)
