"""The theme changes under a running window; icons go with it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6 import QtWidgets
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication, QLabel, QListView
from pytestqt.qtbot import QtBot

import autosky_desktop.ui
from autosky_desktop.system.folders import resources
from autosky_desktop.ui.theme.fonts import TextStyle, font, metrics
from autosky_desktop.ui.theme.style import style_sheet, wear
from autosky_desktop.ui.theme.theme import Theme
from autosky_desktop.ui.theme.tokens import DARK, LIGHT
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.ui.widgets.scrolled import give_viewport

SIXTEEN = QSize(16, 16)


@pytest.fixture
def light(look: Theme) -> Iterator[Theme]:
    look.wear(LIGHT)
    yield look
    look.wear(LIGHT)


def strongest(picture: QImage) -> QColor:
    """The most opaque pixel's colour."""
    pixels = (picture.pixelColor(x, y) for x in range(16) for y in range(16))
    return max(pixels, key=QColor.alpha)


def test_a_change_of_theme_reaches_a_shown_window(light: Theme, qtbot: QtBot) -> None:
    label = QLabel("ERP Production")
    qtbot.addWidget(label)
    label.show()
    with qtbot.waitSignal(light.changed):
        light.wear(DARK)
    assert label.palette().windowText().color() == QColor(DARK.text)
    assert light.color("canvas") == QColor(DARK.canvas)


@pytest.mark.parametrize("shown", [False, True])
def test_a_widget_looks_like_what_it_says_of_itself_shown_before_or_not(
    light: Theme, qtbot: QtBot, shown: bool
) -> None:
    label = QLabel("Stopped")
    qtbot.addWidget(label)
    if shown:
        label.show()
    wear(label, "tone", "bad")
    label.show()
    assert label.palette().windowText().color() == QColor(LIGHT.bad)
    wear(label, "tone", "")
    assert label.palette().windowText().color() == QColor(LIGHT.text)


def test_a_viewport_that_was_given_is_like_qt_s_own(light: Theme, qtbot: QtBot) -> None:
    ours, qts = QListView(), QListView()
    for view in (ours, qts):
        qtbot.addWidget(view)
        view.resize(200, 100)
    given = give_viewport(ours)
    assert ours.viewport() is given
    pictures = [view.grab().toImage() for view in (ours, qts)]
    assert pictures[0] == pictures[1]
    its = [
        (it.objectName(), it.geometry(), it.autoFillBackground(), it.backgroundRole(), it.font())
        for it in (given, qts.viewport())
    ]
    assert its[0] == its[1]
    assert given.focusProxy() is ours


def test_the_style_sheet_has_a_value_for_every_name_in_it() -> None:
    assert "$" not in style_sheet(LIGHT)


def test_digits_have_one_width(qapp: QApplication) -> None:
    widths = {metrics(TextStyle.BODY).horizontalAdvance(digit * 8) for digit in "0123456789"}
    assert len(widths) == 1


def test_the_body_style_is_13_pixels_at_the_usual_text_size(qapp: QApplication) -> None:
    assert font(TextStyle.BODY).pointSizeF() == pytest.approx(9.75)


@pytest.mark.parametrize(
    "file", sorted((resources() / "icons").glob("*.svg")), ids=lambda f: f.stem
)
def test_an_icon_draws_something_in_the_text_colour(light: Theme, file: Path) -> None:
    drawn = strongest(icon(file.stem).pixmap(SIXTEEN).toImage())
    assert drawn.alpha() > 60
    wanted = QColor(LIGHT.text)
    assert abs(drawn.red() - wanted.red()) < 8


def test_an_icon_made_before_follows_the_theme(light: Theme) -> None:
    search = icon("search")
    light.wear(DARK)
    drawn = strongest(search.pixmap(SIXTEEN).toImage())
    assert abs(drawn.red() - QColor(DARK.text).red()) < 8


def test_a_disabled_icon_is_in_the_disabled_colour(light: Theme) -> None:
    drawn = strongest(icon("play").pixmap(SIXTEEN, QIcon.Mode.Disabled).toImage())
    assert abs(drawn.red() - QColor(LIGHT.disabled).red()) < 8


def test_an_icon_is_sharp_on_a_dense_screen(light: Theme) -> None:
    picture = icon("copy").pixmap(SIXTEEN, 2.0)
    assert picture.size() == QSize(32, 32)
    assert picture.deviceIndependentSize().toSize() == SIXTEEN


def test_icons_are_outlines_on_a_24_grid() -> None:
    for file in (resources() / "icons").glob("*.svg"):
        text = file.read_text()
        assert 'viewBox="0 0 24 24"' in text
        assert not re.search("#[0-9a-fA-F]{3}", text), file


def test_what_holds_a_line_grows_as_much_as_the_letters_with_and_without_focus() -> None:
    usual, large = style_sheet(LIGHT), style_sheet(LIGHT, growth=1.5)
    heights = [list(map(int, re.findall(r"min-height: (\d+)px", it))) for it in (usual, large)]
    assert {after - before for before, after in zip(*heights, strict=True)} == {9}


def test_every_widget_that_the_style_sheet_names_is_there() -> None:
    """A class with a new name would silently lose its look."""
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", style_sheet(LIGHT), flags=re.S))
    named = {
        name for selector in selectors for name in re.findall(r"(?<![\w#.:=\"])[A-Z]\w+", selector)
    }
    ours = {
        node.name
        for file in Path(autosky_desktop.ui.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    assert {"QPushButton", "ClockField"} <= named
    assert {name for name in named - ours if not hasattr(QtWidgets, name)} == set()
