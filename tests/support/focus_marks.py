"""The focus ring: the one thing that the focus changes in the picture of a control."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QCalendarWidget, QScrollArea, QWidget

from tests.support.looking import INPUTS, name_of

SEEN = 12
"""Levels of grey by which a pixel has to differ."""
CARET = 2
MOSTLY = 0.5


def marks(top: QWidget, stops: list[QWidget]) -> Iterator[str]:
    """Yield what is wrong with the marks of `stops`, the controls that the Tab key comes to."""
    held = top.focusWidget()
    for stop in stops:
        if not stop.isVisible() or isinstance(stop.parentWidget(), QCalendarWidget):
            continue  # the chosen day of a calendar is where the keyboard is
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        _scroll_to(stop)
        place = QRect(stop.mapTo(top, QPoint()), stop.size()).intersected(top.rect())
        marked = top.grab(place).toImage()
        stop.clearFocus()
        if why := _wrong(stop, parts(top.grab(place).toImage(), marked)):
            yield f"{name_of(stop)} {why}"
    if held:
        held.setFocus()


def _scroll_to(stop: QWidget) -> None:
    """Scroll to the control as the Tab key does."""
    outer = stop.parentWidget()
    while outer:
        if isinstance(outer, QScrollArea):
            outer.ensureWidgetVisible(stop)
        outer = outer.parentWidget()


def _wrong(stop: QWidget, found: list[list[QRect]]) -> str:
    boxes = {id(part): _around(part) for part in found}
    ring = max(found, key=lambda it: boxes[id(it)].width() * boxes[id(it)].height(), default=None)
    if ring is None:
        return "shows nothing of the focus"
    around = boxes[id(ring)]
    more = [boxes[id(it)] for it in found if it is not ring]
    if isinstance(stop, INPUTS):  # the caret, and what is selected
        more = [it for it in more if not around.contains(it)]
    if more:
        return f"has other marks of the focus beside its ring: {[it.getRect() for it in more]}"
    filled = sum(it.width() * it.height() for it in ring) / (around.width() * around.height())
    if filled > MOSTLY and around.height() > 20 and not isinstance(stop, QAbstractItemView):
        return f"is filled by the focus: {filled:.0%}"
    return ""


def parts(before: QImage, after: QImage) -> list[list[QRect]]:
    """Return where the two pictures differ: each part as lines that touch."""
    found: list[list[QRect]] = []
    for run in _runs(before, after):
        near = run.adjusted(-2, -2, 2, 2)
        joined = [run]
        for part in [it for it in found if any(near.intersects(line) for line in it)]:
            found.remove(part)
            joined += part
        found.append(joined)
    return found


def _runs(before: QImage, after: QImage) -> Iterator[QRect]:
    """Yield the pixels of each line that differ, as runs."""
    grey = _difference(before, after)
    wide, data, line = grey.width(), bytes(grey.constBits()), grey.bytesPerLine()
    for y in range(grey.height()):
        row = data[y * line : y * line + wide]
        x = 0
        while x < wide:
            begin = x
            while x < wide and row[x] > SEEN:
                x += 1
            if x > begin:
                yield QRect(begin, y, x - begin, 1)
            x += 1


def _difference(one: QImage, other: QImage) -> QImage:
    both = one.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(both)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, other)
    painter.end()
    return both.convertToFormat(QImage.Format.Format_Grayscale8)


def _around(part: list[QRect]) -> QRect:
    box = QRect(part[0])
    for line in part:
        box = box.united(line)
    return box
