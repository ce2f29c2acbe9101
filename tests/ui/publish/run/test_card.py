"""The card of what runs, in the smallest window: nothing of it reaches past the page's edge."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from autosky_desktop.domain.publication import STEPS
from autosky_desktop.ui.publish.run.card import RunningCard
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.status import StatusPill
from tests.support.evening import LIVE, a_publication, ago
from tests.support.publishing import NOW
from tests.ui.publish.history.test_history import a_past

ROOM = 760
"""Pixels of a card in a window of 1024."""


def card(qtbot: QtBot, state: str, step: int, seconds: int) -> RunningCard:
    """Of a run that began so many seconds ago, after five that took a quarter of an hour."""
    steps = ["succeeded"] * step + [state] + ["pending"] * (len(STEPS) - step - 1)
    run = a_publication(
        *steps, id="now", version=12345, state=state, requested_at=ago(seconds),
        started_at=ago(seconds), ended_at=None if state == "running" else ago(1),
    )  # fmt: skip
    shown = RunningCard(lambda _run: "", lambda: NOW)
    qtbot.addWidget(shown)
    shown.set_narrow(True)
    shown.show_runs([run, *map(a_past, range(5))], LIVE)
    shown.resize(ROOM, shown.sizeHint().height())
    shown.show()
    QApplication.processEvents()
    return shown


@pytest.mark.parametrize("step", range(len(STEPS)))
@pytest.mark.parametrize("state", ["running", "failed"])
@pytest.mark.parametrize("seconds", [120, 7200])
def test_it_has_room(qtbot: QtBot, state: str, step: int, seconds: int) -> None:
    shown = card(qtbot, state, step, seconds)
    assert shown.minimumSizeHint().width() <= ROOM
    pill = shown.findChild(StatusPill)
    assert isinstance(pill, StatusPill)
    is_cut = pill.width() < pill.sizeHint().width()
    assert (pill.text() in pill.toolTip()) == is_cut
    assert pill.width() >= 96, "the number of the step is seen"


def test_the_state_names_its_step_while_the_steps_are_folded(qtbot: QtBot) -> None:
    shown = card(qtbot, "running", 2, 120)
    pill = shown.findChild(StatusPill)
    assert isinstance(pill, StatusPill)
    [story] = [it for it in shown.findChildren(ElidedLabel) if it.text().startswith("Started ")]
    assert (pill.text(), story.isHidden()) == ("Step 3 of 6: Image creation", True)
    press("Show steps", shown)
    assert (pill.text(), story.isHidden()) == ("Step 3 of 6", False)
    press("Hide steps", shown)
    assert (pill.text(), story.isHidden()) == ("Step 3 of 6: Image creation", True)


def test_nobody_has_to_say_that_there_is_room(qtbot: QtBot) -> None:
    shown = RunningCard(lambda _run: "", lambda: NOW)
    qtbot.addWidget(shown)
    shown.show_runs([a_publication("running", state="running", ended_at=None)], LIVE)
    assert "Show details" in {button.text() for button in offered(shown)}
    shown.set_narrow(True)
    assert "Show details" not in {button.text() for button in offered(shown)}


def offered(shown: RunningCard) -> list[Button]:
    return [button for button in shown.findChildren(Button) if not button.isHidden()]


def press(text: str, shown: RunningCard) -> None:
    next(button for button in offered(shown) if button.text() == text).click()
