"""A module that is loaded when something of it is first used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

USED = """
import sys
from autosky_desktop.system import late
late.load("asyncio")
import asyncio
print("asyncio.events" in sys.modules)
from asyncio import Event
print(asyncio.Event is Event, "asyncio.events" in sys.modules, asyncio.run(asyncio.sleep(0, "ran")))
"""

MISSED = """
from autosky_desktop.system import late
late.load("asyncio")
import asyncio
print(hasattr(asyncio, "nothing_of_this_name"), asyncio is __import__("sys").modules["asyncio"])
late.load("asyncio")
print(asyncio is __import__("sys").modules["asyncio"])
"""


def said_by(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    ).stdout


def test_a_module_is_loaded_when_something_of_it_is_used_and_not_when_it_is_imported() -> None:
    assert said_by(USED) == "False\nTrue True ran\n"


def test_what_is_not_in_it_is_missed_and_what_is_loaded_stays() -> None:
    assert said_by(MISSED) == "False True\nTrue\n"
