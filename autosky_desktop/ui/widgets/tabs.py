"""The tabs of a page, and choices side by side: words, of which one is taken."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, set_style
from autosky_desktop.ui.widgets.painting import fill, painting

PADDING = 6
"""At both sides of a word, for the ring around it: words begin that much right of the bar."""


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


class Segments(QTabBar):
    """A box of choices that tells of a change by `currentChanged`, as any bar of tabs."""

    def __init__(self, *words: str, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "segment")
        self.setProperty("small", small)
        self.setFont(font(TextStyle.SMALL_MEDIUM if small else TextStyle.BODY_MEDIUM))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        for word in words:
            self.addTab(word)

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
