"""Every screen in the smallest window with letters twice as large: nothing is cut or covered."""

import pytest

from tests.support import gallery
from tests.support.screens import SCREENS


@pytest.mark.parametrize("name", SCREENS)
async def test_nothing_is_cut_or_covered(qloop: object, name: str) -> None:
    async with gallery.shown(name, gallery.SMALLEST, text_size=2.0) as window:
        found = list(gallery.misplaced(window, 2.0))
    assert not found, "\n".join([name, *found])
