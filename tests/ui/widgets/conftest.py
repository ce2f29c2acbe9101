import pytest

from autosky_desktop.ui.theme import theme


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["autosky-desktop", *theme.ARGUMENTS]


@pytest.fixture(autouse=True)
def look(dressed: theme.Theme) -> theme.Theme:
    """Widgets are made after the theme, as in the application."""
    return dressed
