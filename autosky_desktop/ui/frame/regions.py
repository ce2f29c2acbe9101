"""The way from one part of the window to the next with a key."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.widgets.focus import first_in


def step(regions: Sequence[QWidget], by: int) -> None:
    """Move the focus to the next region that can take it, and from the last to the first."""
    holding = [i for i, it in enumerate(regions) if _holds_focus(it)]
    at = holding[-1] if holding else min(0, -by)  # the last: a region may stand within another
    for number in range(1, len(regions) + 1):
        region = regions[(at + by * number) % len(regions)]
        if target := first_in(region):
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def _holds_focus(region: QWidget) -> bool:
    focus = region.window().focusWidget()
    return focus is not None and (focus is region or region.isAncestorOf(focus))
