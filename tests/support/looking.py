"""The look at every widget that shows: what is cut, covers something, is nameless or out of reach.

Each fault is one line that names the widget and its text.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPalette, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QStyleOptionTab,
    QTabBar,
    QToolButton,
    QWidget,
)

from autosky_desktop.ui.frame.side_panel import SidePanel
from autosky_desktop.ui.frame.tour import Tour
from autosky_desktop.ui.theme.fonts import TextStyle, advance
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.ui.widgets.timeline import StepItem
from tests.support.person import said

LEAST_CONTRAST = 4.5
INPUTS = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit)
ROUNDS = 200
"""Presses of the Tab key, at the most, before one is where one began."""

_Policy, _Align = Qt.ScrollBarPolicy, Qt.AlignmentFlag


def settle() -> None:
    """Lay out everything that waits for it."""
    for _ in range(4):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def is_painted(top: QWidget) -> bool:
    """Return whether nothing waits to be painted: a page paints its cards one after another."""
    return all(it.updatesEnabled() for it in shown_in(top))


def stands_still(top: QWidget) -> Callable[[], bool]:
    """Return a function that tells whether all is painted, and stands where it last stood."""
    before: list[QRect] = []

    def look() -> bool:
        nonlocal before
        last, before = before, [it.geometry() for it in shown_in(top)]
        return before == last and is_painted(top)

    return look


def top_window(window: QWidget) -> QWidget:
    """Return what is in front: a question over the window, or the window."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget() or window


def shown_in(top: QWidget) -> list[QWidget]:
    """Return the widgets that show in it, and in no other window."""
    return [it for it in top.findChildren(QWidget) if it.isVisible() and it.window() is top]


def name_of(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{said(widget) or words(widget) or widget.objectName()}”"


def words(widget: QWidget) -> str:
    """Return what is written on it."""
    if isinstance(widget, QLabel):
        return _plain(widget)
    if isinstance(widget, QAbstractButton):
        return widget.text().replace("&", "")
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return ""


def _plain(label: QLabel) -> str:
    text = label.text()
    if label.textFormat() is Qt.TextFormat.PlainText or "<" not in text:
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def cut(widgets: list[QWidget], *, may_elide: bool) -> Iterator[str]:
    for widget in widgets:
        if why := _is_cut(widget, may_elide=may_elide):
            yield f"{name_of(widget)} {why}"
    for widget in widgets:
        if words(widget) and (why := _is_outside(widget)):
            yield f"{name_of(widget)} {why}"


def _is_cut(widget: QWidget, *, may_elide: bool) -> str:
    if isinstance(widget, QLabel) and words(widget):
        return _label_is_cut(widget, may_elide=may_elide)
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        return _head_is_cut(widget)
    if isinstance(widget, QTabBar):
        return _tabs_are_cut(widget)
    wanted = widget.sizeHint().width()
    if isinstance(widget, QAbstractButton) and words(widget) and widget.width() < wanted:
        return f"is {widget.width()} wide and wants {wanted}"
    if isinstance(widget, (QLineEdit, QComboBox)) and words(widget):
        beside = 30 if isinstance(widget, QComboBox) else 12
        wanted = widget.fontMetrics().horizontalAdvance(words(widget)) + beside
        typed = isinstance(widget, QLineEdit) and bool(widget.text())
        if widget.width() < wanted and not typed:
            return f"is {widget.width()} wide and wants {wanted}"
    line = widget.fontMetrics().height()
    if isinstance(widget, INPUTS) and widget.height() < line:
        return f"is {widget.height()} high and its letters {line}"
    return ""


def _label_is_cut(label: QLabel, *, may_elide: bool) -> str:
    if isinstance(label, StatusPill | StepItem):
        return _painted_is_cut(label, may_elide=may_elide)
    fitting = getattr(label, "_fitting", None)
    if fitting is not None:
        if fitting == label.text() or label.width() >= label.sizeHint().width():
            return ""
        if not label.toolTip():
            return "is elided and has no tool tip"
        return "" if may_elide else f"is elided to “{fitting}”"
    if label.wordWrap():
        high = label.heightForWidth(label.width())
        wide = _longest_word(label)
        if wide > label.contentsRect().width():
            return f"is {label.width()} wide and its longest word {wide}"
        return f"is {label.height()} high and wants {high}" if label.height() < high else ""
    wanted = label.sizeHint()
    if label.width() < wanted.width():
        return f"is {label.width()} wide and wants {wanted.width()}"
    return f"is {label.height()} high" if label.height() < wanted.height() - 2 else ""


def _painted_is_cut(label: QLabel, *, may_elide: bool) -> str:
    """Return the words that are cut in what paints them itself: it may leave out letters while its
    tool tip has them.
    """
    if isinstance(label, StepItem):
        wanted = advance(TextStyle.SMALL, label.look.name) + 8
        if not label.isVisible() or label.compact:
            return ""
    else:
        wanted = label.sizeHint().width()
    if label.width() >= wanted:
        return ""
    if label.text() not in label.toolTip():
        return "is elided and has no tool tip"
    return "" if may_elide else f"is {label.width()} wide and wants {wanted}"


def _longest_word(label: QLabel) -> int:
    measure = label.fontMetrics().horizontalAdvance
    return max((measure(it) for it in _plain(label).split()), default=0)


def _head_is_cut(head: QHeaderView) -> str:
    model = head.model()
    for section in range(head.count()):
        text = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        wanted = advance(TextStyle.SMALL_MEDIUM, text) + 8
        if text and not head.isSectionHidden(section) and head.sectionSize(section) < wanted:
            return f"gives “{text}” {head.sectionSize(section)} and it wants {wanted}"
    return ""


def _tabs_are_cut(bar: QTabBar) -> str:
    """Return which tabs are cut: each must show its word and its number with room around.

    Where arrows scroll them, that holds for the chosen one.
    """
    scrolled = any(it.isVisible() for it in bar.findChildren(QToolButton))
    letters, option = bar.fontMetrics(), QStyleOptionTab()
    shown = filter(bar.isTabVisible, range(bar.count()))
    for tab in [bar.currentIndex()] if scrolled else shown:
        rect = bar.tabRect(tab)
        if rect.right() > bar.width() or rect.left() < 0:
            return f"has “{bar.tabText(tab)}” outside"
        badge = bar.tabButton(tab, QTabBar.ButtonPosition.RightSide)
        bar.initStyleOption(option, tab)
        lines = option.text.splitlines()
        wanted = max(map(letters.horizontalAdvance, lines), default=0)
        if bar.height() < len(lines) * letters.height():
            return f"is {bar.height()} high and has {len(lines)} lines"
        if badge:
            wanted += badge.sizeHint().width()
            number = badge.findChild(QLabel) or badge
            if number.mapTo(bar, number.rect().bottomRight()).x() > rect.right() - 6:
                return f"has the number of “{bar.tabText(tab)}” at its edge"
        if rect.width() < wanted:
            return f"gives “{bar.tabText(tab)}” {rect.width()} and it wants {wanted}"
    return ""


def _is_outside(widget: QWidget) -> str:
    """Return how far it lies beyond what holds it, where no scrolling leads."""
    rect, inner = QRect(widget.rect()), widget
    while inner and not inner.isWindow():
        outer = inner.parentWidget()
        rect.translate(inner.pos())
        area = outer.parentWidget() if outer else None
        if isinstance(area, QScrollArea) and outer is area.viewport():
            room = inner.geometry()
            sideways = area.horizontalScrollBarPolicy() is not _Policy.ScrollBarAlwaysOff
            if not sideways and room.width() > outer.width() + 1:
                return f"stands on a page {room.width()} wide in a room of {outer.width()}"
            if not room.contains(rect):
                return "stands outside the page"
            return ""
        if isinstance(outer, QAbstractScrollArea) or isinstance(area, QAbstractScrollArea):
            return ""  # a widget in a cell goes with its row
        if outer and not outer.rect().adjusted(-1, -1, 1, 1).contains(rect):
            return f"stands outside {type(outer).__name__}: {rect.getRect()} in {outer.size()}"
        inner = outer
    return ""


def covered(widgets: list[QWidget]) -> Iterator[str]:
    """Yield words that lie on one another, on the same page."""
    pages: dict[QWidget, list[tuple[QWidget, QRect]]] = {}
    for widget in widgets:
        if words(widget) and not isinstance(widget.parentWidget(), (*INPUTS, QTabBar)):
            page, rect = _page_of(widget)
            pages.setdefault(page, []).append((widget, rect))
    for those in pages.values():
        for (one, here), (other, there) in combinations(those, 2):
            both = here.intersected(there)
            if both.width() > 2 and both.height() > 2 and not _holds(one, other):
                yield f"{name_of(one)} and {name_of(other)} lie on one another"


def _holds(one: QWidget, other: QWidget) -> bool:
    return one.isAncestorOf(other) or other.isAncestorOf(one)


def _page_of(widget: QWidget) -> tuple[QWidget, QRect]:
    """Return what it scrolls with, or the panel or hint it is on, and where it stands there."""
    page = widget
    while not page.isWindow() and not isinstance(page, SidePanel | Tour):
        outer = page.parentWidget()
        if isinstance(outer.parentWidget(), QAbstractScrollArea) and (
            outer is outer.parentWidget().viewport()  # type: ignore[attr-defined]
        ):
            break
        page = outer
    return page, QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def nameless(widgets: list[QWidget]) -> Iterator[str]:
    """Yield controls that say nothing of themselves to those who listen."""
    for widget in widgets:
        if _is_icon_without_a_tip(widget):
            yield f"{name_of(widget)} shows an icon and no tip"
        if not _is_control(widget):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is None:
            yield f"{name_of(widget)} is not told at all"
            continue
        labels = [it for it, _ in spoken.relations(QAccessible.RelationFlag.AllRelations) or []]
        if not (spoken.text(QAccessible.Text.Name) or labels):
            yield f"{name_of(widget)} has no name"
        if spoken.role() in GENERIC:
            yield f"{name_of(widget)} is told as {spoken.role().name}"


GENERIC = {
    QAccessible.Role.NoRole,
    QAccessible.Role.Client,
    QAccessible.Role.Pane,
    QAccessible.Role.Window,
    QAccessible.Role.StaticText,
}


def _is_icon_without_a_tip(widget: QWidget) -> bool:
    """Return whether it is an icon alone, but not Qt's own cross that empties a field."""
    qts = type(widget) is QToolButton and isinstance(widget.parentWidget(), QLineEdit)
    return (
        isinstance(widget, QAbstractButton)
        and not (widget.text() or widget.toolTip())
        and not (qts or isinstance(widget, (QCheckBox, QRadioButton)))
    )


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget.parentWidget(), INPUTS) or isinstance(widget, QLabel):
        return False
    tab_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return not widget.isWindow() and (tab_stop or isinstance(widget, (QAbstractButton, *INPUTS)))


def tab_stops(top: QWidget) -> list[QWidget]:
    """Return where the Tab key leads, in that order."""
    reached: list[QWidget] = []
    last = None
    for _ in range(ROUNDS):
        here = top.focusWidget() or top
        if here in reached and here is not last:  # a date keeps it from part to part
            break
        if here not in (last, top) and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.append(here)
        last = here
        QTest.keyClick(here, Qt.Key.Key_Tab)
    return reached


def out_of_reach(reached: list[QWidget], widgets: list[QWidget]) -> Iterator[str]:
    """Yield controls that the Tab key never comes to."""
    for widget in widgets:
        proxy = widget.focusProxy() or widget
        stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
        inside = isinstance(widget.parentWidget(), (*INPUTS, QTabBar))
        there = stop and widget.isVisible()  # a panel may have given way to the keyboard
        if there and not inside and proxy not in reached and not _is_of_a_group(widget, reached):
            yield f"{name_of(widget)} is never reached by Tab"


def _is_of_a_group(widget: QWidget, reached: list[QWidget]) -> bool:
    """Return whether another choice of its group was reached: Tab stops at one, arrows lead on."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and any(it in reached for it in group.buttons())


BORDER = 2
"""Pixels that the border of what has the keyboard is wide."""


def pale(top: QWidget, widgets: list[QWidget]) -> Iterator[str]:
    """Yield words that hardly stand out from what is painted behind them."""
    picture = top.grab().toImage().scaled(top.size())  # its pixels are the screen's, not ours
    picture.setDevicePixelRatio(1)
    for widget in widgets:
        if not words(widget) or not widget.isEnabled():
            continue
        # within its border: words stand on that nowhere, and more may not be in view
        inside = widget.rect().adjusted(BORDER, BORDER, -BORDER, -BORDER)
        seen = widget.visibleRegion().boundingRect().intersected(inside)
        behind = _behind(picture, seen.translated(widget.mapTo(top, QPoint(0, 0))))
        if behind is None:
            continue
        letters = _letters(widget)
        if (found := contrast(letters, behind)) < LEAST_CONTRAST:
            yield f"{name_of(widget)} is {letters.name()} on {behind.name()}: {found:.2f}"


def _letters(widget: QWidget) -> QColor:
    if isinstance(widget, QLineEdit) and not widget.text():
        return widget.palette().color(QPalette.ColorRole.PlaceholderText)
    return widget.palette().color(widget.foregroundRole())


def _behind(picture: QImage, rect: QRect) -> QColor | None:
    """Return the colour that most of it has."""
    seen = rect.intersected(picture.rect())
    if seen.width() < 4 or seen.height() < 4:
        return None
    # a letter fills much of a small one: what is around it counts too
    across, down, inset = (5, 3, 2) if seen.width() > 60 else (1, 1, 0)
    counted: dict[int, int] = {}
    for y in range(seen.top() + inset, seen.bottom() + 1 - inset, down):
        for x in range(seen.left() + inset, seen.right() + 1 - inset, across):
            pixel = picture.pixel(x, y)
            counted[pixel] = counted.get(pixel, 0) + 1
    return QColor(max(counted, key=counted.__getitem__)) if counted else None


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours by WCAG 2.2."""
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _light(color: QColor) -> float:
    parts = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4
             for it in color.getRgbF()[:3]]  # fmt: skip
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
