"""Where the keyboard is when what had it turns grey or goes."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QWidget


@contextmanager
def focus_kept(within: QWidget, *heirs: QWidget) -> Iterator[None]:
    """Keep the focus in `within` while that changes: the first of `heirs` which can have it takes
    it over; `within` itself holds it where none can. Qt would give it to whatever comes next in the
    window, or to the window's first button.
    """
    window = within.window()
    before = window.focusWidget()
    yield
    if before is None or not (before is within or within.isAncestorOf(before)):
        return
    after = window.focusWidget()
    if after is None or not within.isAncestorOf(after) or not _can_have_it(after):
        next((it for it in heirs if _can_have_it(it)), within).setFocus()


def _can_have_it(widget: QWidget) -> bool:
    """A window behind a dialog leaves it with what is hidden."""
    return widget.isEnabled() and widget.isVisibleTo(widget.window())
