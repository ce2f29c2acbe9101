"""Each screen, opened once at the designed size for all that the tests ask of it."""

from dataclasses import dataclass

from autosky_desktop.ui.theme import theme
from tests.support import every_widget, gallery, looking, windows_made
from tests.support.places import Place, places

RAN: windows_made.Ran = set()
KINDS: set[type] = set()
"""Of everything that was looked at."""


@dataclass
class Looked:
    faults: list[str]
    places: list[Place]


_looked: dict[str, Looked] = {}


async def look_at(name: str) -> Looked:
    if name not in _looked:
        with windows_made.noting(RAN):
            async with gallery.shown(name, gallery.DESIGNED) as window:
                KINDS.update(every_widget.kinds_shown())
                stand = places(looking.top_window(window))
                faults = [*gallery.misplaced(window, 1.0), *gallery.unusable(window)]
                for word in ("light", "dark"):
                    theme.current().wear(gallery.THEMES[word])
                    faults += [f"{word}: {it}" for it in gallery.pale(window)]
        _looked[name] = Looked(faults, stand)
    return _looked[name]
