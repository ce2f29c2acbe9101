"""What users are told, with the words in braces filled in."""

import pytest

from autosky_desktop.domain.plan import rendered, unknown


@pytest.mark.parametrize(
    ("text", "minutes", "said"),
    [
        ("You have {minutes} minutes.", 10, "You have 10 minutes."),
        ("You have {minutes} minutes.", 1, "You have 1 minute."),
        ("Faltam {minutes} minutos", 1, "Faltam 1 minuto"),
        ("{minutes} MINUTES left", 1, "1 MINUTE left"),
        ("in {minutes} min", 1, "in 1 min"),
        ("in {minutes} minutes-long steps", 1, "in 1 minute-long steps"),
        ("{version} at {time}, {what}", 5, "42 at 19:00, {what}"),
    ],
)
def test_words_are_filled_in_and_one_minute_is_no_plural(
    text: str, minutes: int, said: str
) -> None:
    assert rendered(text, minutes=minutes, version=42, time="19:00") == said


def test_words_that_nothing_fills_in_are_known_beforehand() -> None:
    assert unknown("{minutes} {when} {}") == ["when", ""]
