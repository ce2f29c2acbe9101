"""The bench of commands: of all that menus and buttons have, how many the palette finds.

    python tests/bench/commands.py

Goes through every screen of the gallery, opens every menu on it (of buttons, of rows, of the list
of environments), and types what is written on each line and each button into the palette. Questions
are left out: they are answered before anything else. Ends with 1 when one is not found.
"""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault(
    "QT_QPA_PLATFORM",
    f"offscreen:configfile={Path(__file__).parents[1] / 'support' / 'screen.json'}",
)

from qasync import QEventLoop

from autosky_desktop.ui.application import Application
from autosky_desktop.ui.theme import theme
from tests.support.connect_window import connectable
from tests.support.person import Person
from tests.support.screens import PAGES, SCREENS
from tests.support.walk import EXCEPTIONS, Command, looked_up


async def walk() -> dict[Command, bool]:
    """Return every command, and whether it was found wherever it was seen."""
    seen: dict[Command, bool] = {}
    for opening in map(SCREENS.__getitem__, PAGES):
        async with connectable() as it:
            me = Person(20)
            await opening(it, me)
            here = await looked_up(me)
        for command, found in here.items():
            seen[command] = seen.get(command, True) and found
    return seen


def main() -> int:
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
        seen = runner.run(walk())
    wanted = {command: found for command, found in seen.items() if not command.excepted}
    for command, found in wanted.items():
        if not found:
            print(f"not found: {command.wanted}")
    for pattern, reason in EXCEPTIONS.items():
        print(f"left out: {pattern}, as {reason}")
    number = sum(wanted.values())
    what = "commands that the palette finds, of all that any menu or button has"
    print(f"{what}: {number} of {len(wanted)}")
    return 0 if number == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
