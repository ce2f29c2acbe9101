"""Light or dark, moving or still, as the person chose or as the system is."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt

from autosky_desktop.ui.theme import theme

SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def wear(name: str) -> None:
    """Paint the window "light" or "dark" from now on; any other word follows the system."""
    theme.current().choose(SCHEMES.get(name, Qt.ColorScheme.Unknown))


def move(name: str) -> None:
    """Let nothing turn or fade ("reduced"); any other word follows the system."""
    theme.current().reduce_motion(name == "reduced")


AT_ONCE: Mapping[str, Callable[[Any], object]] = {"theme": wear, "motion": move}
"""The settings that change the window while one looks at it, and how."""
