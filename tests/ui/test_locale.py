"""Qt's calendars speak the language of the words, whatever the computer's own is."""

import pytest
from PySide6.QtCore import QLocale

from autosky_desktop.ui.speaking import locale_of

SHORT = QLocale.FormatType.ShortFormat


@pytest.mark.parametrize(
    ("code", "here", "day", "first"),
    [
        ("en", "pt_BR", "Tue", 7),
        ("en", "en_GB", "Tue", 1),
        ("pt_BR", "en_GB", "ter.", 7),
        ("es", "es_AR", "mar", 1),
        ("en", "C", "Tue", 1),
    ],
)
def test_a_calendar_speaks_our_language_and_keeps_the_week_of_the_country(
    code: str, here: str, day: str, first: int
) -> None:
    locale = locale_of(code, QLocale(here))
    assert locale.dayName(2, SHORT) == day
    assert locale.firstDayOfWeek().value == first
