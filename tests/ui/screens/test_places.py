"""The kept places catch what was moved, cut, lost or added, and not letters a little wider."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.ui.widgets.button import Button
from tests.support import gallery, looking
from tests.support.places import Place, differences, places


def moved(widget: QWidget, right: int = 0, down: int = 0, wider: int = 0) -> None:
    rect = QRect(widget.pos().x() + right, widget.pos().y() + down,
                 widget.width() + wider, widget.height())  # fmt: skip
    widget.setGeometry(rect)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda label: moved(label, right=6), True),
        (lambda label: moved(label, down=-6), True),
        (lambda label: moved(label, wider=-label.width() // 2), True),
        (lambda label: moved(label, right=1, wider=2), False),
        (QLabel.hide, True),
        (lambda label: label.setText("Something else"), True),
        (lambda _label: None, False),
    ],
)
async def test_a_label_that_is_moved_or_cut_is_told(
    qloop: object, change: Callable[[QLabel], None], told: bool
) -> None:
    async with gallery.shown("question: of starting", gallery.DESIGNED) as window:
        top = looking.top_window(window)
        before = places(top)
        label = next(it for it in looking.shown_in(top) if looking.words(it) == "Run for")
        assert isinstance(label, QLabel)
        change(label)
        found = list(differences(before, places(top)))
        assert bool(found) is told
        assert all("Run for" in it or "Something else" in it for it in found)


async def test_a_button_that_comes_is_told(qloop: object) -> None:
    async with gallery.shown("question: of starting", gallery.DESIGNED) as window:
        top = looking.top_window(window)
        before = places(top)
        Button("Later", parent=top).show()
        [found] = differences(before, places(top))
        assert found.startswith("Button Later: is new at ")


def test_a_line_says_where_what_stands() -> None:
    place = Place("QLabel Run for: hours", (290, 137, 126, 32))
    assert str(place) == "290 137 126 32 QLabel Run for: hours"
    assert Place.parse(str(place)) == place


def test_a_long_line_may_be_wider_by_its_letters() -> None:
    [place, wide] = [Place("line", (0, 0, wide, 28)) for wide in (337, 347)]
    assert list(differences([place], [wide])) == []
    assert list(differences([place], [Place("line", (0, 0, 352, 28))]))
