"""What is open when the colours change looks as if it had been opened afterwards."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import LIGHT
from tests.support import gallery, looking
from tests.support.person import Person

OPEN = (
    "servers: about to stop", "notifications", "calendar", "palette", "question: refused",
    "menu: of a support server", "list: models", "settings: general", "publish: held",
)  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
async def test_nothing_that_is_open_keeps_the_old_colours_or_moves(
    qloop: object, me: Person, name: str
) -> None:
    after = {}
    async with gallery.shown(name, gallery.DESIGNED) as window:
        before = picture(window)
        for word in ("dark", "high contrast", "light"):
            theme.current().wear(gallery.THEMES[word])
            await me.until(looking.stands_still(looking.top_window(window)), "it where it stays")
            after[word] = picture(window)
    assert after["light"] == before
    for word in ("dark", "high contrast"):
        theme.current().wear(gallery.THEMES[word])
        async with gallery.shown(name, gallery.DESIGNED) as window:
            assert picture(window) == after[word], word
    assert theme.tokens() is LIGHT


def picture(window: QWidget) -> QImage:
    return gallery.drawn(window).toImage()
