"""Pages one upon the other, turned without keeping the thread for long."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget


class Stage(QStackedWidget):
    """What is around the pages is painted first, then the page, and between them others get on."""

    def turn_to(self, page: QWidget) -> None:
        if page is self.currentWidget():
            return
        if self.isVisible() and self.updatesEnabled():
            self.setUpdatesEnabled(False)
            # not 0: that would come in the same turn of the loop
            QTimer.singleShot(1, self, lambda: self.setUpdatesEnabled(True))
        self.setCurrentWidget(page)
