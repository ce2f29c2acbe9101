"""The person's own terminal emulator, and how each is told to run one script.

None gets a value of a target but the window's title: all others are in the script.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

Words = Callable[[str], list[str]]

TERMINALS: Mapping[str, Words] = MappingProxyType({
    "gnome-terminal": lambda title: ["--wait", f"--title={title}", "--"],
    "konsole": lambda _title: ["--separate", "-e"],
    "xfce4-terminal": lambda title: ["--disable-server", f"--title={title}", "-x"],
    "kitty": lambda title: [f"--title={title}"],
    "alacritty": lambda title: [f"--title={title}", "-e"],
    "wezterm": lambda _title: ["start", "--always-new-process", "--"],
    "foot": lambda title: [f"--title={title}"],
    "x-terminal-emulator": lambda title: ["-T", title, "-e"],
    "xterm": lambda title: ["-T", title, "-e"],
})  # fmt: skip
"""The best first: the one a person has chosen ($TERMINAL) is before all of them."""


APPLICATIONS: Mapping[str, str] = MappingProxyType({
    "iTerm": "/Applications/iTerm.app",
    "Terminal": "/System/Applications/Utilities/Terminal.app",
})  # fmt: skip
"""Of macOS: each runs a file that may be run, as if it had been clicked."""


def arguments(name: str, program: str, title: str, script: str) -> list[str]:
    if name in APPLICATIONS:
        return ["/usr/bin/open", "-a", program, script]
    return [program, *TERMINALS[name](title), "/bin/sh", script]


def found() -> dict[str, Path]:
    """Those that are here, the best first."""
    if sys.platform == "darwin":
        return {name: Path(app) for name, app in APPLICATIONS.items() if Path(app).is_dir()}
    own = Path(os.environ.get("TERMINAL", "")).name
    names = sorted(TERMINALS, key=lambda name: name != own)
    return {name: Path(path) for name in names if (path := shutil.which(name))}
