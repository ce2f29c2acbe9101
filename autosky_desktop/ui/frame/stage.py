"""The stack of the pages, turned without keeping the thread for long."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGroupBox, QStackedWidget, QWidget

AT_ONCE = 2
"""Cards painted at once. With more the thread would be kept for longer than a frame."""


class Stage(QStackedWidget):
    """The pages one upon the other. What is around them is painted first, then the page in two
    parts.

    Between them others get on: all of it within a few hundredths of a second.
    """

    def turn_to(self, page: QWidget) -> None:
        if page is self.currentWidget():
            return
        waits = self.isVisible() and self.updatesEnabled()
        if waits:
            self.setUpdatesEnabled(False)
        self.setCurrentWidget(page)
        if waits:
            # not 0: that would come in the same turn of the loop
            QTimer.singleShot(1, self, self._paint)

    def _paint(self) -> None:
        """Paint the page that is shown by now: the one that was turned to may be gone again."""
        page = self.currentWidget()
        cards = [card for card in page.findChildren(QGroupBox) if card.isVisible()] if page else []
        for card in cards[AT_ONCE:]:
            card.setUpdatesEnabled(False)
            QTimer.singleShot(1, card, lambda card=card: card.setUpdatesEnabled(True))
        self.setUpdatesEnabled(True)
