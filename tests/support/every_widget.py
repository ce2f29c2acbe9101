"""The classes of widgets that the window is made of."""

import importlib
import pkgutil

from PySide6.QtWidgets import QApplication, QWidget

import autosky_desktop.ui


def kinds() -> set[type[QWidget]]:
    """Return every class of widget that the window has."""
    found = set()
    for module in pkgutil.walk_packages(autosky_desktop.ui.__path__, "autosky_desktop.ui."):
        for it in vars(importlib.import_module(module.name)).values():
            if isinstance(it, type) and issubclass(it, QWidget) and it.__module__ == module.name:
                found.add(it)
    return found


def kinds_shown() -> set[type]:
    """Return the classes of what shows now, and those that they are kinds of."""
    shown = {type(it) for it in QApplication.allWidgets() if it.isVisible()}
    return {kind for it in shown for kind in it.__mro__}
