"""What stands between the click and the first paint."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LATE = {
    "asyncio",
    "qasync",
    "httpx",
    "httpx_sse",
    "keyring",
    "cryptography",
    "desktop_notifier",
} | {
    "dataclasses",
    "html",
    "json",
    "socket",
    "subprocess",
}
"""Loaded after the first paint: together they would double the time to it."""

FIRST = ("cli", "app", "ui.application", "ui.theme.theme", "ui.frame.window")
"""What the first paint needs."""

NEVER = {"litestar", "uvicorn", "sqlalchemy", "alembic", "dbos", "pydantic"}
"""The control plane's, which runs in a process of its own."""


PAINTED = """
import sys
from PySide6 import QtGui, QtWidgets
from autosky_desktop.store.store import Store
from autosky_desktop.system.clock import now
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.theme import theme
qt = Application(["autosky-desktop", *theme.ARGUMENTS])
theme.install(qt)
store = Store()
qt.show_first(MainWindow(store, store.reckoned(now)))
import gc
from enum import EnumMeta
long = {"QGradient.Preset", "QStyle.StandardPixmap", "QStyle.PixelMetric"}
print(sorted(long & {it.__qualname__ for it in gc.get_objects() if isinstance(it, EnumMeta)}))
"""

WHOLE = """
import os, sys
from autosky_desktop import app
from autosky_desktop.ui.application import Application
from tests.support.usage import children

show = Application.show_first

def show_and_count(qt, window):
    show(qt, window)
    print("painted, with", len(children(os.getpid())), "processes started", flush=True)

Application.show_first = show_and_count
sys.exit(app.main(["--smoke", "--data", sys.argv[1]]))
"""

AGAIN = """
import gc, os, sys
from enum import EnumMeta
from autosky_desktop import app
from tests.support.usage import children

from autosky_desktop.ui.application import Application

show, smoke = Application.show_first, app._smoke

def show_and_count(qt, window):
    assert not window.isVisible()
    named = window.windowTitleChanged
    named.connect(lambda _: print("painted before it is named:", window._was_painted, flush=True))
    show(qt, window)
    late = {"asyncio.events", "httpx", "json", "autosky_desktop.ui.question"} & set(sys.modules)
    made = {it.__qualname__ for it in gc.get_objects() if isinstance(it, EnumMeta)}
    late |= {"QWizard.WizardStyle"} & made  # among those of the first widget that Qt hands out
    print(window.windowTitle(), len(children(os.getpid())), sorted(late), flush=True)

async def prove(qt, desktop):
    code = await smoke(qt, desktop)
    print("with a control plane:", desktop.follow.plane is not None, flush=True)
    return code

Application.show_first, app._smoke = show_and_count, prove
sys.exit(app.main(["--smoke", "--data", sys.argv[1]]))
"""

VISIT = """
import asyncio, sys
from autosky_desktop.app import open_desktop
from autosky_desktop.ui.environment_pages import PLACES

names = {f"autosky_desktop.ui.{name}" for name in PLACES}
early = names & set(sys.modules)

async def visit(qt, desktop):
    while not desktop.follow.plane or names - set(sys.modules):
        await asyncio.sleep(0.02)
    print(sorted(early), "then all", flush=True)
    return 0

sys.exit(open_desktop(["--data", sys.argv[1], "--demo"], visit))
"""

KILLED = """
import os, signal, sys
from autosky_desktop.app import open_desktop

async def visit(qt, desktop):
    os.kill(os.getpid(), signal.SIGKILL)

sys.exit(open_desktop(["--data", sys.argv[1], "--demo"], visit))
"""

AFTERWARDS = """
import sys
from autosky_desktop.app import open_desktop
from tests.support.person import texts

async def visit(qt, desktop):
    desktop.window.show()
    print([it for it in texts() if "unexpectedly" in it][:1], flush=True)
    return 0

sys.exit(open_desktop(["--data", sys.argv[1], "--demo"], visit))
"""

IN_A_THREAD = """
from threading import Thread
from autosky_desktop.ui.environment_pages import load_places
thread = Thread(target=load_places)
thread.start()
thread.join()
import sys
print("autosky_desktop.ui.publish.page" in sys.modules)
"""

SERVING = """
import os, sys
from autosky_desktop import serve

def say(line, **fields):
    print(sorted(name for name in sys.modules if name.startswith(NEVER_SERVED)), flush=True)
    print("for the first answer:", "anyio._backends._asyncio" in sys.modules, flush=True)
    print("collected", sum(it["collections"] for it in gc.get_stats()) - before, flush=True)
    os._exit(0)

import gc
NEVER_SERVED = (
    "sqlalchemy.dialects.postgresql", "sqlalchemy.orm", "alembic", "dbos", "PySide6", "yaml.",
    "attr",
)
before = sum(it["collections"] for it in gc.get_stats())
serve.FirstLine.say = say
serve.main(["--embedded", sys.argv[1]])
"""


def modules_loaded_by(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter loads for `statement`."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (row for row in ended.stderr.splitlines() if row.startswith("import time:"))
    return {row.rsplit("|", 1)[1].strip().partition(".")[0] for row in rows}


def test_the_window_starts_without_what_it_can_load_later() -> None:
    first = ", ".join(f"autosky_desktop.{name}" for name in FIRST)
    loaded = modules_loaded_by(f"import {first}")
    assert "PySide6" in loaded
    assert loaded & (LATE | NEVER) == set()


def test_the_first_paint_makes_none_of_the_long_enums_of_qt() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PAINTED],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "[]\n"


def test_the_window_goes_first_and_shows_the_servers(tmp_path: Path) -> None:
    places = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR")}
    ended = subprocess.run(
        [sys.executable, "-c", WHOLE, str(tmp_path / "data")],
        cwd=ROOT,
        env={"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", **places},
        capture_output=True,
        text=True,
        timeout=120,
    )
    first, *shown = ended.stdout.splitlines()
    assert first == "painted, with 0 processes started"
    assert shown[-1].startswith("Shown: ")


def test_what_was_known_last_is_shown_before_the_control_plane_is_started(tmp_path: Path) -> None:
    places = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR")}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", AGAIN, str(tmp_path / "data")],
            cwd=ROOT,
            env={"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", **places},
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout.splitlines()
        for _ in range(2)
    )
    live = ["Shown: ERP Production – Autosky Desktop", "with a control plane: True"]
    named = "painted before it is named: True"
    assert first == ["Autosky Desktop 0 []", named, *live]
    assert second == [named, "ERP Production – Autosky Desktop 0 []", *live]


def test_places_are_loaded_before_anybody_goes_there_and_not_for_the_first_paint(
    tmp_path: Path,
) -> None:
    places = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR")}
    ended = subprocess.run(
        [sys.executable, "-c", VISIT, str(tmp_path / "data")],
        cwd=ROOT,
        env={"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", **places},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.stdout == "[] then all\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_one_that_was_killed_is_told_of_at_the_next_start_and_at_no_other(tmp_path: Path) -> None:
    places = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR")}
    said = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "data")],
            cwd=ROOT,
            env={"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", "TZ": "UTC", **places},
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for program in (AFTERWARDS, KILLED, AFTERWARDS, AFTERWARDS)
    ]
    assert said == ["[]\n", "", "['Autosky Desktop ended unexpectedly']\n", "[]\n"]


def test_no_place_makes_a_widget_while_it_is_loaded() -> None:
    """There is no application that one could belong to, and it is not Qt's thread."""
    ended = subprocess.run(
        [sys.executable, "-c", IN_A_THREAD], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")


def test_the_control_plane_answers_before_it_loads_or_clears_up_what_can_wait(
    tmp_path: Path,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SERVING, str(tmp_path / "data")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
        timeout=120,
    )
    loaded, answering, collected = ended.stdout.splitlines()
    assert answering == "for the first answer: True"
    assert loaded == "[]"
    assert collected == "collected 0"


def test_a_module_loaded_too_early_is_noticed() -> None:
    assert "httpx" in modules_loaded_by("import httpx")


@pytest.mark.skipif(sys.platform != "linux", reason="screens are named by variables on Linux")
@pytest.mark.parametrize(
    ("named", "why"),
    [
        ({"DISPLAY": ":991"}, "could not connect to display :991"),
        ({"WAYLAND_DISPLAY": "wayland-99"}, "Failed to create wl_display"),
        ({"DISPLAY": ":1", "QT_QPA_PLATFORM": "nosuch"}, "Could not find the Qt platform plugin"),
    ],
)
def test_a_screen_that_cannot_be_used_is_said_in_one_line(
    tmp_path: Path, named: dict[str, str], why: str
) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    bare = {"PATH": os.defpath, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(run)}
    said = subprocess.run(
        [sys.executable, "-m", "autosky_desktop.cli", "desktop"],
        env={**bare, **named}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert said.returncode == 1
    [line] = said.stderr.splitlines()
    assert line.startswith(f"Autosky Desktop cannot open a window: {why}")


@pytest.mark.parametrize("speed", ["nan", "0", "-1", "1e400", "fast"])
def test_a_speed_that_is_none_is_refused_before_there_is_a_window(speed: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "autosky_desktop.cli", "desktop", "--speed", speed],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert said.returncode == 2
    assert f"{speed} is no speed above 0" in said.stderr
