"""Every screen at the designed size: no text is cut, covered or pale, no control nameless, out of
reach or marked twice; and nothing that the window can show is on none of them.
"""

import asyncio

import pytest

from tests.support import every_widget, gallery, windows_made
from tests.support.places import differences
from tests.support.screens import ALIKE, SCREENS
from tests.ui.screens import kept
from tests.ui.screens.looked_at import KINDS, RAN, look_at

EACH = [name for name in SCREENS if name not in ALIKE]
MENDED = "If it is meant so, `make keep` keeps it anew."


@pytest.mark.parametrize("name", EACH)
async def test_nothing_is_cut_covered_pale_nameless_or_out_of_reach(
    qloop: object, name: str
) -> None:
    found = (await look_at(name)).faults
    assert not found, "\n".join([name, *found])


@pytest.mark.parametrize("name", kept.DESIGNED)
async def test_everything_stands_where_it_was_kept(qloop: object, name: str) -> None:
    now = (await look_at(name)).places
    found = list(differences(kept.kept(name, gallery.DESIGNED), now))
    assert not found, "\n".join([name, *found, MENDED])


@pytest.mark.parametrize("name", kept.SMALL)
async def test_in_the_smallest_window_it_does_as_well(qloop: object, name: str) -> None:
    now = await kept.places_on(name, gallery.SMALLEST)
    found = list(differences(kept.kept(name, gallery.SMALLEST), now))
    assert not found, "\n".join([name, *found, MENDED])


def test_whatever_the_window_can_show_is_on_a_screen(qloop: asyncio.AbstractEventLoop) -> None:
    for name in EACH:
        qloop.run_until_complete(look_at(name))
    missing = [f"{it.__module__}.{it.__name__}" for it in every_widget.kinds() - KINDS]
    missing += windows_made.not_made(RAN)
    assert not missing, "\n".join(sorted(missing))
