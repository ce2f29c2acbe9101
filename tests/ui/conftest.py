import pytest
from PySide6.QtWidgets import QApplication

from autosky_desktop.ui.theme import theme
from tests.support.person import Person


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> theme.Theme:
    return theme.install(qapp)


@pytest.fixture
def me() -> Person:
    return Person()


@pytest.fixture
def quits(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Grows when the application is asked to quit."""
    asked: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda: asked.append(True))
    return asked
