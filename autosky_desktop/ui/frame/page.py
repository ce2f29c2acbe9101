"""The page of one environment: its tabs, each scrolling by itself. What is typed stays until
quitting.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractSlider,
    QFrame,
    QGroupBox,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QWidget,
)

from autosky_desktop.ui.theme.fonts import growth
from autosky_desktop.ui.theme.style import SCROLL_BAR
from autosky_desktop.ui.widgets.refreshing import look_again
from autosky_desktop.ui.widgets.scrolled import give_viewport

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


class Tab(Protocol):
    """The part of a tab that the frame calls. It is a QWidget as well."""

    def set_narrow(self, narrow: bool) -> None: ...


class EnvironmentPage(Stage):
    """The tabs of one environment, each made when it is first looked at.

    `tabs` makes each tab's widget, which is a Tab too; it is handed where it will stand, for a
    widget that is made elsewhere and moved there is dressed twice.
    """

    def __init__(
        self, tabs: Mapping[str, Callable[[QWidget], QWidget]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make = tabs
        self._tabs: dict[str, QWidget] = {}
        self._areas: dict[str, QScrollArea] = {}
        self._narrow = False

    def show_tab(self, name: str) -> None:
        if name not in self._make:
            name = next(iter(self._make))
        if name not in self._tabs:
            area = self._areas[name] = _Scrolling(self)
            self._tabs[name] = self._make[name](area.viewport())
            area.setWidget(self._tabs[name])
            self.addWidget(self._areas[name])
            self._fit(self._tabs[name])
        self.turn_to(self._areas[name])

    def tab(self, name: str) -> QWidget:
        """Return the tab of that name, shown before or not."""
        if name not in self._tabs:
            current = self.currentWidget()
            self.show_tab(name)
            self.setCurrentWidget(current or self._areas[name])
        return self._tabs[name]

    def take_over(self, before: "EnvironmentPage") -> None:
        """Make the tabs that were looked at on the page before, and fill them as they are there."""
        from autosky_desktop.ui.carrying import carry  # nobody changes it before the first paint

        self.set_narrow(before._narrow)
        shown = [name for name, area in before._areas.items() if area is before.currentWidget()]
        for name in (*before._tabs, *shown):
            self.show_tab(name)
        for name, area in before._areas.items():
            carry(area, self._areas[name])

    def made(self, name: str) -> QWidget | None:
        """Return the tab of that name, if it was ever looked at."""
        return self._tabs.get(name)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        for tab in self._tabs.values():
            self._fit(tab)

    def _fit(self, widget: QWidget) -> None:
        tab: Tab = widget  # type: ignore[assignment]
        tab.set_narrow(self._narrow)


class PageStage(Stage):
    """The pages of all environments, each made when it is first opened, and made anew when another
    language is spoken: then everything stands in them as it did (`reworded`).
    """

    reworded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[str, EnvironmentPage] = {}

    def make_by(self, make: Callable[[str], EnvironmentPage]) -> None:
        self._make = make

    def page_of(self, environment: str) -> EnvironmentPage | None:
        return self._pages.get(environment)

    def opened(self, environment: str) -> EnvironmentPage:
        """Return the page of an environment, opened before or not."""
        if environment not in self._pages:
            self._pages[environment] = self._make(environment)
            self.addWidget(self._pages[environment])
        return self._pages[environment]

    def forget(self, environment: str) -> None:
        if page := self._pages.pop(environment, None):
            self._take_away(page)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self._make_anew)  # when what stays has its new words

    def _make_anew(self) -> None:
        for environment, before in list(self._pages.items()):
            del self._pages[environment]
            self.opened(environment).take_over(before)
            if self.currentWidget() is before:
                self.setCurrentWidget(self._pages[environment])
            self._take_away(before)
        self.reworded.emit()
        look_again()

    def _take_away(self, page: EnvironmentPage) -> None:
        self.removeWidget(page)
        page.deleteLater()


class _Scrolling(QScrollArea):
    """A tab that scrolls. Its bar lies in the tab's margin: what it shows is as wide without.

    A tab that is wider than the window has its margin elsewhere: then the bar stands beside it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        give_viewport(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a stop of the Tab key that shows nothing
        large = growth() > 1.0  # with large letters a form may be wider than the window
        as_needed, off = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(as_needed if large else off)
        self.setVerticalScrollBar(_Bar())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setViewportMargins(0, 0, -SCROLL_BAR, 0)
        # afterwards: whoever changes the range goes on with the sizes of before
        queued = Qt.ConnectionType.QueuedConnection
        self.horizontalScrollBar().rangeChanged.connect(self._make_room, queued)

    def _make_room(self) -> None:
        """Put the bar beside the tab while that is too wide."""
        tab = self.widget()
        too_wide = tab is not None and tab.minimumSizeHint().width() > self.width()
        right = 0 if too_wide else -SCROLL_BAR
        if right != self.viewportMargins().right():
            self.setViewportMargins(0, 0, right, 0)


class _Bar(QScrollBar):
    """A scroll bar that is seen while there is something to scroll."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.hide()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        super().sliderChange(change)
        if change is QAbstractSlider.SliderChange.SliderRangeChange:
            self.setVisible(self.maximum() > 0)
