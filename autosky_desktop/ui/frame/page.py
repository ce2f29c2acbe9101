"""One environment: its tabs, each scrolling by itself. What is typed stays until quitting."""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from autosky_desktop.ui.frame.header import TABS


class Tab(Protocol):
    """What a tab can do for the frame. It is a QWidget as well."""

    def set_narrow(self, narrow: bool) -> None: ...


class EnvironmentPage(QStackedWidget):
    """`servers` and `publish` are widgets that are a Tab too."""

    def __init__(self, servers: QWidget, publish: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.servers = servers
        self.publish = publish
        for tab in (servers, publish):
            self.addWidget(_scrolling(tab))

    def show_tab(self, tab: str) -> None:
        self.setCurrentIndex(TABS.index(tab) if tab in TABS else 0)

    def set_narrow(self, narrow: bool) -> None:
        tabs: tuple[Tab, ...] = (self.servers, self.publish)  # type: ignore[assignment]
        for tab in tabs:
            tab.set_narrow(narrow)


def _scrolling(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area
