"""The tabs of a page, and choices side by side: words, of which one is taken."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStyleOptionTab, QTabBar, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, set_style
from autosky_desktop.ui.widgets.painting import fill, painting

PADDING = 6
"""At both sides of a word, for the ring around it: words begin that much right of the bar."""
_ROOM = 12
"""At both sides of a word in a list, and above and below it together."""


class PageTabs(QTabBar):
    """A bar that paints its tabs: the style would draw a focus of its own through the words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "page")
        self.setFont(font(TextStyle.BODY_MEDIUM))
        self.setDrawBase(False)
        self.setExpanding(False)

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hovered = self.tabAt(self.mapFromGlobal(QCursor.pos())) if self.underMouse() else -1
        for index in range(self.count()):
            chosen = index == self.currentIndex()
            painter.setPen(theme.color("text" if chosen or index == hovered else "text2"))
            word = self.tabRect(index).adjusted(PADDING, 0, -PADDING, 0)
            painter.drawText(word, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
            if chosen:
                line = QRect(word.left(), word.bottom() - 1, word.width(), 2)
                fill(painter, line, theme.color("accent"))
                self._paint_ring(painter, self.tabRect(index))

    def _paint_ring(self, painter: QPainter, tab: QRect) -> None:
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(tab.adjusted(1, 5, -1, -7), 4, 4)


class PageList(PageTabs):
    """A list of pages beneath one another; the arrows go up and down in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShape(QTabBar.Shape.RoundedWest)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(False)

    def tabSizeHint(self, _index: int) -> QSize:
        letters = self.fontMetrics()
        wide = max(letters.horizontalAdvance(self.tabText(it)) for it in range(self.count()))
        return QSize(wide + 2 * _ROOM, letters.height() + _ROOM)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hovered = self.tabAt(self.mapFromGlobal(QCursor.pos())) if self.underMouse() else -1
        for index in range(self.count()):
            if not self.isTabVisible(index):
                continue
            place = self.tabRect(index).adjusted(1, 1, -1, -1)
            chosen = index == self.currentIndex()
            if chosen:
                ring = QPen(theme.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen
                painter.setPen(ring)
                painter.setBrush(theme.color("selected"))
                painter.drawRoundedRect(place, 6, 6)
            painter.setPen(theme.color("text" if chosen or index == hovered else "text2"))
            word = place.adjusted(_ROOM - 1, 0, 0, 0)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(word, left, self.tabText(index))


class Segments(QTabBar):
    """A box of choices that tells of a change by `currentChanged`, as any bar of tabs.

    Where one line has no room for the words they stand in two; where that is too wide as well,
    arrows scroll them.
    """

    def __init__(self, *words: str, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "segment")
        self.setProperty("small", small)
        self.setFont(font(TextStyle.SMALL_MEDIUM if small else TextStyle.BODY_MEDIUM))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for word in words:
            self.addTab(word)

    _wrapped = False

    def sizeHint(self) -> QSize:
        """Return the size in one line."""
        each = [self._in_one_line(tab) for tab in range(self.count())]
        return QSize(sum(it.width() for it in each), max((it.height() for it in each), default=0))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, in one line too: `heightForWidth` says where it takes two."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        hint = self.sizeHint()
        return hint.height() + (self.fontMetrics().height() if width < hint.width() else 0)

    def tabSizeHint(self, index: int) -> QSize:
        size = self._in_one_line(index)
        if not self._wrapped:
            return size
        wide, word = self.fontMetrics().horizontalAdvance, self.tabText(index)
        narrower = wide(word) - max(map(wide, self._in_two_lines(word)))
        return QSize(size.width() - narrower, size.height() + self.fontMetrics().height())

    def tabLayoutChange(self) -> None:
        """Wrap the words, or unwrap them, when what they need or what there is has changed."""
        wrapped = self.width() < self.sizeHint().width()
        if wrapped != self._wrapped:
            self._wrapped = wrapped
            self.setExpanding(wrapped)  # which lays them out anew

    def initStyleOption(self, option: QStyleOptionTab, index: int) -> None:
        super().initStyleOption(option, index)
        if self._wrapped:
            option.text = "\n".join(self._in_two_lines(self.tabText(index)))

    def _in_one_line(self, index: int) -> QSize:
        return super().tabSizeHint(index)

    def _in_two_lines(self, word: str) -> tuple[str, ...]:
        """Part it where that makes it narrowest; a single word stays whole."""
        parts, wide = word.split(), self.fontMetrics().horizontalAdvance
        ways = [(" ".join(parts[:it]), " ".join(parts[it:])) for it in range(1, len(parts))]
        return min(ways, key=lambda lines: max(map(wide, lines)), default=(word,))

    def show_count(self, index: int, number: int, spoken: str) -> None:
        """Show a number beside a word; none for 0. `spoken` is the whole of it for people who
        listen.
        """
        right = QTabBar.ButtonPosition.RightSide
        badge = self.tabButton(index, right)
        self.setAccessibleTabName(index, spoken)
        if isinstance(badge, _Badge) and badge.number == number:
            return
        if badge:
            badge.deleteLater()
        self.setTabButton(index, right, _Badge(number) if number else None)


class _Badge(QWidget):
    """A number in its box, and the room between it and the edge of its tab."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        label = QLabel(str(number))
        set_style(label, TextStyle.SMALL_MEDIUM)
        label.setProperty("region", "count")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 9, 0)
        row.addWidget(label)
