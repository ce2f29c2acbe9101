import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from autosky_desktop.ui.theme import theme
from tests.support.person import Person


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> None:
    theme.install(qapp)


@pytest.fixture
def me() -> Person:
    return Person(patience=5)


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wherever the tests run, the clocks on the wall show these times."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
