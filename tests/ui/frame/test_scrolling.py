"""A tab is as wide with its scroll bar as without: nothing on it jumps aside, or lies under it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.frame.page import EnvironmentPage
from autosky_desktop.ui.theme.style import SCROLL_BAR as BAR
from autosky_desktop.ui.widgets.button import Button
from tests.support.looking import shown_in
from tests.support.scroll_bars import under_a_bar

WIDTH, HEIGHT, MARGIN = 600, 400, 16


class Tall(QWidget):
    """As tall as is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = Button("Stop")
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.inside)
        column.addStretch()

    def set_narrow(self, narrow: bool) -> None: ...


def shown(qtbot: QtBot) -> tuple[EnvironmentPage, Tall]:
    tall = Tall()
    page = EnvironmentPage({"tall": lambda _where: tall})
    qtbot.addWidget(page)
    page.resize(WIDTH, HEIGHT)
    page.show_tab("tall")
    page.show()
    qtbot.waitExposed(page)
    return page, tall


def stretched(page: EnvironmentPage, tall: Tall, height: int) -> QScrollBar:
    tall.inside.setFixedHeight(height)
    for _ in range(3):  # the inside asks its layout, which asks the tab, which asks its area
        QApplication.processEvents()
    bars = page.findChildren(QScrollBar)
    [bar] = [it for it in bars if it.orientation() is Qt.Orientation.Vertical]
    return bar


def colours(page: EnvironmentPage) -> set[int]:
    """Of the margin, from top to bottom."""
    image = page.grab().toImage()
    return {QColor(image.pixel(WIDTH - 6, y)).rgb() for y in range(HEIGHT)}


def test_what_is_shown_is_as_wide_with_the_bar(qtbot: QtBot) -> None:
    page, tall = shown(qtbot)
    for height in (100, 900, 380, 368, 369, 900, 50):
        bar = stretched(page, tall, height)
        assert (tall.width(), tall.inside.width()) == (WIDTH, WIDTH - 2 * MARGIN), height
        assert bar.isVisible() == (height + 2 * MARGIN > HEIGHT), height
    page.close()


def test_the_bar_is_seen_when_there_is_something_to_scroll(qtbot: QtBot) -> None:
    page, tall = shown(qtbot)
    stretched(page, tall, 100)
    assert len(colours(page)) == 1
    stretched(page, tall, 900)
    assert len(colours(page)) > 1


def test_the_bar_takes_the_mouse_in_the_margin(qtbot: QtBot) -> None:
    page, tall = shown(qtbot)
    bar = stretched(page, tall, 900)
    place = QPoint(bar.width() // 2, bar.height() - 4)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    assert bar.value() > 0
    assert page.childAt(WIDTH - 6, HEIGHT // 2) is bar


def test_the_bar_stands_beside_a_tab_that_is_too_wide(qtbot: QtBot) -> None:
    page, tall = shown(qtbot)
    for least, sideways in ((WIDTH + 1, 1 + BAR), (2 * WIDTH, WIDTH + BAR), (WIDTH, 0), (90, 0)):
        tall.inside.setMinimumWidth(least - 2 * MARGIN)
        stretched(page, tall, 900)
        assert page.currentWidget().horizontalScrollBar().maximum() == sideways, least
        assert not list(under_a_bar(shown_in(page))), least
        assert tall.width() == max(least, WIDTH), least


def test_what_lies_under_the_bar_is_told(qtbot: QtBot) -> None:
    page, tall = shown(qtbot)
    stretched(page, tall, 900)
    tall.layout().setContentsMargins(MARGIN, MARGIN, BAR - 1, MARGIN)
    QApplication.processEvents()
    assert list(under_a_bar(shown_in(page))) == ["Button “Stop” lies under the scroll bar"]
