"""A row in which nothing is cut: what has no room stands beneath."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from tests.support import looking

GAP, MARGIN, LEAST = 10, 12, 200
SENTENCE = "Instances wait until somebody says that they may go on, and nobody is disconnected."


class Line(QWidget):
    """A title, a sentence that fills the rest, and two buttons at the right."""

    def __init__(self, sentence: QLabel, *, share: int) -> None:
        super().__init__()
        self.title, self.sentence = QLabel("Version 42"), sentence
        self.back, self.on = Button("Return to version 41…"), Button("Go on")
        self.inside, self.beneath = WrappingRow(spacing=GAP, height=50), QWidget(self)
        row = self.inside
        row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        row.add(self.title)
        row.add(self.sentence, share=share)
        for button in (self.back, self.on):
            row.add_at_end(button, gap=4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.inside)
        column.addWidget(self.beneath, 1)

    def has(self, width: int) -> None:
        self.resize(width, 600)
        QApplication.processEvents()
        looking.settle()

    @property
    def least(self) -> int:
        """The least width for one row."""
        buttons = self.back.sizeHint().width() + self.on.sizeHint().width() + 2 * 4
        return 2 * MARGIN + self.title.sizeHint().width() + GAP + LEAST + buttons

    def faults(self) -> list[str]:
        return [*looking.cut(looking.shown_in(self), may_elide=True),
                *looking.covered(looking.shown_in(self))]  # fmt: skip


@pytest.fixture
def line(qtbot: QtBot) -> Line:
    sentence = QLabel(SENTENCE)
    sentence.setWordWrap(True)
    sentence.setMinimumWidth(LEAST)
    return shown(qtbot, sentence)


def shown(qtbot: QtBot, sentence: QLabel, *, share: int = 1) -> Line:
    made = Line(sentence, share=share)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_with_room_all_stand_in_one_row_and_the_sentence_fills_it(line: Line) -> None:
    line.has(900)
    assert {it.geometry().center().y() for it in (line.title, line.sentence, line.on)} == {24}
    assert line.inside.height() == 50
    assert line.on.geometry().right() + 1 == 900 - MARGIN
    assert line.back.geometry().right() + 1 + 4 == line.on.x()
    assert line.sentence.geometry().right() + 1 + 4 == line.back.x()
    assert line.faults() == []


def test_with_less_the_buttons_stand_beneath_at_the_right(line: Line) -> None:
    width = line.least
    line.has(width)
    assert line.back.y() < line.sentence.geometry().bottom()
    line.has(width - 1)
    assert line.back.y() > line.sentence.geometry().bottom()
    assert line.back.y() == line.on.y()
    assert line.on.geometry().right() + 1 == width - 1 - MARGIN
    assert line.sentence.geometry().right() + 1 == width - 1 - MARGIN
    assert line.inside.height() == line.on.geometry().bottom() + 1
    assert line.beneath.y() == line.inside.height()
    assert line.faults() == []


def test_with_the_least_each_has_a_row_and_none_is_cut(line: Line) -> None:
    line.has(line.minimumSizeHint().width())
    assert line.width() == 2 * MARGIN + LEAST
    assert line.title.y() < line.sentence.y() < line.back.y() < line.on.y()
    assert line.faults() == []


def test_what_is_hidden_takes_no_room(line: Line) -> None:
    line.has(line.least - 1)
    high = line.inside.height()
    line.back.hide()
    looking.settle()
    assert line.inside.height() < high
    line.sentence.hide()
    looking.settle()
    assert line.title.x() == MARGIN
    assert line.on.geometry().right() + 1 == line.width() - MARGIN


def test_what_has_changed_unseen_has_its_room_when_it_is_seen(line: Line) -> None:
    line.has(line.least)
    line.hide()
    line.on.setText("Go on with the other instances")
    line.show()
    looking.settle()
    assert line.back.y() > line.sentence.geometry().bottom()
    assert line.faults() == []


def test_what_has_the_rest_of_a_row_moves_to_no_other(qtbot: QtBot) -> None:
    line = shown(qtbot, ElidedLabel(SENTENCE))
    line.has(line.least - LEAST)
    assert line.back.y() > line.title.geometry().bottom()
    assert line.sentence.y() < line.title.geometry().bottom()
    assert line.faults() == []


def test_what_gives_up_letters_does_so_before_anything_moves(qtbot: QtBot) -> None:
    line = shown(qtbot, ElidedLabel(SENTENCE), share=0)
    line.has(line.least - 100)
    assert line.on.y() < line.title.geometry().bottom()
    assert QRect(line.sentence.geometry()).width() < line.sentence.sizeHint().width()
    assert line.faults() == []
