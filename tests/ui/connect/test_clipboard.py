"""A copied password leaves the clipboard by itself, and takes nothing else along."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.ui.connect.clipboard import CLEARED_AFTER, HINTS, SecretClipboard
from tests.support.person import Person

MARKER = "M4rker-ñ-🔑"


@pytest.fixture
def copying(qapp: object) -> Iterator[SecretClipboard]:
    clipboard = SecretClipboard()
    yield clipboard
    clipboard.clear()
    QGuiApplication.clipboard().clear()


def text() -> str:
    return QGuiApplication.clipboard().text()


def test_it_is_there_for_thirty_seconds(copying: SecretClipboard) -> None:
    copying.copy(Secret(MARKER))
    assert text() == MARKER
    assert copying._timer.isActive()
    assert copying._timer.interval() == CLEARED_AFTER == 30_000


async def test_it_is_taken_away_by_itself(qloop: object) -> None:
    copying = SecretClipboard(after=1)
    told: list[bool] = []
    copying.cleared.connect(lambda: told.append(True))
    copying.copy(Secret(MARKER))
    await Person().until(lambda: told, "an empty clipboard")
    assert text() == ""


def test_what_was_copied_after_it_stays(copying: SecretClipboard) -> None:
    copying.copy(Secret(MARKER))
    QGuiApplication.clipboard().setText("203.0.113.24")
    copying.clear()
    assert text() == "203.0.113.24"


def test_the_same_text_from_somewhere_else_stays(copying: SecretClipboard) -> None:
    copying.copy(Secret(MARKER))
    QGuiApplication.clipboard().setText(MARKER)
    copying.clear()
    assert text() == MARKER


def test_a_second_one_has_all_its_time(copying: SecretClipboard) -> None:
    copying.copy(Secret("first"))
    copying.copy(Secret(MARKER))
    assert text() == MARKER
    copying.clear()
    assert text() == ""
    assert not copying._timer.isActive()


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_histories_are_asked_to_leave_it_out(
    copying: SecretClipboard, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    copying.copy(Secret(MARKER))
    data = QGuiApplication.clipboard().mimeData()
    assert HINTS[system]
    for kind, value in HINTS[system].items():
        assert data.data(kind).data() == value
