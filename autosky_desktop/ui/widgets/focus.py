"""The keyboard's focus: who has it when its widget turns grey or goes, and where Tab
and the key to the next region lead it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


@contextmanager
def focus_kept(within: QWidget, *heirs: QWidget) -> Iterator[None]:
    """Keep the focus in `within` while that changes.

    The first of `heirs` which can have it takes it over; `within` itself holds it while none can.
    Qt would give it to whatever comes next in the window, or to the window's first button.
    """
    window = within.window()
    before = window.focusWidget()
    yield
    if before is None or not (before is within or within.isAncestorOf(before)):
        return
    after = window.focusWidget()
    held = after is None or after is within or not within.isAncestorOf(after)
    if held or not can_have_focus(after):
        next((it for it in heirs if can_have_focus(it)), within).setFocus()


def can_have_focus(widget: QWidget) -> bool:
    """Tell whether a widget can have the focus: a window behind a dialog leaves it with what is
    hidden.
    """
    return widget.isEnabled() and widget.isVisibleTo(widget.window())


def order_tabs(within: QWidget, *parts: QWidget) -> None:
    """Have Tab go through the parts of `within` in this order: Qt goes by when they were made."""
    window = within.window()
    inside = [
        {it for it in (part, *part.findChildren(QWidget)) if is_stop(it) and it.window() is window}
        for part in parts
    ]
    stops: list[QWidget] = []
    widget, left = within.nextInFocusChain(), sum(map(len, inside))
    while widget and widget is not within and len(stops) < left:  # not on, through the whole window
        if any(widget in those for those in inside):
            stops.append(widget)
        widget = widget.nextInFocusChain()
    ordered = [it for those in inside for it in stops if it in those]
    for one, following in pairwise([within, *ordered]):
        QWidget.setTabOrder(one, following)


def is_stop(widget: QWidget) -> bool:
    """Tell whether the Tab key leads to such a widget."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def first_in(region: QWidget) -> QWidget | None:
    """Find the first widget of the region, in the order of the Tab key, that takes the focus."""
    widget: QWidget | None = region
    while widget:
        inside = widget is region or region.isAncestorOf(widget)
        takes = Qt.FocusPolicy.TabFocus in widget.focusPolicy()
        if inside and takes and widget.isEnabled() and widget.isVisible():
            return widget
        widget = widget.nextInFocusChain()
        if widget is region:
            break
    return None


def step_to_region(regions: Sequence[QWidget], by: int) -> None:
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
