"""The first start: nothing begins before a door is pressed, and what it leads to stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

VISIT = """
import os, sys, traceback
from autosky_desktop.app import open_desktop
from autosky_desktop.ui.frame.tour import Tour
from tests.support.person import Person, texts, visible
from tests.support.usage import children

me = Person(patience=60.0)

async def walk(desktop):
{body}

async def visit(qt, desktop):
    try:
        await walk(desktop)
    except Exception:
        traceback.print_exc()
        return 1
    return 0

sys.exit(open_desktop(["--data", "data", *sys.argv[1:]], visit))
"""


class Computer:
    """A computer on which the program is started several times."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def visited(self, body: str, *options: str) -> None:
        """Start the program, and do this at its window; it must do and end well."""
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        places = {name: str(self._home) for name in ("HOME", "XDG_RUNTIME_DIR")}
        ended = subprocess.run(
            [sys.executable, "-c", VISIT.format(body=lines), *options],
            cwd=self._home,
            env={"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT),
                 "TZ": "UTC", **places},
            capture_output=True,
            text=True,
            timeout=120,
        )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_the_demo_is_behind_its_door_and_the_tour_comes_once(computer: Computer) -> None:
    computer.visited("""
await me.sees("Welcome to Autosky Desktop")
assert not children(os.getpid()), "a control plane was started before anybody had chosen"
await me.presses("Look around in the demo")
await me.sees("Server name: PREP-ERP-PROD-01")
for number, title in enumerate((
    "Your environments", "The server you prepare versions on", "Publish says whom it touches",
    "All commands by name",
), start=1):
    await me.sees(title)
    await me.sees(f"{number} of 4")
    await me.presses("Done" if number == 4 else "Next")
await me.until(lambda: not any(visible(Tour)), "the end of the tour")
assert len(desktop._store.environments) == 4
""")
    computer.visited("""
await me.sees("Connection: Live")
assert not any("Welcome to" in it for it in texts())
assert desktop._preferences.settings.toured
assert not any(visible(Tour))
await me.presses("Main menu")
await me.chooses("Help")
await me.chooses("Show the tour")
await me.sees("1 of 4")
await me.presses("End the tour")
await me.presses("Main menu")
await me.chooses("Help")
await me.chooses("Show the tour")
await me.sees("1 of 4")
desktop.window.sidebar.search.setFocus()
assert not any(visible(Tour)), "it stays in the way of who goes on working"
""")


def test_whoever_adds_an_environment_gets_no_demo(computer: Computer) -> None:
    computer.visited("""
await me.sees("Welcome to Autosky Desktop")
await me.presses("Add an environment")
await me.sees("Add an environment")
await me.sees("Where are its machines?")
assert len(desktop._store.environments) == 0
await me.presses("Close")
await me.sees("No environments")
""")
    computer.visited("""
await me.sees("No environments")
assert desktop.follow.plane and len(desktop._store.environments) == 0
""")


def test_the_plus_above_the_list_opens_the_same_door(computer: Computer) -> None:
    computer.visited("""
await me.sees("Welcome to Autosky Desktop")
desktop.window.sidebar.add_asked.emit()
await me.sees("Where are its machines?")
assert len(desktop._store.environments) == 0
""")


def test_an_option_begins_with_the_demo_without_asking(computer: Computer) -> None:
    computer.visited(
        """
await me.sees("Server name: PREP-ERP-PROD-01")
assert not any("Welcome to" in it for it in texts())
""",
        "--demo",
    )


def test_quitting_at_the_doors_leaves_the_choice_open(computer: Computer) -> None:
    for _ in range(2):
        computer.visited('await me.sees("Welcome to Autosky Desktop")')
