"""Every screen at the designed size: no text is cut, covered or pale, no control nameless, out of
reach or marked twice; and nothing that the window can show is on none of them.
"""

import asyncio

import pytest

from tests.support import every_widget, windows_made
from tests.support.screens import ALIKE, SCREENS
from tests.ui.screens.looked_at import KINDS, RAN, look_at

EACH = [name for name in SCREENS if name not in ALIKE]


@pytest.mark.parametrize("name", EACH)
async def test_nothing_is_cut_covered_pale_nameless_or_out_of_reach(
    qloop: object, name: str
) -> None:
    found = (await look_at(name)).faults
    assert not found, "\n".join([name, *found])


def test_whatever_the_window_can_show_is_on_a_screen(qloop: asyncio.AbstractEventLoop) -> None:
    for name in EACH:
        qloop.run_until_complete(look_at(name))
    missing = [f"{it.__module__}.{it.__name__}" for it in every_widget.kinds() - KINDS]
    missing += windows_made.not_made(RAN)
    assert not missing, "\n".join(sorted(missing))
