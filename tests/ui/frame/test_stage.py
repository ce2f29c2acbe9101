"""Pages that are turned, and gone before they are painted."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.frame.page import Stage


def test_a_page_that_is_gone_before_it_is_painted_gives_way_to_the_one_beneath(
    qtbot: QtBot,
) -> None:
    stage, beneath, gone = Stage(), QLabel("beneath"), QLabel("gone")
    qtbot.addWidget(stage)
    stage.addWidget(beneath)
    stage.addWidget(gone)
    stage.show()
    stage.turn_to(gone)
    assert not stage.updatesEnabled()
    stage.removeWidget(gone)
    gone.setParent(None)
    gone.deleteLater()
    qtbot.waitUntil(stage.updatesEnabled)
    assert stage.currentWidget() is beneath


def test_a_stage_that_loses_its_last_page_is_painted_all_the_same(qtbot: QtBot) -> None:
    stage, first, last = Stage(), QLabel("first"), QLabel("last")
    qtbot.addWidget(stage)
    stage.addWidget(first)
    stage.addWidget(last)
    stage.show()
    stage.turn_to(last)
    for page in (first, last):
        stage.removeWidget(page)
    qtbot.waitUntil(stage.updatesEnabled)
    assert stage.currentWidget() is None
