"""The choices in a box: with less room their words stand in two lines, and at last are scrolled."""

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStyleOptionTab,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import LIGHT, Tokens, high_contrast
from autosky_desktop.ui.widgets.tabs import Segments
from tests.support import looking

WORDS = ("Standard", "Keep users connected", "Request user reconnection", "Scheduled")
LAST = len(WORDS) - 1
MARGIN = 3
"""Pixels between the edge of a tab and its box."""


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.bar, self.beneath = Segments(*WORDS), QWidget()
        row = QHBoxLayout()
        row.addWidget(self.bar)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.beneath, 1)

    def has(self, width: int) -> None:
        self.resize(width, 300)
        QApplication.processEvents()
        looking.settle()

    @property
    def lines(self) -> int:
        """The lines of the second word."""
        option = QStyleOptionTab()
        self.bar.initStyleOption(option, 1)
        return len(option.text.splitlines())

    @property
    def scrolls(self) -> bool:
        return any(it.isVisible() for it in self.bar.findChildren(QToolButton))

    @property
    def faults(self) -> list[str]:
        return list(looking.cut([self.bar], may_elide=False))


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    made = Page()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.has(made.bar.sizeHint().width())
    return made


def test_with_room_every_word_stands_in_one_line(page: Page) -> None:
    wide, high = page.bar.width(), page.bar.height()
    assert page.lines == 1
    page.has(wide + 200)
    assert page.lines == 1
    assert (page.bar.width(), page.bar.height()) == (wide, high)
    assert not page.faults


def test_with_less_room_the_words_stand_in_two_lines_and_fill_it(page: Page) -> None:
    wide, high = page.bar.width(), page.bar.height()
    page.has(wide - 1)
    assert page.lines == 2
    assert page.bar.height() == page.bar.tabRect(1).height() > high
    assert page.bar.tabRect(LAST).right() > wide - 10
    assert page.bar.geometry().bottom() < page.beneath.geometry().top()
    assert not page.scrolls
    assert not page.faults
    page.has(wide)
    assert (page.lines, page.bar.height()) == (1, high)
    assert not page.faults


def test_a_number_that_comes_has_its_room(page: Page) -> None:
    wide, high = page.bar.width(), page.bar.height()
    page.bar.show_count(LAST, 2, "Scheduled, 2 waiting")
    looking.settle()
    assert (page.bar.width(), page.bar.height() > high) == (wide, True)
    assert not page.faults
    page.bar.show_count(LAST, 0, "Scheduled")
    looking.settle()
    assert (page.bar.width(), page.bar.height()) == (wide, high)
    assert not page.faults


def test_with_little_room_arrows_lead_to_the_chosen_one(page: Page) -> None:
    page.has(page.bar.minimumSizeHint().width() + 150)
    assert page.scrolls
    assert page.bar.tabRect(LAST).right() > page.bar.width()
    page.bar.setCurrentIndex(LAST)
    assert page.bar.tabRect(LAST).right() < page.bar.width()
    assert not page.faults


@pytest.mark.parametrize("worn", [LIGHT, high_contrast(LIGHT)])
def test_the_chosen_one_stands_out_in_any_colours(page: Page, worn: Tokens) -> None:
    theme.current().wear(worn)
    try:
        page.bar.setCurrentIndex(1)
        page.bar.clearFocus()
        rect = page.bar.tabRect(1)
        edge = page.bar.grab(rect).toImage().pixelColor(rect.width() // 2, MARGIN)
        assert edge.name() == theme.color("line").name()
        assert not page.faults
    finally:
        theme.current().wear(LIGHT)
