"""The person's own terminal emulator, and how each is told to run one script.

None gets a value of a target but the window's title: all others are in the script.
"""

import os
import shutil
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


def arguments(name: str, program: str, title: str, script: str) -> list[str]:
    return [program, *TERMINALS[name](title), "/bin/sh", script]


def found() -> dict[str, Path]:
    """Those that are here, the best first."""
    own = Path(os.environ.get("TERMINAL", "")).name
    names = sorted(TERMINALS, key=lambda name: name != own)
    return {name: Path(path) for name in names if (path := shutil.which(name))}
