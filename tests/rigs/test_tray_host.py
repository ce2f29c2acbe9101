"""The panel of the rig: an icon comes, its menu is read, and what is clicked is done."""

import sys
from pathlib import Path

from tests.support.program import Desk
from tests.support.tray import MenuLine, Tray
from tests.support.waiting import eventually

PROGRAM = [sys.executable, str(Path(__file__).with_name("icon_in_the_tray.py"))]
ICON = "icon-in-the-tray"


def test_a_menu_is_read_and_clicked_by_its_labels(desk: Desk, tray: Tray) -> None:
    assert tray.icons() == []
    with desk.running(PROGRAM, QT_QPA_PLATFORM="xcb") as program:
        assert tray.sees(ICON).tip == ""
        assert tray.picture(ICON)
        assert tray.menu(ICON) == [
            MenuLine("ERP Production", True, (MenuLine("Extend 1 h", True),)),
            MenuLine("Nothing", False),
            MenuLine("Quit", True),
        ]
        tray.click("ERP Production", "Extend 1 h", icon=ICON)
        eventually(lambda: tray.sees(ICON).tip == "extended")
        tray.activate(ICON)
        eventually(lambda: tray.sees(ICON).tip == "Trigger")
        tray.click("Quit", icon=ICON)
        assert program.wait(10) == 0
        eventually(lambda: tray.icons() == [])
