"""Every screen and state that the window has, opened as a person would, on records made by hand."""

from tests.support.screens import (
    connecting,
    environments,
    frame,
    menus,
    publishing,
    questions,
    servers,
    windows,
)
from tests.support.screens.registry import ALIKE, SCREENS

POPUPS = {name for name in SCREENS if name.startswith(("menu:", "list:", "calendar", "demo: menu"))}
PAGES = [name for name in SCREENS if name not in ALIKE | POPUPS]
"""The window with or without a question over it, and nothing that the next press closes."""

__all__ = [
    "ALIKE",
    "PAGES",
    "SCREENS",
    "connecting",
    "environments",
    "frame",
    "menus",
    "publishing",
    "questions",
    "servers",
    "windows",
]
