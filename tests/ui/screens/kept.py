"""Where everything stood on each screen: kept as text, anew by `make keep`."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QSize
from qasync import QEventLoop

from autosky_desktop.ui.application import Application
from autosky_desktop.ui.theme import theme
from tests.support import gallery, looking
from tests.support.places import Place, places
from tests.support.screens import ALIKE, SCREENS

FOLDER = Path(__file__).parent / "kept"
OF_THIS_COMPUTER = {"help: about", "window: cannot start"}
"""They name folders."""
LISTS = {name for name in SCREENS if name.startswith("list:")}
"""Qt closes them when what is beneath them is laid out anew."""
DESIGNED = [name for name in SCREENS if name not in ALIKE | OF_THIS_COMPUTER | LISTS]
SMALL = [
    "servers", "servers: with letters of long names", "publish: optimized",
    "publish: request user reconnection", "publish: scheduled list", "publish: running",
    "publish: held", "publish: failed", "publication: details", "question: of publishing",
    "activity", "instances", "notifications", "settings: general", "connect as", "palette",
]  # fmt: skip
"""Those whose places are kept in the smallest window, too."""


def file_of(name: str, size: QSize) -> Path:
    plain = name.replace(": ", "-").replace(", ", "-").replace(" ", "-")
    return FOLDER / f"{size.width()}x{size.height()}" / f"{plain}.txt"


def kept(name: str, size: QSize) -> list[Place]:
    return [Place.parse(line) for line in file_of(name, size).read_text("utf-8").splitlines()]


async def places_on(name: str, size: QSize) -> list[Place]:
    async with gallery.shown(name, size) as window:
        return places(looking.top_window(window))


async def keep() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    for size, names in ((gallery.DESIGNED, DESIGNED), (gallery.SMALLEST, SMALL)):
        for name in names:
            file = file_of(name, size)
            file.parent.mkdir(parents=True, exist_ok=True)
            found = await places_on(name, size)
            file.write_text("".join(f"{it}\n" for it in found), "utf-8")


if __name__ == "__main__":
    application = Application([sys.argv[0], *theme.ARGUMENTS])
    theme.install(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(keep())
    os._exit(0)  # what Qt's own windows have left behind is not worth waiting for
