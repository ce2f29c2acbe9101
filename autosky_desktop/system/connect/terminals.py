"""The person's own terminal emulator, and how each is told to run one script.

None gets a value of a target but the window's title: all others are in the script.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

Words = Callable[[str], list[str]]

TERMINALS: Mapping[str, Words] = MappingProxyType({
    "ptyxis": lambda title: ["--standalone", f"--title={title}", "--"],
    "gnome-terminal": lambda title: ["--wait", f"--title={title}", "--"],
    "kgx": lambda title: ["--wait", f"--title={title}", "--"],
    "konsole": lambda _title: ["--separate", "-e"],
    "xfce4-terminal": lambda title: ["--disable-server", f"--title={title}", "-x"],
    "mate-terminal": lambda title: ["--disable-factory", f"--title={title}", "-x"],
    "cosmic-term": lambda _title: ["--"],
    "qterminal": lambda _title: ["-e"],
    "lxterminal": lambda title: ["--no-remote", f"--title={title}", "-e"],
    "ghostty": lambda title: ["--gtk-single-instance=false", f"--title={title}", "-e"],
    "kitty": lambda title: [f"--title={title}"],
    "alacritty": lambda title: [f"--title={title}", "-e"],
    "wezterm": lambda _title: ["start", "--always-new-process", "--"],
    "foot": lambda title: [f"--title={title}"],
    "rio": lambda _title: ["-e"],
    "tilix": lambda title: ["--new-process", f"--title={title}", "-e"],
    "terminator": lambda title: ["--no-dbus", f"--title={title}", "-x"],
    "xdg-terminal-exec": lambda _title: [],
    "x-terminal-emulator": lambda title: ["-T", title, "-e"],
    "xterm": lambda title: ["-T", title, "-e"],
    "urxvt": lambda title: ["-T", title, "-e"],
    "st": lambda title: ["-T", title, "-e"],
})  # fmt: skip
"""The best first: the one a person has chosen ($TERMINAL) is before all of them, known or not."""

OTHER: Words = lambda _title: ["-e"]  # noqa: E731 - as those above
"""How a terminal that is not known runs something: nearly all know this word of xterm's."""


APPLICATIONS: Mapping[str, str] = MappingProxyType({
    "iTerm": "/Applications/iTerm.app",
    "Terminal": "/System/Applications/Utilities/Terminal.app",
})  # fmt: skip
"""Of macOS: each runs a file that may be run, as if it had been clicked."""


def arguments(name: str, program: str, title: str, script: str) -> list[str]:
    if name in APPLICATIONS:
        return ["/usr/bin/open", "-a", program, script]
    own = _own()
    own_words = own[1:] if own and shutil.which(own[0]) == program and not _is_known(own[0]) else []
    return [program, *own_words, *TERMINALS.get(name, OTHER)(title), "/bin/sh", script]


def found() -> dict[str, Path]:
    """Return those that are here, the best first."""
    if sys.platform == "darwin":
        return {name: Path(app) for name, app in APPLICATIONS.items() if Path(app).is_dir()}
    there = {name: path for name in TERMINALS if (path := shutil.which(name))}
    if (own := _own()) and (path := shutil.which(own[0])):
        there = {_name(own): path, **there}
    return {name: Path(path) for name, path in there.items()}


def _own() -> list[str]:
    """Return the command of $TERMINAL: a terminal, perhaps with words of its own, or a program that
    starts one, as in `flatpak run org.kde.konsole`.

    A known terminal is started with our words alone, as its own may have it share a window.
    """
    try:
        return shlex.split(os.environ.get("TERMINAL", ""))
    except ValueError:  # a quote that nobody closes
        return []


def _name(own: list[str]) -> str:
    """Return the name of the terminal that the command starts, else that of its program."""
    words = (Path(word).name for word in own)
    names = (it if _is_known(it) else it.rpartition(".")[2].lower() for it in words)
    return next(filter(_is_known, names), Path(own[0]).name)


def _is_known(word: str) -> bool:
    return Path(word).name in TERMINALS
