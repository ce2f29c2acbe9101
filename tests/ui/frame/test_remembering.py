"""The window comes back as it was left."""

from typing import Any

import pytest

from autosky_desktop.store.store import Store
from autosky_desktop.system.clock import now
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.frame.window import MainWindow


def a_window(qtbot: Any, kept: Settings) -> MainWindow:
    window = MainWindow(Store(), now)
    qtbot.addWidget(window)
    window.remember(kept)
    return window


def test_size_tab_and_sidebar_are_kept(qtbot: Any) -> None:
    first = a_window(qtbot, Settings())
    first.resize(1024, 700)  # no wider: the screen of these tests is small
    first.show_tab("publish")
    first.sidebar.hide()
    again = a_window(qtbot, first.remembered())
    assert (again.width(), again.height()) == (1024, 700)
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
