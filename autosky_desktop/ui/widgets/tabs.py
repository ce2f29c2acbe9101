"""The tabs of a page: words, and a line under the one that is shown."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font
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
