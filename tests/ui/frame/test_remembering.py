"""The window comes back as it was left."""

import base64
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from autosky_desktop.store.store import Store
from autosky_desktop.system.clock import now
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.frame.window import MainWindow

ROOT = Path(__file__).parents[3]


def a_window(qtbot: Any, kept: Settings) -> MainWindow:
    window = MainWindow(Store(), now)
    qtbot.addWidget(window)
    window.remember(kept)
    return window


def test_size_tab_and_sidebar_are_kept(qtbot: Any) -> None:
    first = a_window(qtbot, Settings())
    first.resize(1100, 700)
    first.show_tab("publish")
    first.sidebar.hide()
    again = a_window(qtbot, first.remembered())
    assert (again.width(), again.height()) == (1100, 700)
    assert again.tab == "publish"
    assert again.sidebar.isHidden()


def test_the_first_time_it_has_the_size_of_the_design(qtbot: Any) -> None:
    window = a_window(qtbot, Settings())
    assert (window.width(), window.height()) == (1280, 820)
    assert (window.minimumWidth(), window.minimumHeight()) == (1024, 640)


@pytest.mark.parametrize("geometry", ["nonsense", "AAAA", "ÄÖÜ"])
def test_a_place_that_cannot_be_read_is_as_the_first_time(qtbot: Any, geometry: str) -> None:
    window = a_window(qtbot, Settings(geometry=geometry))
    assert (window.width(), window.height()) == (1280, 820)


def test_the_environment_is_remembered_before_it_is_known(qtbot: Any) -> None:
    window = a_window(qtbot, Settings(environment="payroll"))
    assert window.remembered().environment == "payroll"


def test_without_the_sidebar_the_main_menu_is_in_the_header(qtbot: Any) -> None:
    window = a_window(qtbot, Settings(sidebar=False))
    window.show()
    assert window.header.menu_button.isVisible()
    window.show_sidebar(True)
    assert not window.header.menu_button.isVisible()


PROGRAM = """
import json, sys
from PySide6.QtCore import QEventLoop, QTimer
from autosky_desktop.store.store import Store
from autosky_desktop.system.clock import now
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.theme import theme
qt = Application(["test", *theme.ARGUMENTS])
theme.install(qt)
window = MainWindow(Store(), now)
window.remember(Settings(geometry=sys.argv[1]))
if moved := sys.argv[2:]:
    window.move(*map(int, moved))
qt.show_first(window)
there = window.geometry()
place = [there.x(), there.y(), there.right(), there.bottom()]
print(json.dumps(place), window.remembered().geometry)
"""


def opened_on(
    width: int,
    height: int,
    folder: Path,
    geometry: str = "",
    *moved: int,
    screens: int = 1,
    first: int = 0,
) -> tuple[list[int], str]:
    """Left, top, right and bottom of the window on a screen of that size, and what is kept.

    `moved`: where it is moved to. `screens` of that size stand side by side, from the `first` on.
    """
    there = [
        {"name": f"screen {place}", "x": place * width, "y": 0, "width": width, "height": height,
         "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for place in sorted(range(first, first + screens), key=bool)
    ]  # fmt: skip
    file = folder / f"{width}.json"
    file.write_text(json.dumps({"screens": there}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}"}
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, geometry, *map(str, moved)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    place, _, kept = said.strip().rpartition(" ")
    return json.loads(place), kept


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (1366, 768), (960, 540)])
def test_the_first_window_fits_the_screen_that_is_there(
    tmp_path: Path, width: int, height: int
) -> None:
    (left, top, right, bottom), _ = opened_on(width, height, tmp_path)
    assert 0 <= left < right < width
    assert 0 <= top < bottom < height
    assert right - left + 1 == min(1280, width - 8)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (960, 540)])
def test_a_window_of_a_larger_screen_comes_back_within_a_smaller_one(
    tmp_path: Path, width: int, height: int
) -> None:
    _, kept = opened_on(2560, 1440, tmp_path)
    (left, top, right, bottom), _ = opened_on(width, height, tmp_path, kept)
    assert 0 <= left < right < width
    assert 0 <= top < bottom < height


def test_a_window_on_a_screen_that_was_unplugged_comes_back_on_the_one_that_is_left(
    tmp_path: Path,
) -> None:
    (left, *_), kept = opened_on(1920, 1080, tmp_path, "", 2200, 100, screens=2)
    assert left >= 1920
    (left, top, right, bottom), _ = opened_on(1920, 1080, tmp_path, kept)
    assert 0 <= left < right < 1920
    assert 0 <= top < bottom < 1080


def test_it_goes_back_to_a_screen_that_is_there_again_unless_somebody_moved_it(
    tmp_path: Path,
) -> None:
    there, kept = opened_on(1920, 1080, tmp_path, "", 2200, 100, screens=2)
    _, without = opened_on(1920, 1080, tmp_path, kept)
    _, twice = opened_on(1920, 1080, tmp_path, without)
    assert opened_on(1920, 1080, tmp_path, twice, screens=2)[0] == there
    moved, elsewhere = opened_on(1920, 1080, tmp_path, kept, 300, 90)
    assert opened_on(1920, 1080, tmp_path, elsewhere, screens=2)[0] == moved


def test_it_comes_back_on_a_screen_at_the_left(tmp_path: Path) -> None:
    there, kept = opened_on(1920, 1080, tmp_path, "", -1700, 90, screens=2, first=-1)
    again, _ = opened_on(1920, 1080, tmp_path, kept, screens=2, first=-1)
    assert there[0] < -1600
    # screens in memory move a window at the left of the first one by its frame
    assert again == [there[0] + 2, there[1], there[2] + 2, there[3]]


def described(left: int, top: int, width: int, height: int, *, filling: bool = False) -> str:
    """A window's place as Qt describes it."""
    place = struct.pack(">4i", left, top, left + width - 1, top + height - 1)
    state = struct.pack(">iBBi", 0, filling, False, 1920)
    whole = struct.pack(">IHH", 0x1D9D0CB, 3, 0) + place + place + state + place
    return base64.b64encode(whole).decode()


@pytest.mark.parametrize(
    "kept",
    [
        described(-32_000, -32_000, 160, 28),
        described(100, 100, 0, 0),
        described(0, 0, 100_000, 100_000),
        described(5_000, 4_000, 1280, 820),
        described(100, -500, 1280, 820),
        described(5 - 2**31, 5 - 2**31, 2**30, 2**30),
    ],
)
def test_a_place_that_cannot_be_is_made_one_that_can(tmp_path: Path, kept: str) -> None:
    (left, top, right, bottom), _ = opened_on(1920, 1080, tmp_path, kept)
    assert 0 <= left < left + 1023 <= right < 1920
    assert 0 <= top < top + 639 <= bottom < 1080


def test_a_window_that_filled_a_screen_has_its_own_size_afterwards(qtbot: Any) -> None:
    window = a_window(qtbot, Settings(geometry=described(10, 20, 1100, 700, filling=True)))
    assert window.isMaximized()
    again = a_window(qtbot, window.remembered())
    again.showNormal()
    assert (again.width(), again.height()) == (1100, 700)


def test_a_window_that_was_moved_in_and_then_fills_the_screen_is_kept_so(qtbot: Any) -> None:
    kept = described(5_000, 4_000, 1280, 820)
    window = a_window(qtbot, Settings(geometry=kept))
    assert window.remembered().geometry == kept
    window.setWindowState(Qt.WindowState.WindowMaximized)
    assert window.remembered().geometry != kept


def test_a_place_that_no_screen_can_have_is_not_kept(qtbot: Any) -> None:
    kept = described(5 - 2**31, 5 - 2**31, 2**30, 2**30)
    assert a_window(qtbot, Settings(geometry=kept)).remembered().geometry != kept
