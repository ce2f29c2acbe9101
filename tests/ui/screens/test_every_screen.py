"""Every screen of the window, at every size, text size and theme: nothing is cut, covered, pale,
nameless or out of reach.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import DARK, LIGHT, high_contrast
from tests.support import looking
from tests.support.connect_window import connectable
from tests.support.person import Person
from tests.support.screens import SCREENS

SIZES = [QSize(1024, 640), QSize(1280, 820), QSize(1920, 1080)]
THEMES = {
    "light": LIGHT, "dark": DARK, "high contrast": high_contrast(LIGHT),
    "dark high contrast": high_contrast(DARK),
}  # fmt: skip
DESIGNED = QSize(1280, 820)


@pytest.fixture
def text_size(request: pytest.FixtureRequest) -> Iterator[float]:
    theme.current().use_text_size(request.param)
    yield request.param
    theme.current().use_text_size(None)


def faults(window: QWidget, growth: float) -> Iterator[str]:
    """Of what is in front, at each size of the window."""
    for size in SIZES:
        window.resize(size)
        looking.settle()
        top = looking.top_window(window)
        widgets = looking.shown_in(top)
        roomy = growth == 1.0 and size.width() >= DESIGNED.width()
        for fault in (*looking.cut(widgets, may_elide=not roomy), *looking.covered(widgets)):
            yield f"{size.width()}x{size.height()}, text {growth}: {fault}"


def beyond_layout(window: QWidget) -> Iterator[str]:
    """What neither the size of the window nor that of the letters changes."""
    top = looking.top_window(window)
    widgets = looking.shown_in(top)
    yield from looking.nameless(widgets)
    yield from looking.out_of_reach(top, widgets)
    for word, tokens in THEMES.items():
        theme.current().wear(tokens)
        yield from (f"{word}: {it}" for it in looking.pale(top, looking.shown_in(top)))
    theme.current().wear(LIGHT)


@pytest.mark.parametrize("text_size", [1.0, 1.5, 2.0], indirect=True)
@pytest.mark.parametrize("name", SCREENS)
async def test_nothing_is_cut_covered_pale_nameless_or_out_of_reach(
    qloop: object, name: str, text_size: float
) -> None:
    async with connectable() as it:
        me, window = Person(5), it.evening.desktop.window
        await SCREENS[name](it, me)
        top = looking.top_window(window)
        await me.until(lambda: looking.is_painted(top), "all of it painted")
        found = list(faults(window, text_size))
        if text_size == 1.0:
            found += beyond_layout(window)
    assert not found, "\n".join([name, *found])
